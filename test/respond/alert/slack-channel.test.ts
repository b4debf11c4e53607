import { afterEach, describe, expect, it } from 'vitest';
import { InputError } from '../../../src/model/errors.ts';
import { slackChannel } from '../../../src/respond/alert/slack-channel.ts';
import { slackMessage } from '../../../src/respond/alert/slack-message.ts';
import { parseWebhook } from '../../../src/respond/alert/slack-webhook.ts';
import type { SendResult } from '../../../src/respond/channel.ts';
import { alertOf } from './build.ts';
import { type Answer, SECRET, type SlackServer, slackServer } from './slack-server.ts';

const OK: Answer = { status: 200, body: 'ok' };

let server: SlackServer | null = null;
afterEach(() => server?.close());

/** Sends one alert to a server with these answers. */
async function send(...answers: readonly (Answer | 'hang' | 'drop')[]) {
  const started = await slackServer(...answers);
  server = started;
  const sleeps: number[] = [];
  const channel = slackChannel({
    webhook: async () => started.webhook,
    sleep: async (ms) => void sleeps.push(ms),
    // Only an answer that never comes needs a short wait.
    timeoutMs: answers.includes('hang') ? 300 : 20_000,
  });
  const result = await channel.send(alertOf());
  return { result, sleeps, posts: started.posts };
}

function failed(failure: string, retryable: boolean): SendResult {
  return { ok: false, retryable, failure };
}

describe('an answer of Slack', () => {
  it('200 ok: delivered, with exactly the rendered message', async () => {
    const { result, posts } = await send(OK);
    expect(result).toEqual({ ok: true });
    expect(posts).toEqual([JSON.parse(JSON.stringify(slackMessage(alertOf())))]);
  });

  it.each<[string, Answer, SendResult]>([
    ['200 with an error text', { status: 200, body: 'no_service' }, failed('slack-no_service', false)],
    ['200 with something else', { status: 200, body: '<html>' }, failed('slack-unexpected-answer', false)],
    ['400 invalid_blocks', { status: 400, body: 'invalid_blocks' }, failed('slack-invalid_blocks', false)],
    [
      '403 action_prohibited',
      { status: 403, body: 'action_prohibited' },
      failed('slack-action_prohibited', false),
    ],
    ['403 of a proxy', { status: 403, body: '<h1>Blocked</h1>' }, failed('slack-http-403', false)],
    ['404 no_service', { status: 404, body: 'no_service' }, failed('slack-no_service', false)],
    [
      '410 channel_is_archived',
      { status: 410, body: 'channel_is_archived' },
      failed('slack-channel_is_archived', false),
    ],
    [
      '500 that lasts',
      { status: 500, body: 'messages_tab_disabled' },
      failed('slack-messages_tab_disabled', false),
    ],
    [
      'a redirect',
      { status: 302, body: '', headers: { location: 'http://127.0.0.1:1/' } },
      failed('slack-network', true),
    ],
  ])('%s', async (_, answer, expected) => {
    const { result, posts } = await send(answer);
    expect(result).toEqual(expected);
    if (!expected.ok && !expected.retryable) expect(posts).toHaveLength(1);
  });
});

describe('what may pass is tried again', () => {
  it('500, then ok', async () => {
    const { result, posts } = await send({ status: 500, body: 'server_error' }, OK);
    expect(result).toEqual({ ok: true });
    expect(posts).toHaveLength(2);
  });

  it('500 three times: left to the next tick', async () => {
    const { result, posts, sleeps } = await send({ status: 500, body: 'rollup_error' });
    expect(result).toEqual(failed('slack-http-500', true));
    expect(posts).toHaveLength(3);
    expect(sleeps).toEqual([500, 1000]);
  });

  it('429 with Retry-After: waits exactly as told', async () => {
    const { result, sleeps } = await send(
      { status: 429, body: 'rate_limited', headers: { 'retry-after': '2' } },
      OK,
    );
    expect(result).toEqual({ ok: true });
    expect(sleeps).toEqual([2000]);
  });

  it('429 with a long Retry-After: left to the next tick', async () => {
    const { result, sleeps, posts } = await send({ status: 429, body: '', headers: { 'retry-after': '60' } });
    expect(result).toEqual(failed('slack-rate-limited', true));
    expect(sleeps).toEqual([]);
    expect(posts).toHaveLength(1);
  });

  it('429 without Retry-After: waits a little', async () => {
    const { result, sleeps } = await send({ status: 429, body: '' }, OK);
    expect(result).toEqual({ ok: true });
    expect(sleeps).toEqual([500]);
  });

  it('a dropped connection, then ok', async () => {
    const { result, posts } = await send('drop', OK);
    expect(result).toEqual({ ok: true });
    expect(posts).toHaveLength(2);
  });

  it('no answer in time: not at once, since it may have been posted', async () => {
    const { result, posts } = await send('hang');
    expect(result).toEqual(failed('slack-timeout', true));
    expect(posts).toHaveLength(1);
  });

  it('nobody listens', async () => {
    const channel = slackChannel({
      webhook: async () => `http://127.0.0.1:9/services/${SECRET}`,
      sleep: async () => undefined,
    });
    expect(await channel.send(alertOf())).toEqual(failed('slack-network', true));
  });
});

describe('a webhook that cannot be used', () => {
  it('a secret that may not be read needs a person', async () => {
    const denied = Object.assign(new Error('no'), {
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 400 },
    });
    const channel = slackChannel({ webhook: () => Promise.reject(denied), sleep: async () => undefined });
    expect(await channel.send(alertOf())).toEqual(failed('slack-secret-AccessDeniedException', false));
  });

  it('a secret that is no webhook needs a person', async () => {
    const channel = slackChannel({
      webhook: async () => parseWebhook('nonsense', 'x'),
      sleep: async () => undefined,
    });
    expect(await channel.send(alertOf())).toEqual(failed('slack-webhook-unusable', false));
  });
});

describe('webhook URLs', () => {
  const url = `https://hooks.slack.com/services/${SECRET}`;

  it.each([
    ['as it is', url],
    ['with white space around it', ` ${url}\n`],
    ['as a secret made in the web console', JSON.stringify({ name: 'ops', url })],
  ])('%s', (_, text) => {
    expect(parseWebhook(text, 'X')).toBe(url);
  });

  it.each([
    ['', 'X is empty'],
    ['hooks.slack.com/services/T/B/x', 'X holds no URL'],
    ['http://hooks.slack.com/services/T/B/x', 'X holds no https:// URL'],
    ['{"token":"xoxb-1"}', 'X holds no URL'],
    ['https://hooks.slack.com/triggers/T/1/x', 'X holds a Slack workflow trigger'],
  ])('refuses %s without repeating it', (text, message) => {
    let problem: unknown;
    try {
      parseWebhook(text, 'X');
    } catch (error) {
      problem = error;
    }
    expect(problem).toBeInstanceOf(InputError);
    expect(String(problem)).toContain(message);
    if (text !== '') expect(String(problem)).not.toContain(text);
  });
});

describe('the webhook is a secret', () => {
  it.each<[string, readonly (Answer | 'hang' | 'drop')[]]>([
    ['a refusal', [{ status: 404, body: 'no_service' }]],
    ['a refusal that repeats the path', [{ status: 404, body: `no such hook: ${SECRET}` }]],
    ['an error page', [{ status: 502, body: `<html>${SECRET}</html>` }]],
    ['a timeout', ['hang']],
    ['a dropped connection', ['drop']],
  ])('%s: no part of it is in the result', async (_, answers) => {
    const { result } = await send(...answers);
    expect(JSON.stringify(result)).not.toMatch(/secret(?!-)/i);
  });

  it('is in no part of the message', async () => {
    const { posts } = await send(OK);
    expect(JSON.stringify(posts)).not.toContain('SECRET');
  });
});

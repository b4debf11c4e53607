import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Io } from '../../../src/cli/io.ts';
import { run } from '../../../src/cli/program.ts';
import { parseConfig } from '../../../src/model/config-problems.ts';
import { orders } from '../../observe/aws/account.ts';
import { ACCOUNT, fakeAws } from '../../observe/aws/fake-aws.ts';
import { serveFake } from '../../observe/aws/serve-fake.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { fakeIo } from '../fake-io.ts';
import { scriptedQuestions } from './scripted-questions.ts';

const TOPIC = `arn:aws:sns:us-east-1:${ACCOUNT}:alerts`;
const SECRET = `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:slack-AbCdEf`;

let folder = '';
let file = '';
beforeEach(() => {
  folder = temporaryFolder('init');
  file = join(folder, 'firebreak.config.json');
});
afterEach(() => vi.unstubAllEnvs());

/** `firebreak init` of a fake account. */
async function init(args: readonly string[], io: Partial<Io> = {}) {
  const aws = fakeAws(orders());
  const endpoint = await serveFake(aws);
  return initAt(['--region', 'us-east-1', '--endpoint-url', endpoint, ...args], io);
}

async function initAt(args: readonly string[], overrides: Partial<Io> = {}) {
  const io = fakeIo(overrides);
  const code = await run(['init', '--config', file, ...args], io);
  return { code, out: io.out().replaceAll(folder, '<folder>'), err: io.err().replaceAll(folder, '<folder>') };
}

const written = () => JSON.parse(readFileSync(file, 'utf8'));
const asking = (answers: Parameters<typeof scriptedQuestions>[0]) => {
  const questions = scriptedQuestions(answers);
  return { asked: questions.asked, io: { questions: async () => questions } };
};

describe('firebreak init --yes', () => {
  it('writes a configuration that is usable, and says how to go on', async () => {
    const { code, out, err } = await init(['--yes']);
    expect(code).toBe(0);
    expect(written()).toEqual({ pageUsd: 1 });
    expect(out).toContain('wrote <folder>/firebreak.config.json');
    expect(out).toContain('AWS_REGION=us-east-1 npx cdk deploy\n');
    expect(err).toContain(`account ${ACCOUNT}, us-east-1, as arn:aws:iam::${ACCOUNT}:user/me`);
    expect(err).toContain('permissions: 13 of 13 read calls work');
    expect(err).toMatch(/watching 1 function and 2 queues costs about \$\d/);
  });

  it('takes every answer from the options', async () => {
    const args = [
      '--page-usd',
      '5',
      '--sns-topic',
      TOPIC,
      '--kill-mode',
      'auto',
      '--protect',
      'payments, ledger',
    ];
    const { out } = await init(['--yes', ...args, '--alert-emails', 'a@example.com,b@example.com']);
    expect(written()).toEqual({
      pageUsd: 5,
      kill: { mode: 'auto', protect: ['payments', 'ledger'] },
      notify: { snsTopicArn: TOPIC },
    });
    expect(parseConfig(written()).ok).toBe(true);
    expect(out).toContain(
      'npx cdk deploy -c alertEmails=a@example.com,b@example.com -c pageUsd=5 -c killMode=auto -c protect=payments,ledger',
    );
  });

  it('leaves a file alone that exists', async () => {
    writeFileSync(file, '{"pageUsd": 7}');
    const { code, err } = await init(['--yes']);
    expect(code).toBe(3);
    expect(err).toContain('exists and was left alone');
    expect(written()).toEqual({ pageUsd: 7 });
  });

  it.each([
    [['--page-usd', 'much'], 'init: pageUsd: must be a number'],
    [['--sns-topic', 'alerts'], 'init: notify.snsTopicArn: must start with "arn:"'],
    [['--kill-mode', 'always'], 'Allowed choices are off, observe, approve, auto'],
  ])('%j: exit code 2, nothing is written', async (args, message) => {
    const { code, err } = await initAt(['--yes', ...args]);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(existsSync(file)).toBe(false);
  });

  it('a folder that there is not: exit code 2, before anything is asked', async () => {
    const { io, asked } = asking({});
    const { code, err } = await initAt(['--config', join(folder, 'none', 'x.json')], io);
    expect(code).toBe(2);
    expect(err).toBe('firebreak: --config: no such folder: <folder>/none\n');
    expect(asked).toEqual([]);
  });

  it('says what it could not check without credentials, and writes all the same', async () => {
    vi.stubEnv('AWS_REGION', '');
    vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent');
    const { code, out, err } = await initAt(['--yes']);
    expect(code).toBe(0);
    expect(err).toContain('not checked: AWS GetCallerIdentity: no region is set; pass --region');
    expect(err).toContain('not checked: permissions, and what watching this account costs');
    expect(out).toMatch(/ npx cdk deploy\n/);
    expect(existsSync(file)).toBe(true);
  });

  it('--json prints one document', async () => {
    const { out } = await init(['--json', '--slack-secret', SECRET]);
    expect(JSON.parse(out)).toMatchObject({
      format: 'firebreak-init/1',
      settings: { notify: { slackWebhookSecretArn: SECRET } },
      account: ACCOUNT,
      region: 'us-east-1',
      permissions: [{ id: 'permissions', state: 'ok' }],
      forecast: { functions: 1, queues: 2, usdPerMonth: expect.any(Number) },
      unchecked: [],
      deploy: `AWS_REGION=us-east-1 npx cdk deploy -c slackSecretArn=${SECRET}`,
    });
  });
});

describe('firebreak init, asking', () => {
  it('the suggestions are the defaults', async () => {
    const { io, asked } = asking({ Audit: false });
    const { code } = await init([], io);
    expect(code).toBe(0);
    expect(written()).toEqual({ pageUsd: 1 });
    expect(asked).toHaveLength(5);
  });

  it('answers become settings', async () => {
    const { io } = asking({
      Wake: '2.5',
      Where: 'sns',
      'ARN of the topic': ` ${TOPIC} `,
      May: 'observe',
      Functions: 'payments',
      Mail: 'oncall@example.com',
      Audit: false,
    });
    const { out } = await init([], io);
    expect(written()).toEqual({
      pageUsd: 2.5,
      kill: { mode: 'observe', protect: ['payments'] },
      notify: { snsTopicArn: TOPIC },
    });
    expect(out).toContain(
      '-c alertEmails=oncall@example.com -c pageUsd=2.5 -c killMode=observe -c protect=payments',
    );
  });

  it.each([
    ['Wake', 'much', 'pageUsd: must be a number'],
    ['Mail', 'nobody', 'no mail address'],
  ])('%s: "%s" is refused', async (question, answer, message) => {
    const { io } = asking({ [question]: answer });
    expect((await init([], io)).err).toContain(message);
  });

  it('runs the first audit where it is wanted', async () => {
    const { io } = asking({ Audit: true });
    const { err } = await init([], io);
    expect(err).toContain(`reading account ${ACCOUNT} in us-east-1`);
  });

  it.each([
    [true, 1],
    [false, 7],
  ])('a file that exists is replaced only by consent: %s', async (consent, pageUsd) => {
    writeFileSync(file, '{"pageUsd": 7}');
    const { io } = asking({ [file]: consent, Audit: false });
    const { code } = await init([], io);
    expect(code).toBe(consent ? 0 : 3);
    expect(written()).toEqual({ pageUsd });
  });

  it.each(['Wake', 'Where', 'May', 'Mail'])('giving up at "%s" writes nothing', async (question) => {
    const { io } = asking({ [question]: null });
    const { code, err } = await init([], io);
    expect(code).toBe(3);
    expect(err).toContain('init: interrupted; nothing was written');
    expect(existsSync(file)).toBe(false);
  });

  it('without a terminal it does not guess: exit code 2', async () => {
    const { code, err } = await initAt([]);
    expect(code).toBe(2);
    expect(err).toContain('pass --yes for the defaults');
  });
});

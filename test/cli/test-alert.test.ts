import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListSubscriptionsByTopicCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/program.ts';
import { type Answer, type SlackServer, slackServer } from '../respond/alert/slack-server.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { fakeIo } from './fake-io.ts';

const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:alerts';
const SECRET_ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack-AbCdEf';
const OK: Answer = { status: 200, body: 'ok' };
const GONE: Answer = { status: 404, body: 'no_service' };

const sns = mockClient(SNSClient);
const secrets = mockClient(SecretsManagerClient);
let folder = '';
let slack: SlackServer | null = null;

beforeEach(() => {
  folder = temporaryFolder('test-alert');
  sns.reset();
  secrets.reset();
});
afterEach(() => slack?.close());

/** Runs `firebreak test-alert` with these `notify` settings. */
async function testAlert(options: {
  readonly args?: readonly string[];
  readonly notify?: object;
  readonly slackAnswer?: Answer;
  readonly env?: Record<string, string>;
}) {
  const config = join(folder, 'firebreak.config.json');
  writeFileSync(config, JSON.stringify({ notify: options.notify ?? {} }));
  if (options.slackAnswer !== undefined) slack = await slackServer(options.slackAnswer);
  const webhook = options.slackAnswer === undefined ? {} : { FIREBREAK_SLACK_WEBHOOK_URL: slack?.webhook };
  const io = fakeIo({ env: { ...webhook, ...options.env } });
  const code = await run(['test-alert', '--config', config, ...(options.args ?? [])], io);
  expect(io.out() + io.err()).not.toMatch(/T0SECRET|verysecret/);
  return { code, out: io.out(), err: io.err() };
}

function listeners(...protocols: readonly string[]) {
  sns.on(PublishCommand).resolves({ MessageId: '1' });
  sns.on(ListSubscriptionsByTopicCommand).resolves({
    Subscriptions: protocols.map((Protocol, index) =>
      Protocol === 'pending'
        ? { Protocol: 'email', SubscriptionArn: 'PendingConfirmation' }
        : { Protocol, SubscriptionArn: `${TOPIC}:${index}` },
    ),
  });
}

describe('every configured channel gets the sample', () => {
  it('Slack: clearly marked as a test', async () => {
    const { code, out } = await testAlert({ slackAnswer: OK });
    expect({ code, out }).toEqual({ code: 0, out: 'slack: delivered\n' });
    expect(JSON.stringify(slack?.posts)).toContain('TEST nothing is wrong');
  });

  it('Slack by a secret', async () => {
    const server = await slackServer(OK);
    secrets.on(GetSecretValueCommand, { SecretId: SECRET_ARN }).resolves({ SecretString: server.webhook });
    const { code, out } = await testAlert({ notify: { slackWebhookSecretArn: SECRET_ARN } });
    await server.close();
    expect({ code, out }).toEqual({ code: 0, out: 'slack: delivered\n' });
    expect(server.posts).toHaveLength(1);
  });

  it('SNS: says who listens, and who has not confirmed', async () => {
    listeners('email', 'email', 'sqs', 'pending');
    const { code, out } = await testAlert({ notify: { snsTopicArn: TOPIC } });
    expect({ code, out }).toEqual({
      code: 0,
      out: 'sns: published to 2 email, 1 sqs; 1 not confirmed yet\n',
    });
    const { input } = sns.commandCalls(PublishCommand)[0]?.args[0] ?? { input: null };
    expect(input).toMatchObject({
      TopicArn: TOPIC,
      MessageAttributes: { transition: { StringValue: 'test' } },
    });
  });

  it('SNS without the permission to list subscriptions', async () => {
    sns.on(PublishCommand).resolves({});
    sns.on(ListSubscriptionsByTopicCommand).rejects(new Error('denied'));
    const { code, out } = await testAlert({ notify: { snsTopicArn: TOPIC } });
    expect({ code, out }).toEqual({ code: 0, out: 'sns: published; who is subscribed could not be read\n' });
  });

  it('only the one that is named', async () => {
    const { code, out } = await testAlert({
      args: ['--channel', 'slack'],
      notify: { snsTopicArn: TOPIC },
      slackAnswer: OK,
    });
    expect({ code, out }).toEqual({ code: 0, out: 'slack: delivered\n' });
    expect(sns.commandCalls(PublishCommand)).toHaveLength(0);
  });

  it('the console needs no configuration', async () => {
    const { code, out } = await testAlert({ args: ['--channel', 'console'] });
    expect(code).toBe(0);
    expect(out).toContain('TEST nothing is wrong (sample: sample-worker: retry loop');
    expect(out).toContain('console: delivered');
  });
});

describe('a channel that fails: exit code 4, and what to do', () => {
  it('Slack: the webhook was removed', async () => {
    const { code, out, err } = await testAlert({ slackAnswer: GONE });
    expect(code).toBe(4);
    expect(out).toBe('slack: FAILED, slack-no_service: the webhook was removed: create a new one\n');
    expect(err).toBe('firebreak: the sample alert did not get through on: slack\n');
  });

  it('one of two', async () => {
    listeners('email');
    const { code, out, err } = await testAlert({ notify: { snsTopicArn: TOPIC }, slackAnswer: GONE });
    expect(code).toBe(4);
    expect(out).toContain('sns: published to 1 email');
    expect(err).toContain('did not get through on: slack');
  });

  it.each([
    ['AuthorizationErrorException', 403, 'allow sns:Publish on the topic'],
    ['NotFoundException', 404, 'the topic does not exist in that account and region'],
    ['KMSAccessDeniedException', 400, 'allow kms:GenerateDataKey and kms:Decrypt on its key'],
    ['CredentialsProviderError', 0, 'no usable credentials'],
  ])('SNS: %s', async (name, httpStatusCode, hint) => {
    sns.on(PublishCommand).rejects(Object.assign(new Error('x'), { name, $metadata: { httpStatusCode } }));
    const { code, out } = await testAlert({ notify: { snsTopicArn: TOPIC } });
    expect(code).toBe(4);
    expect(out).toContain(`sns: FAILED, sns-${name}: `);
    expect(out).toContain(hint);
  });

  it('SNS: a topic that takes the message and has no confirmed subscriber', async () => {
    listeners('pending');
    const { code, out } = await testAlert({ notify: { snsTopicArn: TOPIC } });
    expect(code).toBe(4);
    expect(out).toBe(
      'sns: FAILED, sns-no-subscriber: nobody has confirmed a subscription to the topic: alerts go nowhere; 1 not confirmed yet\n',
    );
  });

  it('--json has it all in one document', async () => {
    listeners('email');
    const { code, out } = await testAlert({
      args: ['--json'],
      notify: { snsTopicArn: TOPIC },
      slackAnswer: GONE,
    });
    expect(code).toBe(4);
    expect(JSON.parse(out)).toEqual({
      format: 'firebreak-test-alert/1',
      ok: false,
      channels: [
        {
          channel: 'slack',
          ok: false,
          failure: 'slack-no_service',
          hint: 'the webhook was removed: create a new one',
        },
        {
          channel: 'sns',
          ok: true,
          failure: null,
          hint: '',
          subscriptions: { confirmed: { email: 1 }, pending: 0 },
        },
      ],
    });
  });
});

describe('nothing is configured: exit code 2, and what to set', () => {
  it.each([
    [[], 'no channel is configured: set the environment variable FIREBREAK_SLACK_WEBHOOK_URL'],
    [
      ['--channel', 'slack'],
      'slack is not configured: set the environment variable FIREBREAK_SLACK_WEBHOOK_URL',
    ],
    [['--channel', 'sns'], 'sns is not configured: set notify.snsTopicArn in firebreak.config.json'],
    [['--channel', 'pager'], 'Allowed choices are slack, sns, console'],
  ])('%j', async (args, message) => {
    const { code, out, err } = await testAlert({ args });
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(message);
  });

  it('a webhook variable without a webhook in it', async () => {
    const { code, err } = await testAlert({
      env: { FIREBREAK_SLACK_WEBHOOK_URL: 'hooks.slack.com/T0SECRET' },
    });
    expect(code).toBe(2);
    expect(err).toBe('firebreak: FIREBREAK_SLACK_WEBHOOK_URL holds no URL: it must be a Slack webhook URL\n');
  });
});

import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ListSubscriptionsByTopicCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertJson } from '../../../src/model/incident-json.ts';
import { eventBridgeChannel, eventBridgeEntry } from '../../../src/respond/alert/eventbridge-channel.ts';
import { snsChannel } from '../../../src/respond/alert/sns-channel.ts';
import { SNS_LIMITS, snsMessage } from '../../../src/respond/alert/sns-message.ts';
import { subscriptionsOf } from '../../../src/respond/alert/sns-subscriptions.ts';
import { alertOf, incidentOf, storyOfANight } from './build.ts';
import { hostileAlert } from './hostile.ts';

const TOPIC = 'arn:aws:sns:us-east-1:111122223333:alerts';
const night = storyOfANight();
const client = new SNSClient({ region: 'us-east-1' });

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** An error as the SDK throws it. */
function sdkError(name: string, status: number | null): Error {
  return Object.assign(new Error(`secret details of ${name}`), {
    name,
    $metadata: status === null ? {} : { httpStatusCode: status },
  });
}

describe('the SNS message', () => {
  const message = snsMessage(night.critical);

  it('has the headline as its subject', () => {
    expect(message.Subject).toBe('[firebreak] CRITICAL orders-worker: retry loop, wasting $61.30/h');
  });

  it('reads well as e-mail: short lines, the command and the links on lines of their own', () => {
    const lines = message.Message.split('\n');
    expect(lines).toContain('    firebreak kill orders-worker');
    expect(lines.filter((line) => line.length > 72 && !line.startsWith('https://'))).toEqual([]);
    expect(lines.filter((line) => line.startsWith('https://'))).toHaveLength(3);
  });

  it('has attributes to filter by', () => {
    const values = Object.entries(message.MessageAttributes).map(([name, { StringValue }]) => [
      name,
      StringValue,
    ]);
    expect(Object.fromEntries(values)).toMatchObject({
      severity: 'critical',
      transition: 'critical',
      detector: 'retry-loop',
      function: 'orders-worker',
      queue: 'orders',
      incidentId: 'retry-loop-orders-worker-20261101-0412',
      account: '111122223333',
      region: 'us-east-1',
    });
    expect(values).toHaveLength(9);
  });

  it('has the whole alert as JSON for machines', () => {
    const json = JSON.parse(message.MessageAttributes['alert']?.StringValue ?? '');
    expect(json).toEqual({ ...alertJson(night.critical), truncated: false });
  });

  it('leaves out attributes that say nothing', () => {
    const alert = alertOf({ incident: incidentOf({ functionName: null }) });
    expect(snsMessage(alert).MessageAttributes).not.toHaveProperty('function');
  });

  it('is within the limits, whatever the incident says', () => {
    fc.assert(
      fc.property(hostileAlert, (alert) => {
        const { Subject, Message, MessageAttributes } = snsMessage(alert);
        expect(Subject).toMatch(/^[\x20-\x7e]{1,99}$/);
        expect(Message).not.toMatch(/\p{Surrogate}|[^\P{Cc}\n]/u);
        const attributes = Object.entries(MessageAttributes);
        for (const [, { StringValue = '' }] of attributes) expect(StringValue).toMatch(/^\P{Cc}+$/u);
        expect(attributes.length).toBeLessThanOrEqual(10);
        const size = attributes.reduce(
          (sum, [name, { StringValue = '', DataType = '' }]) => sum + bytes(name + StringValue + DataType),
          bytes(Message) + bytes(Subject),
        );
        expect(size).toBeLessThanOrEqual(SNS_LIMITS.bytes);
      }),
      { numRuns: 100 },
    );
  });
});

describe('publishing', () => {
  it('publishes to the topic', async () => {
    const mock = mockClient(client);
    mock.on(PublishCommand).resolves({ MessageId: '1' });
    expect(await snsChannel({ client, topicArn: TOPIC }).send(night.opened)).toEqual({ ok: true });
    expect(mock.commandCalls(PublishCommand)[0]?.args[0].input).toEqual({
      TopicArn: TOPIC,
      ...snsMessage(night.opened),
    });
  });

  it.each([
    ['NotFoundException', 404, false],
    ['AuthorizationErrorException', 403, false],
    ['InvalidParameterException', 400, false],
    ['KMSAccessDeniedException', 400, false],
    ['KMSThrottlingException', 400, true],
    ['ThrottledException', 429, true],
    ['InternalErrorException', 500, true],
    ['ExpiredTokenException', 403, true],
    ['TimeoutError', null, true],
    ['CredentialsProviderError', null, true],
  ])('%s (%s): tried again: %s', async (name, status, retryable) => {
    mockClient(client).on(PublishCommand).rejects(sdkError(name, status));
    const result = await snsChannel({ client, topicArn: TOPIC }).send(night.opened);
    expect(result).toEqual({ ok: false, retryable, failure: `sns-${name}` });
  });

  it('names the code of a network error', async () => {
    mockClient(client)
      .on(PublishCommand)
      .rejects(Object.assign(new Error('x'), { code: 'ECONNREFUSED' }));
    expect(await snsChannel({ client, topicArn: TOPIC }).send(night.opened)).toEqual({
      ok: false,
      retryable: true,
      failure: 'sns-ECONNREFUSED',
    });
  });
});

describe('who listens to the topic', () => {
  it('counts the confirmed by protocol, and the pending', async () => {
    mockClient(client)
      .on(ListSubscriptionsByTopicCommand, { TopicArn: TOPIC })
      .resolves({
        Subscriptions: [
          { Protocol: 'email', SubscriptionArn: `${TOPIC}:1`, Endpoint: 'someone@example.com' },
          { Protocol: 'email', SubscriptionArn: `${TOPIC}:2` },
          { Protocol: 'sqs', SubscriptionArn: `${TOPIC}:3` },
          { Protocol: 'email', SubscriptionArn: 'PendingConfirmation' },
        ],
      });
    expect(await subscriptionsOf(client, TOPIC)).toEqual({ confirmed: { email: 2, sqs: 1 }, pending: 1 });
  });

  it('cannot say without the permission', async () => {
    mockClient(client)
      .on(ListSubscriptionsByTopicCommand)
      .rejects(sdkError('AuthorizationErrorException', 403));
    expect(await subscriptionsOf(client, TOPIC)).toBeNull();
  });
});

describe('the event', () => {
  const events = new EventBridgeClient({ region: 'us-east-1' });
  const channel = eventBridgeChannel({ client: events, busName: 'firebreak' });

  it('names the transition, and carries the whole alert', () => {
    const entry = eventBridgeEntry(night.resolved, 'firebreak');
    expect(entry).toMatchObject({
      EventBusName: 'firebreak',
      Source: 'firebreak',
      DetailType: 'Incident resolved',
      Time: new Date(night.resolved.at),
    });
    expect(JSON.parse(entry.Detail ?? '')).toEqual({ ...alertJson(night.resolved), truncated: false });
  });

  it('is within 256 KB, whatever the incident says', () => {
    fc.assert(
      fc.property(hostileAlert, (alert) => {
        const entry = eventBridgeEntry(alert, 'firebreak');
        expect(bytes(JSON.stringify(entry.Detail))).toBeLessThanOrEqual(262_144);
      }),
      { numRuns: 50 },
    );
  });

  it('is delivered where no entry failed', async () => {
    const mock = mockClient(events);
    mock.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: '1' }] });
    expect(await channel.send(night.opened)).toEqual({ ok: true });
    expect(mock.commandCalls(PutEventsCommand)).toHaveLength(1);
  });

  it.each([
    ['InternalFailure', true],
    ['ThrottlingException', true],
    ['NotAuthorizedForSourceException', false],
  ])('a call that succeeds with a failed entry is a failure: %s', async (ErrorCode, retryable) => {
    mockClient(events)
      .on(PutEventsCommand)
      .resolves({ FailedEntryCount: 1, Entries: [{ ErrorCode }] });
    expect(await channel.send(night.opened)).toEqual({
      ok: false,
      retryable,
      failure: `eventbridge-${ErrorCode}`,
    });
  });

  it('a call that fails is a failure', async () => {
    mockClient(events).on(PutEventsCommand).rejects(sdkError('InternalException', 500));
    expect(await channel.send(night.opened)).toMatchObject({ ok: false, retryable: true });
  });
});

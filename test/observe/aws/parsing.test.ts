import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsOf, mappingOf } from '../../../src/observe/aws/functions.ts';
import type { KnownQueue } from '../../../src/observe/aws/memory.ts';
import { attributesOf } from '../../../src/observe/aws/queues.ts';
import { functionArn, queueArn } from './fake-aws.ts';

const CONFIGURATION = { FunctionName: 'worker', MemorySize: 128, Timeout: 3 };

describe('a function configuration', () => {
  it('that says little gets the defaults of AWS', () => {
    expect(factsOf(CONFIGURATION)).toEqual({
      name: 'worker',
      memoryMB: 128,
      timeoutSeconds: 3,
      architecture: 'x86_64',
      ephemeralStorageMB: 512,
    });
  });

  it.each([
    [
      'of a managed instance',
      { CapacityProviderConfig: { LambdaManagedInstancesCapacityProviderConfig: {} } },
      'managed-instances',
    ],
    ['of a durable function', { DurableConfig: { ExecutionTimeout: 60 } }, 'durable'],
    ['of a plain function', {}, undefined],
  ] as const)('%s says how it is billed', (_, more, billing) => {
    expect(factsOf({ ...CONFIGURATION, ...more })).toHaveProperty('name', 'worker');
    expect((factsOf({ ...CONFIGURATION, ...more }) as { billing?: string }).billing).toBe(billing);
  });

  it('with limits beyond the documented ones is believed', () => {
    expect(factsOf({ ...CONFIGURATION, MemorySize: 32_768, Timeout: 5_400 })).toMatchObject({
      memoryMB: 32_768,
    });
  });

  it.each([
    ['without a name', { ...CONFIGURATION, FunctionName: undefined }, 'unnamed', /FunctionName/],
    ['without memory', { ...CONFIGURATION, MemorySize: undefined }, 'worker', /MemorySize/],
    ['that is none', null, 'unnamed', /expected object/],
  ])('%s is a gap that names the field', (_, raw, resource, reason) => {
    expect(factsOf(raw)).toEqual({
      resource,
      operation: 'ListFunctions',
      reason: expect.stringMatching(reason),
    });
  });
});

describe('an event source mapping', () => {
  const base = {
    UUID: 'u1',
    FunctionArn: functionArn('worker'),
    EventSourceArn: queueArn('orders'),
    State: 'Enabled',
  };

  it.each([
    ['Enabled', true],
    ['Enabling', true],
    ['Creating', true],
    ['Updating', true],
    ['Disabling', false],
    ['Disabled', false],
    ['Deleting', false],
  ])('in state %s: enabled is %s', (State, enabled) => {
    expect(mappingOf({ ...base, State })).toMatchObject({ source: { enabled } });
  });

  it.each([
    [
      'Kinesis',
      'arn:aws:kinesis:us-east-1:111122223333:stream/clicks',
      { kind: 'kinesis', source: 'clicks', batchSize: 100 },
    ],
    [
      'DynamoDB',
      'arn:aws:dynamodb:us-east-1:111122223333:table/Users/stream/2026-01-01T00:00:00.000',
      { kind: 'dynamodb', source: 'Users' },
    ],
  ])('of %s names the stream', (_, EventSourceArn, source) => {
    expect(mappingOf({ ...base, EventSourceArn })).toMatchObject({ functionName: 'worker', source });
  });

  it.each([
    ['Kafka', { EventSourceArn: 'arn:aws:kafka:us-east-1:111122223333:cluster/c/1' }],
    ['self-managed Kafka, which has no ARN', { EventSourceArn: undefined }],
    ['MQ', { EventSourceArn: 'arn:aws:mq:us-east-1:111122223333:broker:b:1' }],
  ])('of %s is not watched', (_, more) => {
    expect(mappingOf({ ...base, ...more })).toBeNull();
  });

  it.each([
    ['none where none are provisioned', {}, undefined],
    ['as many as are kept', { ProvisionedPollerConfig: { MinimumPollers: 5, MaximumPollers: 50 } }, 5],
    ['two where the least is not named', { ProvisionedPollerConfig: {} }, 2],
  ] as const)('has event pollers: %s', (_, more, minimumPollers) => {
    const found = mappingOf({ ...base, ...more });
    expect(found !== null && 'source' in found ? found.source.minimumPollers : null).toBe(minimumPollers);
  });

  it('to an alias is to its function', () => {
    expect(mappingOf({ ...base, FunctionArn: `${functionArn('worker')}:live` })).toMatchObject({
      functionName: 'worker',
      foreignAccount: null,
    });
  });
});

const URL = 'https://sqs.us-east-1.amazonaws.com/111122223333/orders';
const ATTRIBUTES = {
  QueueArn: queueArn('orders'),
  VisibilityTimeout: '1800',
  MessageRetentionPeriod: '345600',
  ApproximateNumberOfMessages: '12',
  ApproximateNumberOfMessagesNotVisible: '0',
  RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn('orders-dlq'), maxReceiveCount: 5 }),
};
const KNOWN: KnownQueue = {
  name: 'orders',
  url: URL,
  arn: queueArn('orders'),
  visibilityTimeoutSeconds: 30,
  messageRetentionSeconds: 60,
  redrive: { deadLetterQueue: 'old-dlq', maxReceiveCount: 3 },
};

function read(attributes: unknown, known?: KnownQueue) {
  return attributesOf({ name: 'orders', url: URL, known, now: 7 }, attributes);
}

describe('queue attributes', () => {
  it('are numbers in text', () => {
    expect(read(ATTRIBUTES)).toEqual({
      queue: {
        name: 'orders',
        url: URL,
        arn: queueArn('orders'),
        visibilityTimeoutSeconds: 1800,
        messageRetentionSeconds: 345_600,
        redrive: { deadLetterQueue: 'orders-dlq', maxReceiveCount: 5 },
      },
      depth: { readAt: 7, visible: 12, notVisible: 0 },
      gaps: [],
    });
  });

  it('may have maxReceiveCount as text too', () => {
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn('dlq'), maxReceiveCount: '4' });
    expect(read({ ...ATTRIBUTES, RedrivePolicy }).queue?.redrive?.maxReceiveCount).toBe(4);
  });

  it('without a redrive policy: there is none', () => {
    const { RedrivePolicy: _, ...plain } = ATTRIBUTES;
    expect(read(plain, KNOWN)).toMatchObject({ queue: { redrive: null }, gaps: [] });
  });

  it.each([
    ['is no JSON', '{'],
    ['names no queue', '{"maxReceiveCount":5}'],
    ['has no count', `{"deadLetterTargetArn":"${queueArn('dlq')}"}`],
  ])('with a redrive policy that %s: the known one stays, and a gap says so', (_, RedrivePolicy) => {
    const { queue, depth, gaps } = read({ ...ATTRIBUTES, RedrivePolicy }, KNOWN);
    expect(queue?.redrive).toEqual(KNOWN.redrive);
    expect(depth?.visible).toBe(12);
    expect(gaps).toHaveLength(1);
  });

  it('without a depth: settings, and a gap that names the attribute', () => {
    const { ApproximateNumberOfMessages: _, ...rest } = ATTRIBUTES;
    const { queue, depth, gaps } = read(rest);
    expect(queue?.visibilityTimeoutSeconds).toBe(1800);
    expect(depth).toBeNull();
    expect(gaps).toEqual([
      {
        resource: 'orders',
        operation: 'GetQueueAttributes',
        reason: expect.stringMatching(/^ApproximateNumberOfMessages: /),
      },
    ]);
  });

  it('without settings: the known ones, with the new depth', () => {
    const { VisibilityTimeout: _, ...rest } = ATTRIBUTES;
    expect(read(rest, KNOWN)).toMatchObject({ queue: KNOWN, depth: { visible: 12 } });
    expect(read(rest).queue).toBeNull();
  });
});

describe('anything else than AWS promises', () => {
  const junk = fc.jsonValue({ maxDepth: 3 });
  /** A right object with some fields replaced by anything, or gone. */
  const mutated = (right: Readonly<Record<string, unknown>>) =>
    fc.oneof(
      junk,
      fc
        .record(
          Object.fromEntries(Object.keys(right).map((key) => [key, fc.oneof(junk, fc.constant(right[key]))])),
          {
            requiredKeys: [],
          },
        )
        .map((fields): unknown => fields),
    );

  it('is a gap with a reason, or facts with sane numbers: functions', () => {
    fc.assert(
      fc.property(
        mutated({ ...CONFIGURATION, Architectures: ['arm64'], LastModified: 'x', CodeSize: 1 }),
        (raw) => {
          const facts = factsOf(raw);
          if ('reason' in facts) expect(facts.reason).not.toBe('');
          else expect(facts.memoryMB * facts.timeoutSeconds).toBeGreaterThan(0);
        },
      ),
    );
  });

  it('is a gap with a reason, a mapping, or none: mappings', () => {
    const right = { UUID: 'u', FunctionArn: functionArn('f'), EventSourceArn: queueArn('q'), BatchSize: 10 };
    fc.assert(
      fc.property(mutated(right), (raw) => {
        const mapping = mappingOf(raw);
        if (mapping === null) return;
        if ('reason' in mapping) expect(mapping.reason).not.toBe('');
        else expect(mapping.source.batchSize).toBeGreaterThan(0);
      }),
    );
  });

  it('is a gap for whatever is missing: queues', () => {
    fc.assert(
      fc.property(mutated(ATTRIBUTES), (raw) => {
        const { queue, depth, gaps } = read(raw);
        if (queue === null || depth === null) expect(gaps.length).toBeGreaterThan(0);
        if (queue !== null) expect(queue.messageRetentionSeconds).toBeGreaterThan(0);
        if (depth !== null) expect(depth.visible + depth.notVisible).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

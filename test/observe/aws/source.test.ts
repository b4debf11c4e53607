import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../src/model/errors.ts';
import { MINUTE_MS } from '../../../src/model/time.ts';
import { packMemory, unpackMemory } from '../../../src/observe/aws/memory.ts';
import { type AwsSource, type AwsSourceOptions, awsSource } from '../../../src/observe/aws/source.ts';
import { incidentOf } from '../../store/samples.ts';
import { lambdaMetric, NEWEST, NOW, orders, queueMetric, regionMetric } from './account.ts';
import { type Answer, type FakeAws, fakeAws, functionArn, mapping, queueArn, type Seen } from './fake-aws.ts';

function sourceOf(aws: FakeAws, more: Partial<AwsSourceOptions> = {}): AwsSource {
  return awsSource({ clients: aws.clients, sleep: async () => undefined, ...more });
}

const DENIED: Answer = { status: 403, code: 'AccessDeniedException' };

/** A fault for the calls that match. */
function faultOn(operation: string, answer: Answer, of: (input: Seen['input']) => boolean = () => true) {
  return (seen: Seen) => (seen.operation === operation && of(seen.input) ? answer : undefined);
}

describe('what a window shows', () => {
  it('settings of functions, mappings and queues as AWS has them', async () => {
    const aws = fakeAws(
      orders({
        functions: [
          {
            name: 'orders-worker',
            reservedConcurrency: 0,
            tags: { team: 'orders' },
            config: {
              MemorySize: 1024,
              Timeout: 300,
              Architectures: ['x86_64'],
              EphemeralStorage: { Size: 2048 },
            },
          },
        ],
        mappings: [
          mapping('orders-worker', queueArn('orders'), {
            FunctionArn: `${functionArn('orders-worker')}:live`,
            BatchSize: 100,
            MaximumBatchingWindowInSeconds: 5,
            ScalingConfig: { MaximumConcurrency: 20 },
            FunctionResponseTypes: ['ReportBatchItemFailures'],
          }),
        ],
      }),
    );
    const { inventory, gaps } = await sourceOf(aws).window(NOW);
    expect(gaps).toEqual([]);
    expect(inventory).toMatchObject({
      account: '111122223333',
      region: 'us-east-1',
      accountConcurrencyLimit: 1000,
      functions: [
        {
          name: 'orders-worker',
          memoryMB: 1024,
          timeoutSeconds: 300,
          architecture: 'x86_64',
          ephemeralStorageMB: 2048,
          reservedConcurrency: 0,
          tags: { team: 'orders' },
          lastModifiedAt: Date.parse('2026-01-02T03:04:05Z'),
          runtime: 'nodejs24.x',
          packageBytes: 1234,
          eventSources: [
            {
              kind: 'sqs',
              source: 'orders',
              enabled: true,
              batchSize: 100,
              maximumBatchingWindowSeconds: 5,
              maximumConcurrency: 20,
              partialBatchResponses: true,
              maximumRetryAttempts: -1,
            },
          ],
        },
      ],
      queues: [
        {
          name: 'orders',
          visibilityTimeoutSeconds: 180,
          messageRetentionSeconds: 345_600,
          redrive: { deadLetterQueue: 'orders-dlq', maxReceiveCount: 5 },
        },
        { name: 'orders-dlq', redrive: null },
      ],
    });
  });

  it('no reservation is null, which is not 0', async () => {
    const { inventory } = await sourceOf(fakeAws(orders())).window(NOW);
    expect(inventory.functions[0]?.reservedConcurrency).toBeNull();
  });

  it('each datapoint in its minute, NaN where there is none', async () => {
    const aws = fakeAws(orders({ metrics: [lambdaMetric('orders-worker', 'Invocations', [3, null, 5])] }));
    const window = await sourceOf(aws).window(NOW);
    expect(window.startAt + (window.minutes - 1) * MINUTE_MS).toBe(NEWEST);
    expect([...(window.functions.get('orders-worker')?.invocations ?? [])].slice(-4)).toEqual([
      NaN,
      3,
      NaN,
      5,
    ]);
  });

  it('all three statistics of Duration, for the price of one metric', async () => {
    const metrics = ['Invocations', 'Duration'].map((metric) => lambdaMetric('orders-worker', metric, [200]));
    const aws = fakeAws(orders({ metrics }));
    const fn = (await sourceOf(aws).window(NOW)).functions.get('orders-worker');
    for (const series of [fn?.durationSumMs, fn?.durationAverageMs, fn?.durationMaximumMs]) {
      expect(series?.at(-1)).toBe(200);
    }
    const ofFunction = ({ input }: Seen) => JSON.stringify(input).includes('orders-worker');
    const asked = aws.calls.filter((seen) => seen.input['MetricName'] === 'Duration' && ofFunction(seen));
    expect(asked.map(({ input }) => input['Statistics'])).toEqual([['Sum', 'Average', 'Maximum']]);
  });

  it('depths now, and those of earlier ticks as series', async () => {
    const aws = fakeAws(orders());
    const source = sourceOf(aws);
    for (const [minute, visible] of [4, 9, 2].entries()) {
      aws.state.queues = [{ name: 'orders', visible, notVisible: 1 }];
      await source.window(NOW + minute * MINUTE_MS);
    }
    aws.state.queues = [{ name: 'orders', visible: 6, notVisible: 1 }];
    const window = await source.window(NOW + 3 * MINUTE_MS);
    expect(window.depths.get('orders')).toEqual({ readAt: NOW + 3 * MINUTE_MS, visible: 6, notVisible: 1 });
    const series = window.queues.get('orders');
    expect([...(series?.attributeVisible ?? [])].slice(-5)).toEqual([NaN, 4, 9, 2, 6]);
    expect([...(series?.attributeNotVisible ?? [])].slice(-4)).toEqual([1, 1, 1, 1]);
  });

  it('depths though CloudWatch has nothing of the queue', async () => {
    const aws = fakeAws(orders({ queues: [{ name: 'orders', visible: 12, notVisible: 3 }] }));
    aws.state.fault = (seen) => (/Metric/.test(seen.operation) ? DENIED : undefined);
    const window = await sourceOf(aws).window(NOW);
    expect(window.depths.get('orders')).toMatchObject({ visible: 12, notVisible: 3 });
    expect(window.queues.get('orders')?.received).toBeUndefined();
    expect(window.queues.get('orders')?.attributeVisible?.at(-1)).toBe(12);
    expect(window.functions.get('orders-worker')?.invocations).toBeUndefined();
  });

  it('a function called constructor is a function like any other', async () => {
    const aws = fakeAws({
      functions: [{ name: 'constructor', tags: { a: 'b' } }, { name: '__proto__' }],
      mappings: [mapping('constructor', queueArn('__proto__'))],
      queues: [{ name: '__proto__', visible: 1 }],
      metrics: [lambdaMetric('constructor', 'Errors', [1]), lambdaMetric('constructor', 'Invocations', [1])],
    });
    const source = sourceOf(aws);
    const window = await source.window(NOW);
    expect(window.gaps).toEqual([]);
    expect(window.inventory.functions.map(({ tags }) => tags)).toEqual([{ a: 'b' }, {}]);
    expect(window.functions.get('constructor')?.errors?.at(-1)).toBe(1);
    expect(unpackMemory(packMemory(source.memory() as never))).toEqual(source.memory());
  });
});

describe('one failure is one gap', () => {
  it('a queue that is denied keeps its gap to itself', async () => {
    const aws = fakeAws(
      orders({
        functions: [{ name: 'orders-worker' }, { name: 'mail-worker' }],
        mappings: [mapping('orders-worker', queueArn('orders')), mapping('mail-worker', queueArn('mail'))],
        queues: [
          { name: 'orders', visible: 5 },
          { name: 'mail', visible: 7 },
        ],
      }),
    );
    aws.state.fault = faultOn('GetQueueAttributes', DENIED, ({ QueueUrl }) =>
      String(QueueUrl).endsWith('/orders'),
    );
    const window = await sourceOf(aws).window(NOW);
    expect(window.gaps).toEqual([
      {
        resource: 'orders',
        operation: 'GetQueueAttributes',
        reason: 'access denied: needs sqs:GetQueueAttributes',
      },
    ]);
    expect([...window.depths.keys()]).toEqual(['mail']);
    expect(window.inventory.functions).toHaveLength(2);
  });

  it('a queue that is denied later keeps its settings, and has no depth', async () => {
    const aws = fakeAws(orders());
    const source = sourceOf(aws);
    await source.window(NOW);
    aws.state.fault = faultOn('GetQueueAttributes', DENIED);
    const window = await source.window(NOW + MINUTE_MS);
    expect(window.inventory.queues.map(({ name }) => name)).toEqual(['orders', 'orders-dlq']);
    expect(window.depths.size).toBe(0);
    expect(window.gaps).toHaveLength(2);
  });

  it('a queue that was deleted is gone', async () => {
    const aws = fakeAws(orders());
    const source = sourceOf(aws);
    await source.window(NOW);
    aws.state.queues = [{ name: 'orders-dlq' }];
    const window = await source.window(NOW + MINUTE_MS);
    expect(window.inventory.queues.map(({ name }) => name)).not.toContain('orders');
    expect(window.gaps).toContainEqual({
      resource: 'orders',
      operation: 'GetQueueAttributes',
      reason: 'does not exist',
    });
  });

  it('a queue of another account is named in full, and reported', async () => {
    const foreign = queueArn('orders', '999988887777');
    const aws = fakeAws(orders({ mappings: [mapping('orders-worker', foreign)] }));
    const window = await sourceOf(aws).window(NOW);
    expect(window.inventory.functions[0]?.eventSources[0]?.source).toBe(foreign);
    expect(window.gaps).toEqual([
      {
        resource: foreign,
        operation: 'GetQueueAttributes',
        reason: 'the queue is in account 999988887777: watch it from there',
      },
    ]);
    expect(aws.count('GetQueueUrl')).toBe(0);
  });

  it('a missing permission for a thousand functions is one gap', async () => {
    const functions = Array.from({ length: 30 }, (_, i) => ({ name: `fn-${i}` }));
    const aws = fakeAws({
      functions,
      metrics: functions.map(({ name }) => lambdaMetric(name, 'Invocations', [1])),
    });
    aws.state.fault = faultOn('GetMetricStatistics', DENIED);
    const { gaps } = await sourceOf(aws).window(NOW);
    expect(gaps).toEqual([
      {
        resource: 'region, fn-0, fn-1 and 1 more',
        operation: 'GetMetricStatistics',
        reason: 'access denied: needs cloudwatch:GetMetricStatistics',
      },
    ]);
  });

  it('mappings that cannot be listed leave functions without sources, and a gap', async () => {
    const aws = fakeAws(orders());
    aws.state.fault = faultOn('ListEventSourceMappings', DENIED);
    const window = await sourceOf(aws).window(NOW);
    expect(window.inventory.functions).toHaveLength(1);
    expect(window.gaps).toContainEqual({
      resource: 'region',
      operation: 'ListEventSourceMappings',
      reason: 'access denied: needs lambda:ListEventSourceMappings',
    });
  });

  it('a throttled call is tried again, and both attempts are counted', async () => {
    const aws = fakeAws(orders());
    let throttled = false;
    aws.state.fault = (seen) => {
      if (seen.operation !== 'GetQueueUrl' || throttled) return undefined;
      throttled = true;
      return { status: 400, code: 'ThrottlingException' };
    };
    const source = sourceOf(aws);
    const window = await source.window(NOW);
    expect(window.gaps).toEqual([]);
    expect(aws.count('GetQueueUrl')).toBe(3);
    const onSqs = ['GetQueueUrl', 'GetQueueAttributes', 'ListMessageMoveTasks'];
    expect(source.reads().sqsRequests).toBe(
      aws.calls.filter(({ operation }) => onSqs.includes(operation)).length,
    );
  });
});

describe('nothing at all can be read', () => {
  const unreachable = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const noCredentials = Object.assign(new Error('Could not load credentials'), {
    name: 'CredentialsProviderError',
  });
  const cases: readonly (readonly [string, (aws: FakeAws) => void, string])[] = [
    [
      'no credentials',
      (aws) => {
        aws.clients.sts.config.credentials = () => Promise.reject(noCredentials);
      },
      'AWS GetCallerIdentity: no usable credentials (CredentialsProviderError); log in, or choose another with --profile or AWS_PROFILE',
    ],
    [
      'no region',
      (aws) => {
        aws.clients.sts.config.region = () => Promise.reject(new Error('Region is missing'));
      },
      'AWS GetCallerIdentity: no region is set; pass --region or set AWS_REGION',
    ],
    [
      'an expired session',
      (aws) => {
        aws.state.fault = faultOn('GetCallerIdentity', { status: 403, code: 'ExpiredToken' });
      },
      'AWS GetCallerIdentity: no usable credentials (ExpiredToken); log in, or choose another with --profile or AWS_PROFILE',
    ],
    [
      'an endpoint that nobody listens at',
      (aws) => {
        aws.state.fault = () => {
          throw unreachable;
        };
      },
      'AWS GetCallerIdentity: endpoint unreachable (ECONNREFUSED); check --region, --endpoint-url and the network',
    ],
    [
      'functions may not be listed',
      (aws) => {
        aws.state.fault = faultOn('ListFunctions', DENIED);
      },
      'AWS ListFunctions: access denied: needs lambda:ListFunctions; allow it to this role (docs/permissions.md lists every permission)',
    ],
  ];

  it.each(cases)('%s: one line that says what to do', async (_, arrange, message) => {
    const aws = fakeAws(orders());
    arrange(aws);
    const source = sourceOf(aws);
    await expect(source.window(NOW)).rejects.toThrow(UnavailableError);
    await expect(source.window(NOW)).rejects.toThrow(message);
  });

  it('works again once it can', async () => {
    const aws = fakeAws(orders());
    aws.state.fault = faultOn('GetCallerIdentity', { status: 403, code: 'ExpiredToken' });
    const source = sourceOf(aws);
    await expect(source.window(NOW)).rejects.toThrow(UnavailableError);
    aws.state.fault = () => undefined;
    expect((await source.window(NOW)).gaps).toEqual([]);
  });

  it('is not so while functions are known from an earlier tick: that is a gap', async () => {
    const aws = fakeAws(orders());
    const source = sourceOf(aws);
    await source.window(NOW);
    aws.state.fault = faultOn('ListFunctions', DENIED);
    const window = await source.window(NOW + 10 * MINUTE_MS);
    expect(window.inventory.functions.map(({ name }) => name)).toEqual(['orders-worker']);
    expect(window.gaps).toContainEqual({
      resource: 'region',
      operation: 'ListFunctions',
      reason: 'access denied: needs lambda:ListFunctions',
    });
  });

  it('is so once what is known is a day old', async () => {
    const aws = fakeAws(orders());
    const source = sourceOf(aws);
    await source.window(NOW);
    aws.state.fault = faultOn('ListFunctions', DENIED);
    await expect(source.window(NOW + 25 * 60 * MINUTE_MS)).rejects.toThrow(UnavailableError);
  });
});

describe('what is remembered', () => {
  it('spares the calls whose answers are fresh, also after a cold start', async () => {
    const aws = fakeAws(orders({ metrics: [lambdaMetric('orders-worker', 'Invocations', [1])] }));
    const first = sourceOf(aws);
    await first.window(NOW);
    const memory = unpackMemory(packMemory(first.memory() as never));
    aws.calls.length = 0;
    const window = await sourceOf(aws, { memory: async () => memory }).window(NOW + MINUTE_MS);
    expect(window.inventory.functions).toHaveLength(1);
    expect(new Set(aws.calls.map(({ operation }) => operation))).toEqual(
      new Set(['GetCallerIdentity', 'GetQueueAttributes', 'GetMetricStatistics', 'GetMetricData']),
    );
  });

  it('is dropped when the credentials lead to another account', async () => {
    const aws = fakeAws(orders());
    const source = sourceOf(aws);
    await source.window(NOW);
    const foreign = { ...source.memory(), account: '999988887777' };
    const window = await sourceOf(aws, { memory: async () => foreign as never }).window(NOW);
    expect(window.inventory.account).toBe('111122223333');
  });

  it('is nothing when it is damaged', () => {
    expect(unpackMemory('')).toBeNull();
    expect(unpackMemory('not base64 of gzip')).toBeNull();
  });

  it('move tasks are asked for every five minutes and shown in between', async () => {
    const aws = fakeAws(
      orders({
        queues: [
          { name: 'orders', deadLetterQueue: 'orders-dlq' },
          {
            name: 'orders-dlq',
            moveTasks: [
              { Status: 'COMPLETED', StartedTimestamp: NOW - 1000, ApproximateNumberOfMessagesMoved: 120 },
              { Status: 'FAILED', StartedTimestamp: NOW - 9000 },
            ],
          },
        ],
      }),
    );
    const source = sourceOf(aws);
    for (let minute = 0; minute < 7; minute++) {
      const { moveTasks } = await source.window(NOW + minute * MINUTE_MS);
      expect(moveTasks).toEqual([
        { queue: 'orders-dlq', startedAt: NOW - 1000, status: 'COMPLETED', moved: 120 },
        { queue: 'orders-dlq', startedAt: NOW - 9000, status: 'FAILED', moved: 0 },
      ]);
    }
    expect(aws.count('ListMessageMoveTasks')).toBe(2);
  });
});

describe('only what may have run is read', () => {
  function metricCalls(aws: FakeAws, name: string): number {
    return aws.calls.filter(({ input }) => JSON.stringify(input).includes(`"Value":"${name}"`)).length;
  }

  const two = {
    functions: [{ name: 'busy' }, { name: 'idle' }],
    metrics: [lambdaMetric('busy', 'Invocations', [5, 5]), regionMetric('Invocations', [5, 5])],
  };

  it('a silent function is not asked for, and shows minutes without datapoints', async () => {
    const aws = fakeAws(two);
    const { functions } = await sourceOf(aws).window(NOW);
    expect(metricCalls(aws, 'busy')).toBeGreaterThan(0);
    expect(metricCalls(aws, 'idle')).toBe(0);
    expect(functions.get('idle')?.errors?.every(Number.isNaN)).toBe(true);
  });

  it('one that was deployed within the hour is', async () => {
    const LastModified = new Date(NOW - 30 * MINUTE_MS).toISOString();
    const aws = fakeAws({
      ...two,
      functions: [{ name: 'busy' }, { name: 'idle', config: { LastModified } }],
    });
    await sourceOf(aws).window(NOW);
    expect(metricCalls(aws, 'idle')).toBeGreaterThan(0);
  });

  it('one whose queue holds messages is', async () => {
    const aws = fakeAws({
      ...two,
      mappings: [mapping('idle', queueArn('work'))],
      queues: [{ name: 'work', notVisible: 1 }],
    });
    await sourceOf(aws).window(NOW);
    expect(metricCalls(aws, 'idle')).toBeGreaterThan(0);
  });

  it('all are, when the listing is denied', async () => {
    const aws = fakeAws(two);
    aws.state.fault = faultOn('ListMetrics', DENIED);
    const window = await sourceOf(aws).window(NOW);
    expect(metricCalls(aws, 'idle')).toBeGreaterThan(0);
    expect(window.functions.get('idle')?.asyncEventsDropped).toBeUndefined();
  });

  it('one that wakes up before it is listed is found by the totals of the region, and stays awake', async () => {
    const aws = fakeAws(two);
    const source = sourceOf(aws);
    await source.window(NOW);
    aws.state.metrics = [
      lambdaMetric('busy', 'Invocations', [5, 5]),
      lambdaMetric('idle', 'Invocations', [40, 80, 90]),
      lambdaMetric('idle', 'Errors', [40, 80, 90]),
      regionMetric('Invocations', [40, 85, 95]),
    ];
    const woken = await source.window(NOW);
    expect(woken.functions.get('idle')?.errors?.at(-1)).toBe(90);
    aws.calls.length = 0;
    const later = await source.window(NOW + MINUTE_MS);
    expect(later.functions.get('idle')?.errors?.at(-2)).toBe(90);
    expect(aws.calls.filter(({ operation }) => operation === 'ListMetrics')).toEqual([]);
  });

  it('a few invocations more than the known ones wake nobody', async () => {
    const aws = fakeAws(two);
    const source = sourceOf(aws);
    await source.window(NOW);
    aws.state.metrics = [lambdaMetric('busy', 'Invocations', [5, 5]), regionMetric('Invocations', [10, 10])];
    aws.calls.length = 0;
    await source.window(NOW);
    expect(metricCalls(aws, 'idle')).toBe(0);
  });

  it('totals that nobody explains are not looked into at every tick', async () => {
    const aws = fakeAws({ ...two, functions: [{ name: 'busy' }, ...idleFunctions(100)] });
    const source = sourceOf(aws);
    await source.window(NOW);
    aws.state.metrics = [
      lambdaMetric('busy', 'Invocations', [5, 5, 5]),
      regionMetric('Invocations', [500, 500, 500]),
    ];
    const asked: number[] = [];
    for (let minute = 0; minute < 6; minute++) {
      aws.calls.length = 0;
      await source.window(NOW + minute * 1000);
      asked.push(metricCalls(aws, 'idle-50'));
    }
    expect(asked.filter((calls) => calls > 0)).toHaveLength(1);
  });

  it('a rare metric that the region shows is traced to its function', async () => {
    const aws = fakeAws(two);
    const source = sourceOf(aws);
    await source.window(NOW);
    const dropped = 'RecursiveInvocationsDropped';
    aws.state.metrics = [
      ...two.metrics,
      lambdaMetric('busy', dropped, [1, 1, 1]),
      regionMetric(dropped, [1, 1, 1]),
    ];
    const window = await source.window(NOW);
    expect(window.functions.get('busy')?.recursiveInvocationsDropped?.at(-1)).toBe(1);
    expect(window.functions.get('idle')?.recursiveInvocationsDropped?.every(Number.isNaN)).toBe(true);
  });

  it('a dead-letter queue is asked for until ten readings of its depth were the same, and again when it moves', async () => {
    const aws = fakeAws(
      orders({
        metrics: [
          lambdaMetric('orders-worker', 'Invocations', [1]),
          queueMetric('orders-dlq', 'NumberOfMessagesReceived', [2]),
        ],
        queues: [
          { name: 'orders', deadLetterQueue: 'orders-dlq' },
          { name: 'orders-dlq', visible: 5 },
        ],
      }),
    );
    const source = sourceOf(aws);
    const asked: boolean[] = [];
    const moves = 60;
    for (let minute = 0; minute < moves + 6; minute++) {
      aws.calls.length = 0;
      if (minute === moves)
        aws.state.queues = [
          { name: 'orders', deadLetterQueue: 'orders-dlq' },
          { name: 'orders-dlq', visible: 60 },
        ];
      await source.window(NOW + minute * MINUTE_MS);
      asked.push(metricCalls(aws, 'orders-dlq') > 0);
    }
    expect(asked.slice(0, 40)).not.toContain(false);
    expect(asked.slice(moves - 5, moves)).not.toContain(true);
    expect(asked.slice(moves)).toContain(true);
  });

  it('a dead-letter queue that something empties at once is read all the same while its function has an incident', async () => {
    const aws = fakeAws(orders({ metrics: [lambdaMetric('orders-worker', 'Invocations', [1])] }));
    const source = sourceOf(aws);
    const open = incidentOf({ state: 'open', functions: ['orders-worker'], queues: [] });
    for (let minute = 0; minute < 60; minute++) await source.window(NOW + minute * MINUTE_MS);
    aws.calls.length = 0;
    await source.window(NOW + 60 * MINUTE_MS);
    expect(metricCalls(aws, 'orders-dlq')).toBe(0);
    await source.window(NOW + 61 * MINUTE_MS, [open]);
    expect(metricCalls(aws, 'orders-dlq')).toBeGreaterThan(0);
  });

  it('how long messages have waited is read of what is stopped', async () => {
    const aws = fakeAws(
      orders({
        metrics: [
          lambdaMetric('orders-worker', 'Invocations', [1]),
          queueMetric('orders', 'ApproximateAgeOfOldestMessage', [900]),
        ],
      }),
    );
    const source = sourceOf(aws);
    expect((await source.window(NOW)).queues.get('orders')?.ageOfOldestSeconds).toBeUndefined();
    const window = await source.window(NOW, [], new Set(['orders-worker']));
    expect(window.queues.get('orders')?.ageOfOldestSeconds?.at(-1)).toBe(900);
    expect(window.depths.has('orders')).toBe(true);
  });
});

function idleFunctions(count: number): { name: string }[] {
  return Array.from({ length: count }, (_, i) => ({ name: `idle-${i}` }));
}

describe('the bill', () => {
  it('counts metrics of GetMetricData once for all statistics, and every call', async () => {
    const functions = Array.from({ length: 10 }, (_, i) => ({ name: `fn-${i}` }));
    const metrics = functions.map(({ name }) => lambdaMetric(name, 'Invocations', [1]));
    const aws = fakeAws({ functions, metrics });
    const source = sourceOf(aws);
    await source.window(NOW);
    // 8 of the region and 10 times 5, of which 20 go through the free lane.
    expect(source.reads().metricRequests).toBe(38);
    expect(aws.count('GetMetricStatistics')).toBe(20);
    expect(source.reads().apiRequests).toBe(aws.calls.length);
    expect(source.reads().cloudWatchRequests).toBe(
      aws.count('GetMetricStatistics') + aws.count('ListMetrics'),
    );
  });
});

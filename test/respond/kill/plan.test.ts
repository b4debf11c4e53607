import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../../src/model/config.ts';
import type { EventSource, Inventory, LambdaFunction, Queue } from '../../../src/model/inventory.ts';
import { OWN_FUNCTION_TAG } from '../../../src/model/kill.ts';
import { planKill } from '../../../src/respond/kill/plan.ts';
import type { KillQuery } from '../../../src/respond/kill/query.ts';
import { ORDERS_MAPPING } from '../../model/orders-mapping.ts';
import { killOf } from '../../store/samples.ts';
import { AT } from './builders.ts';

function mapping(changes: Partial<EventSource> = {}): EventSource {
  return { ...ORDERS_MAPPING, ...changes };
}

function worker(changes: Partial<LambdaFunction> = {}): LambdaFunction {
  return {
    name: 'orders-worker',
    memoryMB: 1024,
    timeoutSeconds: 300,
    architecture: 'arm64',
    ephemeralStorageMB: 512,
    reservedConcurrency: null,
    tags: {},
    eventSources: [mapping()],
    asyncInvoke: null,
    ...changes,
  };
}

const ORDERS: Queue = {
  name: 'orders',
  visibilityTimeoutSeconds: 30,
  messageRetentionSeconds: 4 * 86_400,
  redrive: { deadLetterQueue: 'orders-dlq', maxReceiveCount: 5 },
};

function query(fn: LambdaFunction, changes: Partial<KillQuery> = {}): KillQuery {
  const inventory: Inventory = {
    account: '111122223333',
    region: 'eu-west-1',
    functions: [fn, worker({ name: 'billing-worker' })],
    queues: [ORDERS],
  };
  return {
    functionName: 'orders-worker',
    hard: false,
    inventory,
    config: DEFAULT_CONFIG,
    now: AT,
    ...changes,
  };
}

const levers = (fn: LambdaFunction, changes: Partial<KillQuery> = {}) => {
  const { lever, steps } = planKill(query(fn, changes));
  return [
    lever,
    ...steps.map((step) => (step.kind === 'disable-event-source' ? step.source : 'concurrency')),
  ];
};

describe('the gentlest lever that stops the money', () => {
  it.each<[string, LambdaFunction, boolean, string[]]>([
    ['a queue: its mapping', worker(), false, ['disable-event-source', 'orders']],
    [
      'hard: the mapping first, then concurrency',
      worker(),
      true,
      ['reserved-concurrency-zero', 'orders', 'concurrency'],
    ],
    [
      'no mapping: concurrency',
      worker({ eventSources: [] }),
      false,
      ['reserved-concurrency-zero', 'concurrency'],
    ],
    [
      'two queues, one off: both are remembered',
      worker({ eventSources: [mapping(), mapping({ id: 'esm-2', source: 'returns', enabled: false })] }),
      false,
      ['disable-event-source', 'orders', 'returns'],
    ],
    [
      'only mappings that are off: they are not what burns',
      worker({ eventSources: [mapping({ enabled: false })] }),
      false,
      ['reserved-concurrency-zero', 'orders', 'concurrency'],
    ],
    [
      'a stream',
      worker({ eventSources: [mapping({ kind: 'kinesis', source: 'clicks' })] }),
      false,
      ['disable-event-source', 'clicks'],
    ],
  ])('%s', (_, fn, hard, expected) => expect(levers(fn, { hard })).toEqual(expected));

  it('a mapping that is off because of an earlier kill stays the lever', () => {
    const off = worker({ eventSources: [mapping({ enabled: false })] });
    expect(levers(off, { open: killOf({ state: 'killed' }) })).toEqual(['disable-event-source', 'orders']);
  });

  it('remembers what is set now', () => {
    const { steps } = planKill(query(worker({ reservedConcurrency: 0 }), { hard: true }));
    expect(steps).toEqual([
      { kind: 'disable-event-source', eventSourceId: 'esm-1', source: 'orders', priorEnabled: true },
      { kind: 'reserved-concurrency-zero', priorReservedConcurrency: 0 },
    ]);
  });
});

const SPARED =
  'Good messages moved to orders-dlq: 0 this way, since the mapping of orders is disabled first; up to 12,400 within ' +
  'about 3 min (maxReceiveCount x visibility timeout) with reserved concurrency 0 alone.';

describe('what it means, in words', () => {
  const depths = new Map([['orders', { readAt: AT, visible: 12_000, notVisible: 400 }]]);
  const says = (fn: LambdaFunction, changes: Partial<KillQuery> = {}) =>
    planKill(query(fn, changes)).consequences;

  it('a queue: how many messages wait, and until when', () => {
    expect(says(worker(), { depths })).toEqual([
      'Messages wait in orders (12,400 now, 400 of them in flight), untouched. None is lost before its retention of 4 d ' +
        'ends: one that arrives now expires at 2026-11-05 04:12 UTC, older ones earlier.',
      SPARED,
      'Invocations that are running finish and are billed: up to 5 min each.',
      'Nothing else that calls orders-worker is stopped: direct and asynchronous invocations, APIs and schedules go on. ' +
        '--hard stops those too.',
    ]);
  });

  it('hard: callers, events, and why the mapping goes first', () => {
    expect(says(worker(), { depths, hard: true }).slice(1)).toEqual([
      'Every caller of orders-worker gets 429 TooManyRequestsException until it is restored.',
      'Asynchronous events are not retried but go at once to the dead-letter queue or on-failure destination; ' +
        'where there is none, they are dropped.',
      SPARED,
      'Invocations that are running finish and are billed: up to 5 min each.',
    ]);
  });

  it.each<[string, LambdaFunction, Partial<KillQuery>, string]>([
    [
      'a queue that could not be read',
      worker({ eventSources: [mapping({ source: 'secret' })] }),
      {},
      'Messages wait in secret; its retention could not be read: they expire when that ends.',
    ],
    [
      'a stream',
      worker({ eventSources: [mapping({ kind: 'dynamodb', source: 'orders-table' })] }),
      {},
      'Records wait in orders-table; restored, reading goes on where it stopped.',
    ],
    [
      'a mapping that is off already',
      worker({ eventSources: [mapping(), mapping({ id: 'esm-2', source: 'returns', enabled: false })] }),
      {},
      'The mapping of returns is disabled already, and stays so after restore.',
    ],
    [
      'an on-failure destination',
      worker({
        eventSources: [],
        asyncInvoke: {
          maximumRetryAttempts: 2,
          maximumEventAgeSeconds: 60,
          onFailure: 'arn:aws:sqs:eu-west-1:1:lost',
        },
      }),
      {},
      'Asynchronous events are not retried but go at once to arn:aws:sqs:eu-west-1:1:lost.',
    ],
  ])('%s', (_, fn, changes, sentence) => {
    expect(says(fn, changes).some((text) => text.startsWith(sentence))).toBe(true);
  });

  it('a queue that others read too: who they are, and that they go on', () => {
    const alsoReading = new Map([['orders', ['audit', 'billing']]]);
    expect(says(worker(), { alsoReading })).toContain(
      'audit, billing read orders too, and go on: what waits goes there instead.',
    );
    expect(says(worker(), { alsoReading: new Map([['orders', ['audit']]]) })).toContain(
      'audit reads orders too, and goes on: what waits goes there instead.',
    );
    const many = new Map([['orders', ['a', 'b', 'c', 'd', 'e', 'f', 'g']]]);
    expect(says(worker(), { alsoReading: many }).join(' ')).toContain(
      'a, b, c, d, e and 2 more read orders too',
    );
  });

  it('stopped by an earlier kill: says neither that it stays disabled nor that anything else goes on', () => {
    const off = worker({ eventSources: [mapping({ enabled: false })], reservedConcurrency: 0 });
    expect(says(off, { open: killOf({ state: 'killed' }) })).toEqual([
      'Invocations that are running finish and are billed: up to 5 min each.',
    ]);
  });

  it('without a redrive policy nothing would be dead-lettered, so nothing is said of it', () => {
    const inventory = { ...query(worker()).inventory, queues: [{ ...ORDERS, redrive: null }] };
    expect(says(worker(), { hard: true, inventory }).join(' ')).not.toContain('concurrency 0 alone');
  });
});

describe('the forecast of each lever', () => {
  const depths = new Map([['orders', { readAt: AT, visible: 90, notVisible: 10 }]]);
  const forecasts = (changes: Partial<KillQuery> = {}) =>
    planKill(query(worker(), changes)).forecasts.map(({ lever, messages, withinMs }) => [
      lever,
      messages,
      withinMs,
    ]);

  it.each([false, true])('is in every plan, hard: %s', (hard) => {
    expect(forecasts({ depths, hard })).toEqual([
      ['disable-event-source', 0, null],
      ['reserved-concurrency-zero', 100, 150_000],
    ]);
  });

  it('where nobody knows how many wait, it does not say none', () => {
    expect(forecasts()).toEqual([
      ['disable-event-source', 0, null],
      ['reserved-concurrency-zero', null, 150_000],
    ]);
    expect(planKill(query(worker())).consequences.join(' ')).toContain(
      'all that wait in orders within about 3 min',
    );
  });
});

describe('refusals', () => {
  const refusals = (fn: LambdaFunction, changes: Partial<KillQuery> = {}) =>
    planKill(query(fn, changes)).refusals;
  const protecting = { ...DEFAULT_CONFIG, kill: { ...DEFAULT_CONFIG.kill, protect: ['orders-worker'] } };

  it('none for an ordinary function', () => expect(refusals(worker())).toEqual([]));

  it('a function that does not exist, with the one that was meant', () => {
    expect(refusals(worker(), { functionName: 'order-worker' })).toEqual([
      'there is no function order-worker in account 111122223333, eu-west-1: did you mean orders-worker?',
    ]);
    expect(refusals(worker(), { functionName: 'quarterly-report' })[0]).toContain(
      'check --region and --profile',
    );
  });

  it('a protected function', () => {
    expect(refusals(worker(), { config: protecting })).toEqual([
      'orders-worker is protected (kill.protect in the configuration): take it off that list first',
    ]);
  });

  it("firebreak's own functions, whatever the value of the tag", () => {
    expect(refusals(worker({ tags: { [OWN_FUNCTION_TAG]: '' } }))[0]).toContain('part of firebreak itself');
  });

  it('all of them at once', () => {
    expect(refusals(worker({ tags: { [OWN_FUNCTION_TAG]: 'tick' } }), { config: protecting })).toHaveLength(
      2,
    );
  });
});

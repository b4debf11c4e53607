import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Exposure, exposuresOf } from '../../src/audit/exposure.ts';
import type { AuditSubject } from '../../src/audit/subject.ts';
import { pricesFor } from '../../src/price/lambda-price.ts';
import { boundOfMapping } from '../../src/price/reachable.ts';
import { DLQ, fn, queue, sqs, stream, subject } from './builders.ts';

const prices = pricesFor('us-east-1');

function exposureOf(overrides: Partial<AuditSubject>): Exposure {
  const [first] = exposuresOf({ subject: subject(overrides), prices, pricing: {} });
  return first ?? expect.fail('no exposure');
}

describe('reachable concurrency', () => {
  it.each([
    [
      'a reservation',
      { reservedConcurrency: 7, eventSources: [sqs({ maximumConcurrency: 50 })] },
      7,
      'reserved concurrency',
    ],
    [
      'the mapping, below the reservation',
      { reservedConcurrency: 70, eventSources: [sqs()] },
      10,
      'mapping maximum',
    ],
    [
      'two mappings together',
      { eventSources: [sqs(), sqs({ id: 'b', maximumConcurrency: 20 })] },
      30,
      'mapping maximum',
    ],
    [
      'provisioned pollers x 10',
      { eventSources: [sqs({ maximumConcurrency: null, maximumPollers: 4 })] },
      40,
      'provisioned pollers',
    ],
    [
      'the account, below the poller ramp',
      { eventSources: [sqs({ maximumConcurrency: null })] },
      1000,
      'account limit',
    ],
    [
      'the account, where others may invoke it too',
      { syncInvokers: ['apigateway.amazonaws.com'] },
      1000,
      'account limit',
    ],
    ['the account, for a stream of unknown shards', { eventSources: [stream()] }, 1000, 'account limit'],
    [
      'the account, once its mapping is disabled',
      { eventSources: [sqs({ enabled: false })] },
      1000,
      'account limit',
    ],
  ] as const)('is limited by %s', (_, overrides, concurrency, limitedBy) => {
    expect(exposureOf({ functions: [fn(overrides)] }).reachable).toMatchObject({ concurrency, limitedBy });
  });

  it('leaves what other functions reserved out of the account limit', () => {
    const functions = [
      fn({ eventSources: [], name: 'a' }),
      fn({ eventSources: [], name: 'b', reservedConcurrency: 300 }),
    ];
    const exposures = exposuresOf({ subject: subject({ functions }), prices, pricing: {} });
    expect(exposures.map(({ reachable }) => reachable.concurrency)).toEqual([700, 300]);
  });

  it('says what it assumes when the limit is not known', () => {
    const exposure = exposureOf({
      accountConcurrencyLimit: undefined,
      functions: [fn({ eventSources: [] })],
    });
    expect(exposure.assumptions.join()).toMatch(/account limit not known: 1,000 assumed/);
  });

  it('takes four minutes to ramp a standard mapping to 1,250', () => {
    const bound = boundOfMapping(sqs({ maximumConcurrency: null }));
    expect(bound).toMatchObject({ concurrency: 1250, limitedBy: 'poller ramp' });
    expect(bound.minutesToReach).toBeCloseTo(4.15, 2);
  });
});

describe('dollars an hour', () => {
  it('are concurrency x memory x price', () => {
    const functions = [fn({ eventSources: [], memoryMB: 1024, architecture: 'x86_64' })];
    expect(exposureOf({ functions }).usdPerHour).toBeCloseTo(60, 3);
  });

  it('are not known for managed instances, and labelled', () => {
    const exposure = exposureOf({ functions: [fn({ billing: 'managed-instances' })] });
    expect(exposure.usdPerHour).toBeNull();
    expect(exposure.assumptions.join()).toMatch(/EC2 instance hours/);
  });

  it('stand beside what a usual month costs, where REPORT lines were read', () => {
    // 1,000 invocations in 24 h of 400 ms billed at 512 MB on arm64.
    const invocations = (1000 / 24) * 720;
    const exposure = exposureOf({});
    expect(exposure.usualUsdPerMonth).toBeCloseTo(invocations * (0.2 * 0.0000133334 + 2e-7), 6);
    expect(exposureOf({ functions: [fn({ observed: undefined })] }).usualUsdPerMonth).toBeNull();
  });

  it('never fall when memory, limit or reservation rise', () => {
    const size = fc.integer({ min: 1, max: 10_000 });
    fc.assert(
      fc.property(size, size, size, (memoryMB, reservedConcurrency, more) => {
        const usd = (overrides: Parameters<typeof fn>[0]) =>
          exposureOf({ functions: [fn({ eventSources: [], memoryMB, reservedConcurrency, ...overrides })] })
            .usdPerHour ?? Number.NaN;
        expect(usd({})).toBeGreaterThanOrEqual(0);
        expect(usd({ memoryMB: memoryMB + more })).toBeGreaterThanOrEqual(usd({}));
        expect(usd({ reservedConcurrency: reservedConcurrency + more })).toBeGreaterThanOrEqual(usd({}));
      }),
    );
  });
});

describe('one poison message', () => {
  it.each([
    [
      'dies by redrive',
      { redrive: { deadLetterQueue: 'orders-dlq', maxReceiveCount: 5 } },
      5,
      'dead-letter-queue',
      900,
      false,
    ],
    ['dies by retention without redrive', { redrive: null }, 1920, 'retention', 345_600, true],
    [
      'dies by retention before an absurd redrive',
      { redrive: { deadLetterQueue: 'd', maxReceiveCount: 9999 } },
      1920,
      'retention',
      345_600,
      true,
    ],
    [
      'is tried 40,320 times at the worst',
      { redrive: null, visibilityTimeoutSeconds: 30, messageRetentionSeconds: 1_209_600 },
      40_320,
      'retention',
      1_209_600,
      true,
    ],
    [
      'comes back at once at visibility 0',
      { redrive: null, visibilityTimeoutSeconds: 0, messageRetentionSeconds: 60 },
      60,
      'retention',
      60,
      true,
    ],
    [
      'is tried once when retention is below the visibility timeout',
      { redrive: null, messageRetentionSeconds: 60 },
      1,
      'retention',
      60,
      true,
    ],
  ] as const)('%s', (_, overrides, attempts, endedBy, lastsSeconds, lost) => {
    const { incident } = exposureOf({ queues: [queue(overrides), DLQ] });
    expect(incident).toMatchObject({ attempts, endedBy, lastsSeconds, lost });
    expect(incident?.usd).toBeCloseTo(attempts * (15 * 0.0000133334 + 2e-7), 9);
  });

  it('is not priced where the queue is not known', () => {
    const exposure = exposureOf({ queues: [] });
    expect(exposure.incident).toBeNull();
    expect(exposure.ends).toMatch(/cannot say/);
  });

  it.each([
    ['the retry limit', {}, 6, 'retry limit', false],
    ['the record age', { maximumRetryAttempts: -1 }, 120, 'record age', false],
    ['the stream itself', { maximumRetryAttempts: -1, maximumRecordAgeSeconds: -1 }, 2880, 'retention', true],
  ] as const)('on a stream is ended by %s', (_, overrides, attempts, endedBy, lost) => {
    const { incident } = exposureOf({ functions: [fn({ eventSources: [stream(overrides)] })] });
    expect(incident).toMatchObject({ attempts, endedBy, lost });
  });

  it.each([
    ['one retry', { maximumRetryAttempts: 1, maximumEventAgeSeconds: 900, onFailure: 'q' }, 2, false],
    ['the defaults, dropped in the end', null, 3, true],
  ] as const)('of an asynchronous function follows %s', (_, asyncInvoke, attempts, lost) => {
    const functions = [fn({ eventSources: [], asyncInvokers: ['SNS'], asyncInvoke })];
    expect(exposureOf({ functions }).incident).toMatchObject({ attempts, lost });
  });

  it('of the dearest source counts', () => {
    const functions = [fn({ eventSources: [sqs(), stream({ maximumRetryAttempts: 100 })] })];
    expect(exposureOf({ functions }).incident?.source).toBe('orders-table');
  });

  it('never costs less with a longer timeout or more receives', () => {
    const count = fc.integer({ min: 1, max: 900 });
    fc.assert(
      fc.property(count, count, count, (timeoutSeconds, maxReceiveCount, more) => {
        const usd = (timeout: number, receives: number) =>
          exposureOf({
            functions: [fn({ timeoutSeconds: timeout })],
            queues: [queue({ redrive: { deadLetterQueue: 'd', maxReceiveCount: receives } })],
          }).incident?.usd ?? Number.NaN;
        const usual = usd(timeoutSeconds, maxReceiveCount);
        expect(usd(timeoutSeconds + more, maxReceiveCount)).toBeGreaterThanOrEqual(usual);
        expect(usd(timeoutSeconds, maxReceiveCount + more)).toBeGreaterThanOrEqual(usual);
      }),
    );
  });
});

describe('exposuresOf', () => {
  it('puts the dearest hour first, then the dearest incident, and the unknown last', () => {
    const functions = [
      fn({ name: 'cheap', reservedConcurrency: 1 }),
      fn({ name: 'unknown', memoryMB: undefined }),
      fn({ name: 'long', reservedConcurrency: 10, timeoutSeconds: 60 }),
      fn({ name: 'short', reservedConcurrency: 10, timeoutSeconds: 3 }),
    ];
    const order = exposuresOf({ subject: subject({ functions }), prices, pricing: {} });
    expect(order.map(({ functionName }) => functionName)).toEqual(['long', 'short', 'cheap', 'unknown']);
  });

  it('does not depend on the order of the functions', () => {
    const functions = [1, 5, 3, 5].map((reservedConcurrency, index) =>
      fn({ name: `f${index}`, reservedConcurrency }),
    );
    const names = (list: typeof functions) =>
      exposuresOf({ subject: subject({ functions: list }), prices, pricing: {} }).map((e) => e.functionName);
    expect(names(functions.toReversed())).toEqual(names(functions));
  });
});

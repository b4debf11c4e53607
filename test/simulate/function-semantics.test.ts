import { describe, expect, it } from 'vitest';
import type { ProducerSpec } from '../../src/simulate/scenario.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import { background, FLAT, functionSpec, once, oneWorker, queueSpec, scenario, sourceSpec } from './build.ts';
import { minutesWith, total, valuesOf } from './read.ts';

const USD_PER_GB_SECOND = 1.66667e-5;
const USD_PER_REQUEST = 2e-7;

function calls(kind: 'direct' | 'async', count = 1, callerRetries = 0): ProducerSpec {
  return {
    target: kind === 'direct' ? { kind, function: 'worker', callerRetries } : { kind, function: 'worker' },
    traffic: { kind: 'schedule', everyMinutes: 1_000_000, offsetMinutes: 1, count, spreadSeconds: 0 },
  };
}

const failing = background([{ kind: 'fail', function: 'worker', share: 1, how: 'throw' }]);

describe('asynchronous invocations', () => {
  const run = (asyncInvoke: Parameters<typeof functionSpec>[0] = {}, events = [failing]) =>
    simulate(
      scenario({
        functions: [functionSpec(asyncInvoke)],
        queues: [queueSpec({ name: 'lost' })],
        producers: [calls('async')],
        events,
      }),
    );

  it('an error is retried after one minute and after two more, then the event is dropped', () => {
    const { trace } = run();
    expect(minutesWith(valuesOf(trace, 'worker', 'Invocations'))).toEqual([1, 2, 4]);
    expect(total(valuesOf(trace, 'worker', 'AsyncEventsReceived'))).toBe(1);
    expect(minutesWith(valuesOf(trace, 'worker', 'AsyncEventsDropped'))).toEqual([4]);
  });

  it('AsyncEventAge is milliseconds at first and minutes at the last retry', () => {
    const age = valuesOf(run().trace, 'worker', 'AsyncEventAge', 'Maximum');
    expect(age[1]).toBe(15);
    expect(age[4]).toBeGreaterThan(180_000);
  });

  it('MaximumRetryAttempts 0 drops at once, into the on-failure destination', () => {
    const { trace, truth } = run({
      asyncInvoke: { maximumRetryAttempts: 0, maximumEventAgeSeconds: 21_600, onFailure: 'lost' },
    });
    expect(total(valuesOf(trace, 'worker', 'Invocations'))).toBe(1);
    expect(truth.conservation['lost']).toMatchObject({ sent: 1, visible: 1 });
  });

  it('reserved concurrency 0 sends the event to the destination without a single try', () => {
    const { trace, truth } = run(
      {
        reservedConcurrency: 0,
        asyncInvoke: { maximumRetryAttempts: 2, maximumEventAgeSeconds: 21_600, onFailure: 'lost' },
      },
      [],
    );
    expect(total(valuesOf(trace, 'worker', 'Invocations'))).toBe(0);
    expect(total(valuesOf(trace, 'worker', 'Throttles'))).toBe(0);
    expect(truth.conservation['lost']).toMatchObject({ sent: 1 });
  });

  it('throttled events wait and are all run in the end', () => {
    const { trace } = simulate(
      scenario({
        functions: [functionSpec({ reservedConcurrency: 1, asyncInvoke: null })],
        producers: [calls('async', 20)],
      }),
    );
    expect(total(valuesOf(trace, 'worker', 'Invocations'))).toBe(20);
    expect(total(valuesOf(trace, 'worker', 'Throttles'))).toBeGreaterThan(19);
    expect(total(valuesOf(trace, 'worker', 'AsyncEventsDropped'))).toBe(0);
  });
});

describe('direct callers', () => {
  it('an error is the end of it where the caller does not try again', () => {
    const { trace } = simulate(
      scenario({ functions: [functionSpec()], producers: [calls('direct')], events: [failing] }),
    );
    expect(total(valuesOf(trace, 'worker', 'Invocations'))).toBe(1);
  });

  it('each call is tried 1 + callerRetries times', () => {
    const { trace, truth } = simulate(
      scenario({ functions: [functionSpec()], producers: [calls('direct', 5, 3)], events: [failing] }),
    );
    expect(total(valuesOf(trace, 'worker', 'Errors'))).toBe(20);
    expect(truth.wastedUsd['worker']).toBe(truth.byFunctionUsd['worker']);
  });

  it('the account limit throttles what exceeds it', () => {
    const { trace } = simulate(
      scenario({
        functions: [functionSpec()],
        producers: [calls('direct', 30)],
        accountConcurrencyLimit: 10,
      }),
    );
    expect(total(valuesOf(trace, 'worker', 'Invocations'))).toBe(10);
    expect(total(valuesOf(trace, 'worker', 'Throttles'))).toBe(20);
    expect(trace.accountConcurrencyLimit).toBe(10);
  });
});

describe('streams', () => {
  const run = (maximumRetryAttempts: number, untilMinute: number | null) =>
    simulate(
      scenario({
        minutes: 180,
        functions: [
          functionSpec({
            eventSources: [
              sourceSpec({ kind: 'kinesis', source: 'events', batchSize: 100, maximumRetryAttempts }),
            ],
          }),
        ],
        streams: [{ name: 'events', kind: 'kinesis', shards: 1, recordsPerMinute: 120, shape: FLAT }],
        events: [background([{ kind: 'poison-record', stream: 'events', how: 'throw' }], 60, untilMinute)],
      }),
    ).trace;

  it('a poison record blocks its shard: every try fails and IteratorAge grows by a minute a minute', () => {
    const trace = run(-1, null);
    const age = valuesOf(trace, 'worker', 'IteratorAge', 'Maximum');
    expect(Math.max(...age.slice(0, 60).map((value) => value ?? 0))).toBeLessThan(10_000);
    expect((age[160] ?? 0) - (age[100] ?? 0)).toBeGreaterThan(55 * 60_000);
    const errors = valuesOf(trace, 'worker', 'Errors').slice(70);
    expect(errors).toEqual(valuesOf(trace, 'worker', 'Invocations').slice(70));
  });

  it('after MaximumRetryAttempts the batch is given up and the shard goes on', () => {
    const trace = run(3, null);
    expect(total(valuesOf(trace, 'worker', 'Errors'))).toBe(4);
    expect(valuesOf(trace, 'worker', 'IteratorAge', 'Maximum').at(-1)).toBeLessThan(10_000);
  });

  it('repaired: the backlog is read in full batches until the reader has caught up', () => {
    const trace = run(-1, 120);
    expect(valuesOf(trace, 'worker', 'IteratorAge', 'Maximum').at(-1)).toBeLessThan(10_000);
    expect(total(valuesOf(trace, 'worker', 'Errors').slice(122))).toBe(0);
  });
});

describe('a reader that writes to the stream it reads', () => {
  it('gets its records back, and only they are too much', () => {
    const effect = { kind: 'write-back', stream: 'events', recordsPerMinute: 55 } as const;
    const { trace, truth } = simulate(
      scenario({
        minutes: 120,
        functions: [
          functionSpec({ eventSources: [sourceSpec({ kind: 'dynamodb', source: 'events', batchSize: 1 })] }),
        ],
        streams: [{ name: 'events', kind: 'dynamodb', shards: 2, recordsPerMinute: 5, shape: FLAT }],
        events: [background([effect], 60)],
      }),
    );
    const runs = valuesOf(trace, 'worker', 'Invocations');
    expect(total(runs.slice(60)) / total(runs.slice(0, 60))).toBeGreaterThan(8);
    expect(total(runs.slice(60)) / total(runs.slice(0, 60))).toBeLessThan(16);
    const later = (truth.costUsdPerMinute['worker'] ?? []).slice(61).reduce((sum, usd) => sum + usd, 0);
    expect((truth.excessUsd['worker'] ?? 0) / later).toBeCloseTo(11 / 12, 1);
  });
});

describe('recursion', () => {
  const run = (carriesLineage: boolean) =>
    simulate(
      oneWorker({
        maxReceiveCount: 2,
        function: { emits: [{ queue: 'jobs', perMessage: 1, carriesLineage }] },
        settings: { producers: [once('jobs', 1)] },
      }),
    );

  it('a chain is cut after 16 invocations; its message is received until it is dead-lettered', () => {
    const { trace, truth } = run(true);
    expect(total(valuesOf(trace, 'worker', 'Invocations'))).toBe(16);
    expect(total(valuesOf(trace, 'worker', 'RecursiveInvocationsDropped'))).toBe(2);
    expect(truth.conservation['jobs']).toMatchObject({ sent: 17, deleted: 16, movedToDlq: 1 });
  });

  it('a chain that carries no trace header goes on for ever', () => {
    const { trace } = run(false);
    expect(total(valuesOf(trace, 'worker', 'Invocations'))).toBeGreaterThan(3_000);
  });

  it('what is sent because of an event is superfluous; what the function is for is not', () => {
    const event = background([{ kind: 'emit', function: 'worker', emit: { queue: 'jobs', perMessage: 1 } }]);
    const { truth } = simulate(
      oneWorker({ maxReceiveCount: 2, settings: { producers: [once('jobs', 1)], events: [event] } }),
    );
    expect(truth.wastedUsd['worker']).toBe(0);
    expect(truth.excessUsd['worker']).toBeCloseTo(15 * (USD_PER_GB_SECOND + USD_PER_REQUEST), 8);
    expect(run(true).truth.excessUsd['worker']).toBe(0);
  });
});

describe('recursion of asynchronous invocations', () => {
  const run = (carriesLineage: boolean, settings: Parameters<typeof scenario>[0] = {}) =>
    simulate(
      scenario({
        functions: [functionSpec({ emits: [{ function: 'worker', perMessage: 1, carriesLineage }] })],
        producers: [calls('async')],
        ...settings,
      }),
    );

  it('a chain is cut after 16 invocations, and the event is dropped', () => {
    const { trace } = run(true);
    expect(total(valuesOf(trace, 'worker', 'Invocations'))).toBe(16);
    expect(total(valuesOf(trace, 'worker', 'AsyncEventsReceived'))).toBe(17);
    expect(total(valuesOf(trace, 'worker', 'RecursiveInvocationsDropped'))).toBe(1);
    expect(total(valuesOf(trace, 'worker', 'AsyncEventsDropped'))).toBe(1);
  });

  it('a chain that carries no trace header goes on for ever', () => {
    expect(total(valuesOf(run(false).trace, 'worker', 'Invocations'))).toBeGreaterThan(3_000);
  });

  it('what is invoked because of an event is superfluous', () => {
    const emit = { function: 'worker', perMessage: 1, delaySeconds: 59, carriesLineage: false };
    const { truth } = run(false, {
      functions: [functionSpec()],
      events: [background([{ kind: 'emit', function: 'worker', emit }])],
    });
    const runs = (truth.byFunctionUsd['worker'] ?? 0) / (USD_PER_GB_SECOND + USD_PER_REQUEST);
    expect(Math.round(runs)).toBe(59);
    expect(truth.excessUsd['worker']).toBeCloseTo(58 * (USD_PER_GB_SECOND + USD_PER_REQUEST), 8);
  });
});

describe('redrive', () => {
  const run = (recorded: boolean) =>
    simulate(
      oneWorker({
        maxReceiveCount: 1,
        settings: {
          producers: [once('jobs', 1, 10)],
          events: [
            background([{ kind: 'poison', queue: 'jobs', share: 1, how: 'throw' }], 0, 20),
            background([{ kind: 'redrive', queue: 'jobs-dlq', perSecond: 5, recorded }], 30),
          ],
        },
      }),
    );

  it('a move task brings the messages back, is listed, and is no SendMessage', () => {
    const { trace, truth } = run(true);
    expect(trace.moveTasks).toEqual([
      { queue: 'jobs-dlq', startedAt: '2026-03-02T00:30:00Z', status: 'COMPLETED', moved: 10 },
    ]);
    expect(total(valuesOf(trace, 'jobs', 'NumberOfMessagesSent'))).toBe(10);
    expect(truth.conservation['jobs']).toMatchObject({ sent: 10, movedIn: 10, deleted: 10, movedToDlq: 10 });
  });

  it('a script that does the same is not listed, and shows as received, deleted and sent', () => {
    const { trace, truth } = run(false);
    expect(trace.moveTasks).toBeUndefined();
    expect(total(valuesOf(trace, 'jobs', 'NumberOfMessagesSent'))).toBe(20);
    expect(total(valuesOf(trace, 'jobs-dlq', 'NumberOfMessagesReceived'))).toBe(10);
    expect(truth.conservation['jobs']).toMatchObject({ sent: 20, movedIn: 0 });
  });
});

describe('money', () => {
  it('one run of 900 s at 10 GB costs what the price list says, minute by minute while it runs', () => {
    const { trace, truth } = simulate(
      scenario({
        functions: [functionSpec({ memoryMB: 10_240, durationMedianMs: 600_000, timeoutSeconds: 900 })],
        producers: [calls('direct')],
      }),
    );
    const usd = 600 * 10 * USD_PER_GB_SECOND;
    expect(truth.byFunctionUsd['worker']).toBeCloseTo(usd + USD_PER_REQUEST, 6);
    const perMinute = truth.costUsdPerMinute['worker'] ?? [];
    expect(perMinute[0]).toBe(0);
    for (let minute = 2; minute < 11; minute++) expect(perMinute[minute]).toBeCloseTo(usd / 10, 5);
    expect(valuesOf(trace, 'worker', 'Duration')[1]).toBe(600_000);
  });

  it('INIT of a cold start is billed but is not in Duration; a warm start has none', () => {
    const { trace, truth } = simulate(
      scenario({
        functions: [functionSpec({ initMedianMs: 500 })],
        producers: [
          {
            ...calls('direct'),
            traffic: { kind: 'schedule', everyMinutes: 2, offsetMinutes: 1, count: 1, spreadSeconds: 0 },
          },
        ],
      }),
    );
    expect(total(valuesOf(trace, 'worker', 'Duration'))).toBe(30_000);
    const initMs = ((truth.byFunctionUsd['worker'] ?? 0) - 30 * USD_PER_REQUEST) / USD_PER_GB_SECOND - 30;
    expect(initMs).toBeGreaterThan(0.15);
    expect(initMs).toBeLessThan(1.5);
  });

  it('an idle event source mapping costs its long polls: 15 requests a minute', () => {
    const { truth } = simulate(oneWorker());
    expect(truth.byFunctionUsd['worker']).toBeCloseTo(60 * 15 * 0.4e-6, 9);
  });

  it('work that still runs at the end of the trace is paid, and wasted, as far as it has run', () => {
    const { truth } = simulate(
      oneWorker({
        function: { timeoutSeconds: 900 },
        queue: { visibilityTimeoutSeconds: 900 },
        settings: {
          minutes: 10,
          producers: [once('jobs', 5)],
          events: [background([{ kind: 'fail', function: 'worker', share: 1, how: 'timeout' }])],
        },
      }),
    );
    const wasted = truth.wastedUsd['worker'] ?? 0;
    expect(wasted).toBeGreaterThan(298 * USD_PER_GB_SECOND);
    expect(wasted).toBeLessThan(301 * USD_PER_GB_SECOND);
  });
});

describe('gaps of CloudWatch', () => {
  const run = (lost: boolean) =>
    simulate(
      oneWorker({
        settings: {
          producers: [
            {
              target: { kind: 'queue', queue: 'jobs' },
              traffic: { kind: 'poisson', perMinute: 20, shape: FLAT },
            },
          ],
          events: [background([{ kind: 'gap', scope: '*', lost }], 20, 25)],
        },
      }),
    ).trace;

  it('lost minutes have no datapoint of anything', () => {
    for (const { values } of run(true).series) {
      expect(values.slice(20, 25)).toEqual([null, null, null, null, null]);
    }
  });

  it('an outage only delays: the values are there, marked as late until its end', () => {
    const trace = run(false);
    const sent = trace.series.find(({ metric }) => metric === 'NumberOfMessagesSent');
    expect(sent?.late).toEqual([20, 21, 22, 23].map((minute) => [minute, 24 - minute, sent?.values[minute]]));
    const duration = trace.series.find(({ stat }) => stat === 'Average');
    expect(duration?.late).toEqual([20, 21, 22, 23].map((minute) => [minute, 24 - minute, null]));
  });
});

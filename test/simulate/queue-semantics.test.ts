import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../src/model/time.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import { createWorld } from '../../src/simulate/world.ts';
import { background, once, oneWorker, START } from './build.ts';
import { total, valuesOf } from './read.ts';

const poison = background([{ kind: 'poison', queue: 'jobs', share: 1, how: 'throw' }]);

describe('one poison message, visibility timeout 30 s, maxReceiveCount 3', () => {
  const scenario = oneWorker({
    maxReceiveCount: 3,
    settings: { producers: [once('jobs', 2)], events: [poison] },
  });

  it('is received three times, 30 s apart, and is in the dead-letter queue 90 s after the first receive', () => {
    const world = createWorld(scenario);
    const receivedAt: number[] = [];
    let movedAt = Number.NaN;
    for (let at = START; at < START + 10 * MINUTE_MS; at += 100) {
      world.advanceTo(at);
      const { received, movedToDlq } = world.conservation('jobs');
      if (received > receivedAt.length) receivedAt.push(at);
      if (movedToDlq > 0 && Number.isNaN(movedAt)) movedAt = at;
    }
    expect(receivedAt).toHaveLength(3);
    const [first = 0, second = 0, third = 0] = receivedAt;
    expect([second - first, third - first, movedAt - first]).toEqual([30_000, 60_000, 90_000]);
    expect(world.conservation('jobs-dlq')).toMatchObject({ sent: 0, movedIn: 1, visible: 1, received: 0 });
  });

  it('shows in the metrics as three errors, one sent, none deleted, and no sent of the dead-letter queue', () => {
    const { trace } = simulate(scenario);
    expect(total(valuesOf(trace, 'worker', 'Errors'))).toBe(3);
    expect(total(valuesOf(trace, 'worker', 'Invocations'))).toBe(3);
    expect(total(valuesOf(trace, 'jobs', 'NumberOfMessagesSent'))).toBe(1);
    expect(total(valuesOf(trace, 'jobs', 'NumberOfMessagesReceived'))).toBe(3);
    expect(total(valuesOf(trace, 'jobs', 'NumberOfMessagesDeleted'))).toBe(0);
    expect(total(valuesOf(trace, 'jobs-dlq', 'NumberOfMessagesSent'))).toBe(0);
  });

  it('leaves the dead-letter queue without datapoints until the message comes, and with depth 1 after', () => {
    const visible = valuesOf(
      simulate(scenario).trace,
      'jobs-dlq',
      'ApproximateNumberOfMessagesVisible',
      'Maximum',
    );
    expect(visible.slice(0, 3)).toEqual([null, null, null]);
    expect(visible.slice(5)).toEqual(Array.from({ length: 55 }, () => 1));
  });

  it('has no datapoint of the function in a minute without traffic, and zero errors in none', () => {
    const { trace } = simulate(scenario);
    const invocations = valuesOf(trace, 'worker', 'Invocations');
    expect(invocations.slice(0, 6)).toEqual([null, null, 2, 1, null, null]);
    expect(valuesOf(trace, 'worker', 'Throttles').slice(0, 6)).toEqual([null, null, 0, 0, null, null]);
    expect(valuesOf(trace, 'jobs', 'NumberOfMessagesSent').slice(0, 4)).toEqual([0, 0, 1, 0]);
  });
});

describe('outcomes of a batch', () => {
  const tenMessages = [once('jobs', 1, 10)];

  it('a batch with one poison message fails as a whole, and its good messages come back with it', () => {
    const { trace, truth } = simulate(
      oneWorker({
        maxReceiveCount: 4,
        source: { batchSize: 10, maximumBatchingWindowSeconds: 5 },
        settings: {
          producers: tenMessages,
          events: [background([{ kind: 'poison', queue: 'jobs', share: 1, how: 'throw', count: 1 }])],
        },
      }),
    );
    expect(total(valuesOf(trace, 'worker', 'Errors'))).toBe(4);
    expect(truth.conservation['jobs']).toMatchObject({ sent: 10, received: 40, deleted: 0, movedToDlq: 10 });
    expect(truth.wastedUsd['worker']).toBeGreaterThan(0);
  });

  it('partial batch failures: only the poison message comes back, Errors stays 0, and its share is wasted', () => {
    const { trace, truth } = simulate(
      oneWorker({
        maxReceiveCount: 2,
        source: { batchSize: 10, maximumBatchingWindowSeconds: 5, partialBatchResponses: true },
        settings: {
          producers: tenMessages,
          events: [background([{ kind: 'poison', queue: 'jobs', share: 1, how: 'partial', count: 1 }])],
        },
      }),
    );
    expect(total(valuesOf(trace, 'worker', 'Errors'))).toBe(0);
    expect(truth.conservation['jobs']).toMatchObject({ received: 11, deleted: 9, movedToDlq: 1 });
    const seconds = 1 + 0.2e-6 / 1.66667e-5;
    expect(truth.excessUsd['worker']).toBeCloseTo(seconds * 1.66667e-5 * (0.1 + 1), 8);
  });

  it('partial batch failures of a function without ReportBatchItemFailures fail the whole batch', () => {
    const { trace } = simulate(
      oneWorker({
        maxReceiveCount: 1,
        source: { batchSize: 10, maximumBatchingWindowSeconds: 5 },
        settings: {
          producers: tenMessages,
          events: [background([{ kind: 'poison', queue: 'jobs', share: 1, how: 'partial', count: 1 }])],
        },
      }),
    );
    expect(total(valuesOf(trace, 'worker', 'Errors'))).toBe(1);
  });

  it('a message without a dead-letter queue is retried until retention ends', () => {
    const { truth } = simulate(
      oneWorker({
        queue: { messageRetentionSeconds: 600, visibilityTimeoutSeconds: 60 },
        settings: { producers: [once('jobs', 1)], events: [poison] },
      }),
    );
    expect(truth.conservation['jobs']).toMatchObject({ received: 10, expired: 1, visible: 0, inFlight: 0 });
  });

  it('repaired: the message is processed at its next receive', () => {
    const { truth } = simulate(
      oneWorker({
        queue: { visibilityTimeoutSeconds: 60 },
        settings: {
          producers: [once('jobs', 1)],
          events: [background([{ kind: 'poison', queue: 'jobs', share: 1, how: 'throw' }], 0, 4.5)],
        },
      }),
    );
    // Received at 1:00, 2:00, 3:00, 4:00 and, repaired at 4:30, at 5:00.
    expect(truth.conservation['jobs']).toMatchObject({ received: 5, deleted: 1 });
  });
});

describe('a visibility timeout that is shorter than the run', () => {
  const slow = (staleDeletesWork: boolean) =>
    simulate(
      oneWorker({
        maxReceiveCount: 5,
        function: { durationMedianMs: 45_000, timeoutSeconds: 120 },
        queue: { visibilityTimeoutSeconds: 30, staleDeletesWork },
        settings: { producers: [once('jobs', 1)] },
      }),
    ).truth;

  it('where old receipt handles delete: the first run ends it, and the second was superfluous', () => {
    const truth = slow(true);
    expect(truth.conservation['jobs']).toMatchObject({ received: 2, deleted: 1, movedToDlq: 0 });
    expect(truth.wastedUsd['worker']).toBe(0);
    expect(truth.excessUsd['worker']).toBeCloseTo(45 * 1.66667e-5 + 2e-7, 8);
  });

  it('where they do not: every run succeeds, none counts, and the message is dead-lettered', () => {
    const truth = slow(false);
    expect(truth.conservation['jobs']).toMatchObject({ received: 5, deleted: 0, movedToDlq: 1 });
    expect(truth.excessUsd['worker']).toBeCloseTo(4 * (45 * 1.66667e-5 + 2e-7), 8);
  });
});

describe('ApproximateAgeOfOldestMessage', () => {
  it('grows for the first three receives and then forgets the poison message', () => {
    const { trace } = simulate(
      oneWorker({
        queue: { visibilityTimeoutSeconds: 300 },
        settings: { producers: [once('jobs', 1)], events: [poison] },
      }),
    );
    const age = valuesOf(trace, 'jobs', 'ApproximateAgeOfOldestMessage', 'Maximum');
    // Sent at 1:00; three receives of 300 s each: the age is seen until 16:00.
    expect(age.slice(3, 16).every((value, index) => (value ?? 0) >= (index + 1) * 60)).toBe(true);
    expect(age.slice(17)).toEqual(Array.from({ length: 43 }, () => 0));
    const inFlight = valuesOf(trace, 'jobs', 'ApproximateNumberOfMessagesNotVisible', 'Maximum');
    expect(inFlight.slice(17)).toEqual(Array.from({ length: 43 }, () => 1));
  });
});

describe('throttling', () => {
  it('reserved concurrency 0: messages are received and throttled, and good ones end in the dead-letter queue', () => {
    const { trace, truth } = simulate(
      oneWorker({
        maxReceiveCount: 3,
        function: { reservedConcurrency: 0 },
        settings: { producers: [once('jobs', 1, 4)] },
      }),
    );
    expect(total(valuesOf(trace, 'worker', 'Invocations'))).toBe(0);
    expect(total(valuesOf(trace, 'worker', 'Throttles'))).toBeGreaterThan(10);
    expect(truth.conservation['jobs']).toMatchObject({ received: 12, movedToDlq: 4 });
    expect(truth.wastedUsd['worker']).toBe(0);
  });

  it('a reservation of 2 never runs more than 2 at once, and all is done in the end', () => {
    const { trace, truth } = simulate(
      oneWorker({
        function: { reservedConcurrency: 2 },
        queue: { visibilityTimeoutSeconds: 60 },
        settings: { producers: [once('jobs', 1, 100, 5)] },
      }),
    );
    const concurrency = valuesOf(trace, 'worker', 'ConcurrentExecutions', 'Maximum');
    expect(Math.max(...concurrency.map((value) => value ?? 0))).toBe(2);
    expect(truth.conservation['jobs']).toMatchObject({ deleted: 100 });
  });
});

describe('pollers', () => {
  const burst = (maximumConcurrency: number | null) =>
    simulate(
      oneWorker({
        function: { durationMedianMs: 60_000, timeoutSeconds: 300 },
        queue: { visibilityTimeoutSeconds: 3_600 },
        source: { maximumConcurrency },
        settings: { producers: [once('jobs', 0, 5_000)], accountConcurrencyLimit: 3_000 },
      }),
    ).trace;

  it('start with 5 concurrent batches and add at most 300 a minute, up to 1,250', () => {
    const concurrency = valuesOf(burst(null), 'worker', 'ConcurrentExecutions', 'Maximum').map((v) => v ?? 0);
    expect(concurrency[0]).toBeGreaterThan(250);
    for (let minute = 1; minute < 6; minute++) {
      expect(concurrency[minute], `minute ${minute}`).toBeLessThanOrEqual(5 + 300 * (minute + 1));
    }
    expect(Math.max(...concurrency)).toBeLessThanOrEqual(1_250);
    expect(Math.max(...concurrency)).toBeGreaterThan(900);
  });

  it('stay at MaximumConcurrency', () => {
    const concurrency = valuesOf(burst(10), 'worker', 'ConcurrentExecutions', 'Maximum');
    expect(Math.max(...concurrency.map((value) => value ?? 0))).toBe(10);
  });
});

describe('a producer that sends every message five times', () => {
  it('sends the copies at once, and only they are too much', () => {
    const { trace, truth } = simulate(
      oneWorker({
        settings: {
          producers: [once('jobs', 1, 10, 30)],
          events: [background([{ kind: 'copies', queue: 'jobs', copies: 4 }])],
        },
      }),
    );
    expect(valuesOf(trace, 'jobs', 'NumberOfMessagesSent')[1]).toBe(50);
    expect(total(valuesOf(trace, 'jobs', 'NumberOfMessagesDeleted'))).toBe(50);
    // 40 seconds at 1 GB, and 40 requests.
    expect(truth.excessUsd['worker']).toBeCloseTo(40 * (1.66667e-5 + 2e-7), 7);
  });
});

import { PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { expect, it } from 'vitest';
import { SECOND_MS } from '../../src/model/time.ts';
import type { Effect } from '../../src/simulate/scenario.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import { createWorld } from '../../src/simulate/world.ts';
import { background, once, oneWorker } from '../simulate/build.ts';
import { total, valuesOf } from '../simulate/read.ts';
import type { Behaviour } from './handlers.ts';
import { lambdaTotal, MINUTE_MS, queueTotal } from './metrics.ts';
import { createPipeline, flood, journal, ledger } from './pipeline.ts';
import { describeWithEmulator, openWorld } from './world.ts';

const world = openWorld('simulator');

/** A pipeline that both can run: some messages fail each time, the others succeed at once. */
interface Case {
  readonly name: string;
  readonly behaviour: Behaviour;
  /** 0: nothing may run. */
  readonly reservedConcurrency: 0 | null;
  readonly failing: number;
  readonly succeeding: number;
  readonly maxReceiveCount: number;
  readonly visibilityTimeoutSeconds: number;
  readonly timeoutSeconds: number;
  readonly workSeconds: number;
}

const ORDINARY = {
  reservedConcurrency: null,
  visibilityTimeoutSeconds: 60,
  timeoutSeconds: 30,
  workSeconds: 3,
} as const;

const CASES: readonly Case[] = [
  { ...ORDINARY, name: 'throwing', behaviour: 'throws', failing: 7, succeeding: 0, maxReceiveCount: 3 },
  { ...ORDINARY, name: 'hanging', behaviour: 'times-out', failing: 4, succeeding: 0, maxReceiveCount: 2 },
  { ...ORDINARY, name: 'healthy', behaviour: 'healthy', failing: 0, succeeding: 12, maxReceiveCount: 3 },
  {
    ...ORDINARY,
    name: 'partial',
    behaviour: 'fails-partially',
    failing: 3,
    succeeding: 8,
    maxReceiveCount: 3,
  },
  {
    ...ORDINARY,
    name: 'reserved-nothing',
    behaviour: 'healthy',
    reservedConcurrency: 0,
    failing: 5,
    succeeding: 0,
    maxReceiveCount: 2,
  },
];

/** What both tell exactly, however their clocks and pollers differ. */
interface Outcome {
  readonly sent: number;
  readonly received: number;
  readonly deleted: number;
  readonly deadLettered: number;
  readonly left: number;
  /** NumberOfMessagesSent of the dead-letter queue. */
  readonly sentOfDeadLetters: number;
  /** Errors among Invocations. */
  readonly errors: 'all' | 'none' | 'some';
}

function errorsOf(errors: number, invocations: number): Outcome['errors'] {
  if (errors === 0) return 'none';
  return errors === invocations ? 'all' : 'some';
}

const EFFECTS: Readonly<Record<Behaviour, (failing: number) => readonly Effect[]>> = {
  throws: () => [{ kind: 'fail', function: 'worker', share: 1, how: 'throw' }],
  'times-out': () => [{ kind: 'fail', function: 'worker', share: 1, how: 'timeout' }],
  healthy: () => [],
  'fails-partially': (count) => [{ kind: 'poison', queue: 'jobs', share: 1, how: 'partial', count }],
};

function scenarioOf(one: Case) {
  return oneWorker({
    maxReceiveCount: one.maxReceiveCount,
    function: {
      timeoutSeconds: one.timeoutSeconds,
      durationMedianMs: one.workSeconds * SECOND_MS,
      reservedConcurrency: one.reservedConcurrency,
    },
    source: { batchSize: 10, partialBatchResponses: one.behaviour === 'fails-partially' },
    queue: { visibilityTimeoutSeconds: one.visibilityTimeoutSeconds },
    settings: {
      producers: [once('jobs', 1, one.failing + one.succeeding, 1)],
      events: [background(EFFECTS[one.behaviour](one.failing))],
    },
  });
}

function simulated(one: Case): Outcome {
  const { trace, truth } = simulate(scenarioOf(one));
  const { jobs, 'jobs-dlq': deadLetters } = truth.conservation;
  if (jobs === undefined || deadLetters === undefined) throw new Error('the scenario has no such queues');
  return {
    sent: jobs.sent,
    received: jobs.received,
    deleted: jobs.deleted,
    deadLettered: deadLetters.visible,
    left: jobs.visible + jobs.inFlight,
    sentOfDeadLetters: total(valuesOf(trace, 'jobs-dlq', 'NumberOfMessagesSent')),
    errors: errorsOf(
      total(valuesOf(trace, 'worker', 'Errors')),
      total(valuesOf(trace, 'worker', 'Invocations')),
    ),
  };
}

/** Milliseconds between the receives of a single message in the simulator. */
function simulatedGapsMs(one: Case): number[] {
  const scenario = scenarioOf({ ...one, failing: Math.min(1, one.failing), succeeding: 0 });
  const alone = createWorld(scenario);
  const receivedAt: number[] = [];
  const endAt = scenario.startAt + scenario.minutes * MINUTE_MS;
  for (let at = scenario.startAt; at <= endAt; at += SECOND_MS / 10) {
    alone.advanceTo(at);
    if (alone.conservation('jobs').received > receivedAt.length) receivedAt.push(at);
  }
  return receivedAt.slice(1).map((at, index) => at - (receivedAt[index] ?? 0));
}

async function emulated(one: Case) {
  const { behaviour, reservedConcurrency, failing, succeeding, ...settings } = one;
  const pipeline = await createPipeline(world, {
    ...settings,
    behaviour,
    partialBatchResponses: behaviour === 'fails-partially',
  });
  if (reservedConcurrency !== null) {
    const { functionName: FunctionName } = pipeline;
    await world.lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: reservedConcurrency }),
    );
  }
  const poison = await flood(world, pipeline, failing, 'poison');
  const good = await flood(world, pipeline, succeeding, 'order');
  const { queued } = await world.eventually(
    () => ledger(world, pipeline),
    (found) =>
      found.deadLettered.length === failing &&
      found.processed.length === succeeding &&
      found.queued.length === 0,
  );
  // Until everything that happened is readable: the metric lag and a sample.
  await world.sleep(1.5 * MINUTE_MS);
  const deadLetters = { ...pipeline, queueName: pipeline.deadLetterQueueName };
  const outcome: Outcome = {
    sent: await queueTotal(world, pipeline, 'NumberOfMessagesSent'),
    received: await queueTotal(world, pipeline, 'NumberOfMessagesReceived'),
    deleted: await queueTotal(world, pipeline, 'NumberOfMessagesDeleted'),
    deadLettered: (await ledger(world, pipeline)).deadLettered.length,
    left: queued.length,
    sentOfDeadLetters: await queueTotal(world, deadLetters, 'NumberOfMessagesSent'),
    errors: errorsOf(
      await lambdaTotal(world, pipeline, 'Errors'),
      await lambdaTotal(world, pipeline, 'Invocations'),
    ),
  };
  return { outcome, poison, good, attempts: journal(pipeline).filter(({ event }) => event === 'invoked') };
}

describeWithEmulator('the simulator and the emulator run the same pipeline', () => {
  it.each(CASES)('$name: the same receives, deletes and dead letters', async (one) => {
    const { outcome, poison, good, attempts } = await emulated(one);
    expect(outcome).toEqual(simulated(one));
    const receivesOf = (body: string) =>
      attempts.filter((attempt) => attempt.body === body).map(({ receives }) => receives);
    const upTo = (count: number) => Array.from({ length: count }, (_, n) => n + 1);
    const runs = one.reservedConcurrency === 0 ? 0 : one.maxReceiveCount;
    for (const body of poison) expect(receivesOf(body)).toEqual(upTo(runs));
    for (const body of good) expect(receivesOf(body)).toEqual([1]);
    // A receive is a visibility timeout after the one before it, or more: the handler notes it later, never sooner.
    const visibilityMs = one.visibilityTimeoutSeconds * SECOND_MS;
    for (const { at, receives, firstReceivedAt } of attempts) {
      expect(at - firstReceivedAt).toBeGreaterThanOrEqual((receives - 1) * visibilityMs);
    }
    expect(simulatedGapsMs(one)).toEqual(
      one.failing > 0 ? upTo(one.maxReceiveCount - 1).map(() => visibilityMs) : [],
    );
  });
});

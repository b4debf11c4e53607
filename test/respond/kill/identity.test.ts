import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FirebreakError, RefusedError } from '../../../src/model/errors.ts';
import { executeKill } from '../../../src/respond/kill/execute.ts';
import { executeRestore } from '../../../src/respond/kill/restore.ts';
import { keyOf } from '../../../src/respond/kill/settings.ts';
import { type MemoryData, memoryData, memoryStore } from '../../../src/store/memory-store.ts';
import { CAUSE, depsOf, FUNCTION, planOf, WHERE } from './builders.ts';
import { type FakeLambda, type FakeSettings, type Fault, fakeLambda } from './fake-lambda.ts';
import { faultyStore, type StoreFault } from './faulty-store.ts';

const anyReservation = fc.oneof(fc.constant(null), fc.constant(0), fc.integer({ min: 1, max: 900 }));
/** From one mapping and no reservation to five mappings, some of them disabled, and any reservation. */
const anySettings: fc.Arbitrary<FakeSettings> = fc.record({
  mappings: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.boolean(), {
    maxKeys: 5,
    noNullPrototype: true,
  }),
  reservedConcurrency: anyReservation,
});
const anyFaults = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom<Fault>('before', 'after', 'busy') },
  ),
  { maxLength: 40 },
);
const anyStoreFaults = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom<StoreFault>('before', 'after') },
  ),
  { maxLength: 20 },
);

/** Whatever is changed is in the record before, together with what it was. */
function watchChanges(lambda: FakeLambda, data: MemoryData): void {
  lambda.onChange = async () => {
    const open = await memoryStore(data).openKill(FUNCTION);
    expect(open, 'a change without an open kill record').not.toBeNull();
    expect(['recorded', 'restoring']).toContain(open?.state);
    const known = new Set(open?.steps.map(keyOf));
    for (const [id, enabled] of Object.entries(lambda.settings().mappings)) {
      if (enabled) expect(known, `mapping ${id} is not in the record`).toContain(`event-source ${id}`);
    }
  };
}

/** Runs a command again and again, as a person would, until it gets through or is refused. */
async function untilDone<T>(command: () => Promise<T>, attempts = 80): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await command();
    } catch (error) {
      if (!(error instanceof FirebreakError) || error instanceof RefusedError || attempt === attempts)
        throw error;
    }
  }
}

describe('restore after kill', () => {
  it('gives back exactly what was, from any start, whatever calls fail on the way', async () => {
    await fc.assert(
      fc.asyncProperty(
        anySettings,
        fc.boolean(),
        fc.boolean(),
        anyFaults,
        anyStoreFaults,
        fc.nat(3),
        async (start, hard, harderLater, faults, storeFaults, settleReads) => {
          const data = memoryData();
          const lambda = fakeLambda(start, { settleReads });
          watchChanges(lambda, data);
          lambda.faults = [...faults];
          const store = faultyStore(data, [...storeFaults]);
          const deps = () => depsOf(lambda, data, { store });

          await untilDone(() => executeKill(planOf(start, hard), CAUSE, deps()));
          const stopped = lambda.settings();
          expect(Object.values(stopped.mappings)).not.toContain(true);
          if (hard || Object.keys(start.mappings).length === 0) expect(stopped.reservedConcurrency).toBe(0);
          else expect(stopped.reservedConcurrency).toBe(start.reservedConcurrency);
          if (harderLater) {
            await untilDone(() => executeKill(planOf(lambda.settings(), true), CAUSE, deps()));
            expect(lambda.settings().reservedConcurrency).toBe(0);
          }
          await untilDone(() => executeRestore({ ...WHERE, onDrift: 'refuse' }, deps()));

          expect(lambda.settings()).toEqual(start);
          expect(data.kills.map(({ state }) => state)).toEqual(['restored']);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('gives back exactly what was though the kill was given up half way, at any point', async () => {
    await fc.assert(
      fc.asyncProperty(
        anySettings,
        fc.boolean(),
        fc.nat(30),
        fc.constantFrom<Fault>('before', 'after'),
        async (start, hard, at, fault) => {
          const data = memoryData();
          const lambda = fakeLambda(start, { settleReads: 1 });
          watchChanges(lambda, data);
          lambda.faults = [...Array(at).fill(null), fault];
          await executeKill(planOf(start, hard), CAUSE, depsOf(lambda, data)).catch(() => undefined);
          lambda.faults = [];
          await executeRestore({ ...WHERE, onDrift: 'refuse' }, depsOf(lambda, data));
          expect(lambda.settings()).toEqual(start);
          expect(await memoryStore(data).openKill(FUNCTION)).toBeNull();
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('two commands at once, their calls in any order', () => {
  /** Every call of AWS and of the store waits for its turn, and the scheduler says whose turn it is. */
  function scheduled(s: fc.Scheduler, lambda: FakeLambda, data: MemoryData) {
    const inTurn = <F extends (...args: never[]) => Promise<unknown>>(call: F): F =>
      (async (...args: Parameters<F>) => {
        await s.schedule(Promise.resolve());
        return call(...args);
      }) as unknown as F;
    const { port } = lambda;
    const store = memoryStore(data);
    return {
      ...depsOf(lambda, data),
      port: {
        getEventSource: inTurn(port.getEventSource),
        setEventSourceEnabled: inTurn(port.setEventSourceEnabled),
        setMaximumConcurrency: inTurn(port.setMaximumConcurrency),
        getReservedConcurrency: inTurn(port.getReservedConcurrency),
        putReservedConcurrency: inTurn(port.putReservedConcurrency),
        deleteReservedConcurrency: inTurn(port.deleteReservedConcurrency),
      },
      store: {
        openKill: inTurn(store.openKill),
        kills: inTurn(store.kills),
        createKill: inTurn(store.createKill),
        updateKill: inTurn(store.updateKill),
      },
    };
  }

  const settled = async (s: fc.Scheduler, commands: readonly Promise<unknown>[]) => {
    const results = Promise.allSettled(commands);
    await s.waitFor(results);
    for (const result of await results) {
      if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(FirebreakError);
    }
    return results;
  };

  it('two kills: one record, all is stopped, and restore gives back what was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), anySettings, fc.boolean(), async (s, start, hard) => {
        const data = memoryData();
        const lambda = fakeLambda(start, { settleReads: 1 });
        const results = await settled(s, [
          executeKill(planOf(start), CAUSE, scheduled(s, lambda, data)),
          executeKill(planOf(start, hard), CAUSE, scheduled(s, lambda, data)),
        ]);
        expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
        expect(data.kills.map(({ state }) => state)).toEqual(['killed']);
        expect(Object.values(lambda.settings().mappings)).not.toContain(true);
        if (hard) expect(lambda.settings().reservedConcurrency).toBe(0);
        await executeRestore({ ...WHERE, onDrift: 'refuse' }, depsOf(lambda, data));
        expect(lambda.settings()).toEqual(start);
      }),
      { numRuns: 200 },
    );
  });

  it('two restores: both are done, and what was is back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), anySettings, fc.boolean(), async (s, start, hard) => {
        const data = memoryData();
        const lambda = fakeLambda(start, { settleReads: 1 });
        await executeKill(planOf(start, hard), CAUSE, depsOf(lambda, data));
        const restore = () => executeRestore({ ...WHERE, onDrift: 'refuse' }, scheduled(s, lambda, data));
        const results = await settled(s, [restore(), restore()]);
        expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
        expect(lambda.settings()).toEqual(start);
        expect(data.kills.map(({ state }) => state)).toEqual(['restored']);
      }),
      { numRuns: 200 },
    );
  });

  it('a kill and a restore: either all is stopped under an open record, or what was is back', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        anySettings,
        fc.boolean(),
        fc.boolean(),
        async (s, start, hard, wasKilled) => {
          const data = memoryData();
          const lambda = fakeLambda(start, { settleReads: 1 });
          if (wasKilled) await executeKill(planOf(start), CAUSE, depsOf(lambda, data));
          await settled(s, [
            executeKill(planOf(start, hard), CAUSE, scheduled(s, lambda, data)),
            executeRestore({ ...WHERE, onDrift: 'refuse' }, scheduled(s, lambda, data)),
          ]);
          const open = await memoryStore(data).openKill(FUNCTION);
          if (open === null) expect(lambda.settings()).toEqual(start);
          else {
            expect(open.state).toBe('killed');
            expect(Object.values(lambda.settings().mappings)).not.toContain(true);
          }
          await executeRestore({ ...WHERE, onDrift: 'refuse' }, depsOf(lambda, data));
          expect(lambda.settings()).toEqual(start);
        },
      ),
      { numRuns: 300 },
    );
  });
});

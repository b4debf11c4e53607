import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../src/model/errors.ts';
import { executeKill } from '../../../src/respond/kill/execute.ts';
import { mergeKills } from '../../../src/respond/kill/merge.ts';
import { executeRestore } from '../../../src/respond/kill/restore.ts';
import { memoryData, memoryStore } from '../../../src/store/memory-store.ts';
import { AT, CAUSE, depsOf, FUNCTION, planOf, WHERE } from './builders.ts';
import { type FakeSettings, fakeLambda } from './fake-lambda.ts';
import { faultyStore, type StoreFault } from './faulty-store.ts';

const MOVE = { place: 'table firebreak', now: () => AT };
/** Another moment than that of the kill in the table. */
const LATER = { now: () => AT + 60_000 };
const START: FakeSettings = { mappings: { a: true, b: false }, reservedConcurrency: 5 };

describe('a kill that was recorded elsewhere while the store was out of reach', () => {
  it('is moved, and restored from the store as if it had always been there', async () => {
    const [local, table] = [memoryData(), memoryData()];
    const lambda = fakeLambda(START);
    await executeKill(planOf(START, true), CAUSE, depsOf(lambda, local));
    expect(await mergeKills(memoryStore(local), memoryStore(table), MOVE)).toEqual([FUNCTION]);
    expect(await memoryStore(local).openKill(FUNCTION)).toBeNull();
    expect(local.kills[0]?.reason).toBe('retry loop (moved to table firebreak)');
    await executeRestore({ ...WHERE, onDrift: 'refuse' }, depsOf(lambda, table));
    expect(lambda.settings()).toEqual(START);
  });

  it('adds to one that was open in the store: what was before the first kill is put back', async () => {
    const [local, table] = [memoryData(), memoryData()];
    const lambda = fakeLambda(START);
    await executeKill(planOf(START), CAUSE, depsOf(lambda, table));
    // It finds the mapping disabled already, as the table's kill left it.
    await executeKill(planOf(lambda.settings(), true), CAUSE, depsOf(lambda, local, LATER));
    await mergeKills(memoryStore(local), memoryStore(table), MOVE);
    expect(table.kills).toHaveLength(1);
    await executeRestore({ ...WHERE, onDrift: 'refuse' }, depsOf(lambda, table));
    expect(lambda.settings()).toEqual(START);
  });

  it('moved twice, or restored since, changes nothing more', async () => {
    const [local, table] = [memoryData(), memoryData()];
    const lambda = fakeLambda(START);
    await executeKill(planOf(START), CAUSE, depsOf(lambda, local));
    const before = structuredClone(local.kills);
    await mergeKills(memoryStore(local), memoryStore(table), MOVE);
    await executeRestore({ ...WHERE, onDrift: 'refuse' }, depsOf(lambda, table));
    // The machine crashed before it noted that the record was moved.
    local.kills.splice(0, local.kills.length, ...before);
    await mergeKills(memoryStore(local), memoryStore(table), MOVE);
    expect(table.kills.map(({ state }) => state)).toEqual(['restored']);
    expect(await mergeKills(memoryStore(local), memoryStore(table), MOVE)).toEqual([]);
  });

  it('whatever fails on the way: in the end it is in the store once, and can be restored', async () => {
    const faults = fc.array(fc.constantFrom<StoreFault>(null, null, 'before', 'after'), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(faults, faults, fc.boolean(), fc.boolean(), async (there, here, wasOpen, hard) => {
        const [local, table] = [memoryData(), memoryData()];
        const lambda = fakeLambda(START);
        if (wasOpen) await executeKill(planOf(START), CAUSE, depsOf(lambda, table));
        await executeKill(planOf(lambda.settings(), hard), CAUSE, depsOf(lambda, local, LATER));
        const [from, into] = [faultyStore(local, [...here]), faultyStore(table, [...there])];
        for (let attempt = 0; attempt < 30; attempt++) {
          await mergeKills(from, into, MOVE).catch((error: unknown) => {
            expect(error).toBeInstanceOf(UnavailableError);
          });
        }
        expect(await memoryStore(local).openKill(FUNCTION)).toBeNull();
        expect(table.kills.map(({ state }) => state)).toEqual(['killed']);
        await executeRestore({ ...WHERE, onDrift: 'refuse' }, depsOf(lambda, table));
        expect(lambda.settings()).toEqual(START);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the store is out of reach', () => {
  it.each([0, 1, 2])('from its call %i on: nothing is touched without a record', async (calls) => {
    const data = memoryData();
    const lambda = fakeLambda(START);
    const faults: StoreFault[] = [
      ...Array<StoreFault>(calls).fill(null),
      ...Array<StoreFault>(50).fill('before'),
    ];
    const deps = depsOf(lambda, data, { store: faultyStore(data, faults) });
    await expect(executeKill(planOf(START, true), CAUSE, deps)).rejects.toThrow(UnavailableError);
    expect(lambda.changes).toEqual([]);
    expect(lambda.settings()).toEqual(START);
  });
});

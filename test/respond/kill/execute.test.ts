import { beforeEach, describe, expect, it } from 'vitest';
import { RefusedError, UnavailableError } from '../../../src/model/errors.ts';
import type { KillRecord } from '../../../src/model/kill.ts';
import { executeKill } from '../../../src/respond/kill/execute.ts';
import { executeRestore } from '../../../src/respond/kill/restore.ts';
import { type MemoryData, memoryData, memoryStore } from '../../../src/store/memory-store.ts';
import { AT, CAUSE, depsOf, FUNCTION, planOf, WHERE } from './builders.ts';
import { type FakeSettings, fakeLambda } from './fake-lambda.ts';

const START: FakeSettings = { mappings: { 'esm-1': true, 'esm-2': false }, reservedConcurrency: null };
const restoreNow = { ...WHERE, onDrift: 'refuse' as const };

describe('kill', () => {
  let data: MemoryData;
  beforeEach(() => {
    data = memoryData();
  });
  const openKill = () => memoryStore(data).openKill(FUNCTION);

  it('disables what is enabled, leaves the rest alone, and records what was', async () => {
    const lambda = fakeLambda(START);
    const { kind, record } = await executeKill(planOf(START), CAUSE, depsOf(lambda, data));
    expect(kind).toBe('killed');
    expect(lambda.changes).toEqual(['esm-1 disabled']);
    expect(record).toMatchObject({ state: 'killed', lever: 'disable-event-source', requestedBy: 'jane' });
    expect(record.steps.map((step) => 'priorEnabled' in step && step.priorEnabled)).toEqual([true, false]);
    expect(await openKill()).toEqual(record);
  });

  it('has the record in the store before it changes anything', async () => {
    const lambda = fakeLambda(START);
    const seen: (KillRecord | null)[] = [];
    lambda.onChange = async () => void seen.push(await openKill());
    await executeKill(planOf(START, true), CAUSE, depsOf(lambda, data));
    expect(lambda.changes).toHaveLength(2);
    expect(seen.map((record) => record?.state)).toEqual(['recorded', 'recorded']);
  });

  it('reads what was from AWS, not from the plan', async () => {
    const lambda = fakeLambda({ mappings: { 'esm-1': true }, reservedConcurrency: 25 });
    const outdated = planOf({ mappings: { 'esm-1': false }, reservedConcurrency: null }, true);
    const { record } = await executeKill(outdated, CAUSE, depsOf(lambda, data));
    expect(record.steps).toMatchObject([{ priorEnabled: true }, { priorReservedConcurrency: 25 }]);
  });

  it('asks for everything before it waits for anything', async () => {
    const lambda = fakeLambda(
      { mappings: { 'esm-1': true, 'esm-2': true }, reservedConcurrency: null },
      { settleReads: 9 },
    );
    const deps = depsOf(lambda, data);
    lambda.onChange = () => expect(deps.slept()).toBe(0);
    await executeKill(planOf(lambda.settings(), true), CAUSE, deps);
    expect(lambda.changes).toEqual(['esm-1 disabled', 'esm-2 disabled', 'concurrency 0']);
    expect(deps.slept()).toBeGreaterThan(0);
    expect(deps.lines).toContain(
      'event source mapping of queue-of-esm-1 (esm-1): waiting, AWS says Disabling',
    );
  });

  it('waits for a mapping that AWS is busy with, a bounded time', async () => {
    const lambda = fakeLambda(START);
    lambda.faults = [null, null, null, ...Array(1000).fill('busy')];
    const deps = depsOf(lambda, data);
    const failure = executeKill(planOf(START), CAUSE, deps);
    await expect(failure).rejects.toThrow(
      'event source mapping of queue-of-esm-1 (esm-1) of orders-worker is still not disabled ' +
        '(AWS is busy with it (TooManyRequestsException)). orders-worker may be half stopped: ' +
        'run the same command again to finish, or firebreak restore orders-worker to undo',
    );
    expect(deps.slept()).toBe(302_000);
    expect((await openKill())?.state).toBe('recorded');
  });

  it('done twice: says so and touches nothing', async () => {
    const lambda = fakeLambda(START);
    await executeKill(planOf(START), CAUSE, depsOf(lambda, data));
    const before = await openKill();
    const second = await executeKill(planOf(lambda.settings()), CAUSE, depsOf(lambda, data));
    expect(second).toEqual({ kind: 'already-killed', record: before });
    expect(lambda.changes).toEqual(['esm-1 disabled']);
  });

  it('done harder: adds a step, and still knows what was before the first', async () => {
    const lambda = fakeLambda({ ...START, reservedConcurrency: 7 });
    await executeKill(planOf(lambda.settings()), CAUSE, depsOf(lambda, data));
    const harder = { ...CAUSE, reason: 'still burning' };
    const { kind, record } = await executeKill(planOf(lambda.settings(), true), harder, depsOf(lambda, data));
    expect(kind).toBe('killed');
    expect(record.lever).toBe('reserved-concurrency-zero');
    expect(record.reason).toBe('retry loop; jane: still burning');
    expect(record.steps).toMatchObject([
      { eventSourceId: 'esm-1', priorEnabled: true },
      { eventSourceId: 'esm-2', priorEnabled: false },
      { priorReservedConcurrency: 7 },
    ]);
    expect(await memoryStore(data).kills()).toHaveLength(1);
  });

  it('softer after harder: it is stopped already', async () => {
    const lambda = fakeLambda(START);
    await executeKill(planOf(START, true), CAUSE, depsOf(lambda, data));
    const second = await executeKill(planOf(lambda.settings()), CAUSE, depsOf(lambda, data));
    expect(second.kind).toBe('already-killed');
  });

  it('stops again what a deployment started, and restores to what it was at first', async () => {
    const lambda = fakeLambda(START);
    await executeKill(planOf(START), CAUSE, depsOf(lambda, data));
    lambda.setMapping('esm-1', true);
    const again = await executeKill(planOf(lambda.settings()), CAUSE, depsOf(lambda, data));
    expect(again.kind).toBe('killed');
    expect(lambda.settings().mappings['esm-1']).toBe(false);
    await executeRestore(restoreNow, depsOf(lambda, data));
    expect(lambda.settings()).toEqual(START);
  });

  it('takes what somebody set since the kill for the value to put back', async () => {
    const lambda = fakeLambda({ mappings: {}, reservedConcurrency: null });
    await executeKill(planOf(lambda.settings()), CAUSE, depsOf(lambda, data));
    lambda.setReservedConcurrency(5);
    await executeKill(planOf(lambda.settings()), CAUSE, depsOf(lambda, data));
    expect(lambda.settings().reservedConcurrency).toBe(0);
    await executeRestore(restoreNow, depsOf(lambda, data));
    expect(lambda.settings().reservedConcurrency).toBe(5);
  });

  it('a mapping that is gone needs no stopping', async () => {
    const lambda = fakeLambda(START);
    const plan = planOf(START);
    lambda.removeMapping('esm-1');
    const { record } = await executeKill(plan, CAUSE, depsOf(lambda, data));
    expect(record.steps).toMatchObject([{ eventSourceId: 'esm-2' }]);
    lambda.removeMapping('esm-2');
    const nothing = executeKill(plan, CAUSE, depsOf(lambda, memoryData()));
    await expect(nothing).rejects.toThrow('nothing is left to stop');
  });

  it('a refused plan changes nothing and records nothing', async () => {
    const lambda = fakeLambda(START);
    const refused = { ...planOf(START), refusals: ['orders-worker is on the protect list'] };
    const failure = executeKill(refused, CAUSE, depsOf(lambda, data));
    await expect(failure).rejects.toThrow(RefusedError);
    expect(lambda.calls).toBe(0);
    expect(data.kills).toEqual([]);
  });

  it('a record of another region is not taken for this one', async () => {
    const lambda = fakeLambda(START);
    await executeKill({ ...planOf(START), region: 'us-east-1' }, CAUSE, depsOf(lambda, data));
    const here = executeKill(planOf(START), CAUSE, depsOf(lambda, data));
    await expect(here).rejects.toThrow(
      'orders-worker was stopped in account 111122223333, us-east-1, not in 111122223333, eu-west-1',
    );
  });

  it('a store that loses what is written: nothing is changed', async () => {
    const lambda = fakeLambda(START);
    const store = { ...memoryStore(data), createKill: async () => true };
    const failure = executeKill(planOf(START), CAUSE, depsOf(lambda, data, { store }));
    await expect(failure).rejects.toThrow(UnavailableError);
    expect(lambda.changes).toEqual([]);
  });

  it('a store that spoils what is written: nothing is changed', async () => {
    const lambda = fakeLambda(START);
    const inner = memoryStore(data);
    const store = {
      ...inner,
      createKill: (record: KillRecord) => inner.createKill({ ...record, steps: [] }),
    };
    const failure = executeKill(planOf(START), CAUSE, depsOf(lambda, data, { store }));
    await expect(failure).rejects.toThrow(
      'another kill record of orders-worker than was written: nothing was changed',
    );
    expect(lambda.changes).toEqual([]);
  });

  it('the person interrupts while it waits: what is begun stays recorded', async () => {
    const lambda = fakeLambda(START, { settleReads: 50 });
    const interrupt = new AbortController();
    interrupt.abort();
    const failure = executeKill(planOf(START), CAUSE, depsOf(lambda, data, { signal: interrupt.signal }));
    await expect(failure).rejects.toThrow('interrupted. orders-worker may be half stopped');
    expect((await openKill())?.state).toBe('recorded');
  });

  it('a restore that begins while it works wins: what the kill changed is put back, and it changes nothing more', async () => {
    const start = { mappings: { a: true, b: true, c: true }, reservedConcurrency: null };
    const lambda = fakeLambda(start);
    let restored = false;
    lambda.onChange = async () => {
      if (restored) return;
      restored = true;
      await executeRestore(restoreNow, depsOf(lambda, data));
    };
    const failure = executeKill(planOf(start), CAUSE, depsOf(lambda, data));
    await expect(failure).rejects.toThrow('somebody restored orders-worker while it was being stopped');
    expect(lambda.changes).toEqual(['a disabled', 'a enabled']);
    expect(lambda.settings()).toEqual(start);
    expect(await openKill()).toBeNull();
  });

  it('says when it was recorded and when it was done', async () => {
    const lambda = fakeLambda(START);
    const { record } = await executeKill(planOf(START), CAUSE, depsOf(lambda, data));
    expect(record.recordedAt).toBeGreaterThanOrEqual(AT);
    expect(record.killedAt).toBeGreaterThan(record.recordedAt);
    expect(record.id).toBe('kill-orders-worker-20261101T041200000Z');
  });
});

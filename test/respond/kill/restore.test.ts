import { beforeEach, describe, expect, it } from 'vitest';
import { RefusedError } from '../../../src/model/errors.ts';
import { executeKill } from '../../../src/respond/kill/execute.ts';
import { executeRestore, type OnDrift, planRestore } from '../../../src/respond/kill/restore.ts';
import { type MemoryData, memoryData, memoryStore } from '../../../src/store/memory-store.ts';
import { CAUSE, depsOf, FUNCTION, planOf, WHERE } from './builders.ts';
import { type FakeLambda, type FakeSettings, fakeLambda } from './fake-lambda.ts';

describe('restore', () => {
  let data: MemoryData;
  beforeEach(() => {
    data = memoryData();
  });
  const restore = (lambda: FakeLambda, onDrift: OnDrift = 'refuse') =>
    executeRestore({ ...WHERE, onDrift }, depsOf(lambda, data));
  const killed = async (start: FakeSettings, hard = false, options = {}) => {
    const lambda = fakeLambda(start, options);
    await executeKill(planOf(start, hard), CAUSE, depsOf(lambda, data));
    lambda.changes.length = 0;
    return lambda;
  };

  it.each<[string, FakeSettings, string[]]>([
    ['no reservation: deletes it', { mappings: {}, reservedConcurrency: null }, ['concurrency none']],
    ['a reservation of 0: was stopped, stays stopped', { mappings: {}, reservedConcurrency: 0 }, []],
    ['a reservation of 1: puts it back', { mappings: {}, reservedConcurrency: 1 }, ['concurrency 1']],
    [
      'an enabled mapping',
      { mappings: { a: true }, reservedConcurrency: null },
      ['concurrency none', 'a enabled'],
    ],
    [
      'a disabled mapping: stays disabled',
      { mappings: { a: false }, reservedConcurrency: 9 },
      ['concurrency 9'],
    ],
    [
      'a mixture: concurrency first, lest mappings poll a function that cannot run',
      { mappings: { a: true, b: false, c: true }, reservedConcurrency: 3 },
      ['concurrency 3', 'a enabled', 'c enabled'],
    ],
  ])('%s', async (_, start, changes) => {
    const lambda = await killed(start, true);
    const { kind, record } = await restore(lambda);
    expect(kind).toBe('restored');
    expect(record?.state).toBe('restored');
    expect(lambda.changes).toEqual(changes);
    expect(lambda.settings()).toEqual(start);
    expect(await memoryStore(data).openKill(FUNCTION)).toBeNull();
  });

  it('waits until a mapping is Enabled', async () => {
    const start = { mappings: { a: true }, reservedConcurrency: null };
    const lambda = await killed(start, false, { settleReads: 4 });
    const deps = depsOf(lambda, data);
    await executeRestore({ ...WHERE, onDrift: 'refuse' }, deps);
    expect(deps.lines.at(-1)).toBe('event source mapping of queue-of-a (a): waiting, AWS says Enabling');
  });

  it('done twice: has nothing to do, and says when it was done', async () => {
    const lambda = await killed({ mappings: { a: true }, reservedConcurrency: null });
    await restore(lambda);
    lambda.calls = 0;
    const second = await restore(lambda);
    expect(second).toMatchObject({ kind: 'not-killed', record: { state: 'restored' }, steps: [] });
    expect(lambda.calls).toBe(0);
  });

  it('of a function that was never killed: nothing', async () => {
    const lambda = fakeLambda({ mappings: {}, reservedConcurrency: 4 });
    expect(await restore(lambda)).toEqual({ kind: 'not-killed', record: null, steps: [] });
  });

  it('of a kill that never got to changing anything', async () => {
    const start = { mappings: { a: true }, reservedConcurrency: null };
    const lambda = fakeLambda(start);
    lambda.faults = [null, null, 'before'];
    await expect(executeKill(planOf(start), CAUSE, depsOf(lambda, data))).rejects.toThrow('network down');
    expect((await restore(lambda)).record?.state).toBe('restored');
    expect(lambda.changes).toEqual([]);
  });

  describe('a setting that somebody changed since', () => {
    const drifted = async () => {
      const lambda = await killed({ mappings: { a: true }, reservedConcurrency: null }, true);
      lambda.setReservedConcurrency(5);
      return lambda;
    };

    it('is shown and refused; nothing is changed', async () => {
      const lambda = await drifted();
      const failure = restore(lambda);
      await expect(failure).rejects.toThrow(RefusedError);
      await expect(failure).rejects.toThrow(
        'reserved concurrency was none, the kill made it 0, and now it is 5: somebody changed it since',
      );
      expect(lambda.changes).toEqual([]);
      expect((await memoryStore(data).openKill(FUNCTION))?.state).toBe('killed');
    });

    it('is overwritten when asked to', async () => {
      const lambda = await drifted();
      await restore(lambda, 'overwrite');
      expect(lambda.settings()).toEqual({ mappings: { a: true }, reservedConcurrency: null });
    });

    it('is kept when asked to, and the rest is restored', async () => {
      const lambda = await drifted();
      expect((await restore(lambda, 'keep')).record?.state).toBe('restored');
      expect(lambda.settings()).toEqual({ mappings: { a: true }, reservedConcurrency: 5 });
    });

    it('to what it was before the kill is as good as restored', async () => {
      const lambda = await killed({ mappings: { a: true }, reservedConcurrency: null });
      lambda.setMapping('a', true);
      expect((await restore(lambda)).record?.state).toBe('restored');
      expect(lambda.changes).toEqual([]);
    });

    it('and that the kill had left alone is none of our business', async () => {
      const lambda = await killed({ mappings: { a: true, b: false }, reservedConcurrency: null });
      lambda.setMapping('b', true);
      await restore(lambda);
      expect(lambda.settings().mappings).toEqual({ a: true, b: true });
    });

    it('a mapping that is gone: the rest is restored', async () => {
      const lambda = await killed({ mappings: { a: true, b: true }, reservedConcurrency: null });
      lambda.removeMapping('a');
      const { record, steps } = await restore(lambda);
      expect(record?.state).toBe('restored');
      expect(steps.map(({ verdict }) => verdict)).toEqual(['gone', 'put-back']);
      expect(lambda.settings().mappings).toEqual({ b: true });
    });
  });

  it('a reservation that cannot be had: the mappings stay off, the record stays open, and once there is room it goes on', async () => {
    const start = { mappings: { a: true }, reservedConcurrency: 50 };
    const lambda = await killed(start, true);
    lambda.reservable = 10;
    await expect(restore(lambda)).rejects.toThrow('run firebreak restore orders-worker again to finish');
    expect(lambda.settings()).toEqual({ mappings: { a: false }, reservedConcurrency: 0 });
    expect((await memoryStore(data).openKill(FUNCTION))?.state).toBe('restoring');
    lambda.reservable = 1000;
    await restore(lambda);
    expect(lambda.settings()).toEqual(start);
  });

  it('from another region is refused', async () => {
    const lambda = await killed({ mappings: { a: true }, reservedConcurrency: null });
    const elsewhere = executeRestore(
      { ...WHERE, region: 'us-east-1', onDrift: 'refuse' },
      depsOf(lambda, data),
    );
    await expect(elsewhere).rejects.toThrow('choose it with --profile and --region');
  });

  it('a kill that begins while it works wins: the function stays stopped, and restore changes nothing more', async () => {
    const lambda = await killed({ mappings: { a: true, b: true }, reservedConcurrency: null });
    let again = false;
    lambda.onChange = async () => {
      if (again) return;
      again = true;
      await executeKill(planOf(lambda.settings()), CAUSE, depsOf(lambda, data));
    };
    await expect(restore(lambda)).rejects.toThrow(
      'somebody stopped orders-worker while it was being restored',
    );
    expect(lambda.changes).toEqual(['a enabled', 'a disabled']);
    expect(lambda.settings().mappings).toEqual({ a: false, b: false });
    const open = await memoryStore(data).openKill(FUNCTION);
    expect(open?.steps).toMatchObject([{ priorEnabled: true }, { priorEnabled: true }]);
  });

  it('looks at everything again before it says so: what somebody changed meanwhile is found', async () => {
    const lambda = await killed({ mappings: { a: true }, reservedConcurrency: null }, true);
    lambda.onChange = () => {
      if (lambda.changes.includes('concurrency none')) lambda.setReservedConcurrency(5);
    };
    await expect(restore(lambda)).rejects.toThrow('now it is 5: somebody changed it since');
    expect((await memoryStore(data).openKill(FUNCTION))?.state).toBe('restoring');
  });

  it('its plan changes nothing', async () => {
    const lambda = await killed({ mappings: { a: true }, reservedConcurrency: null }, true);
    lambda.setReservedConcurrency(5);
    const before = structuredClone(data.kills);
    const plan = await planRestore(WHERE, depsOf(lambda, data));
    expect(plan?.steps.map(({ step, verdict }) => [step.kind, verdict])).toEqual([
      ['reserved-concurrency-zero', 'drifted'],
      ['disable-event-source', 'put-back'],
    ]);
    expect(lambda.changes).toEqual([]);
    expect(data.kills).toEqual(before);
  });
});

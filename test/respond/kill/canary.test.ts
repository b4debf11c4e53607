import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { FirebreakError, RefusedError } from '../../../src/model/errors.ts';
import type { KillRecord } from '../../../src/model/kill.ts';
import { planCanary, startCanary } from '../../../src/respond/kill/canary.ts';
import { executeKill } from '../../../src/respond/kill/execute.ts';
import { executeRestore, type OnDrift } from '../../../src/respond/kill/restore.ts';
import { type MemoryData, memoryData, memoryStore } from '../../../src/store/memory-store.ts';
import { AT, CAUSE, depsOf, FUNCTION, planOf, WHERE } from './builders.ts';
import { type FakeLambda, type FakeSettings, type Fault, fakeLambda } from './fake-lambda.ts';
import { stepped } from './turnstile.ts';

const WATCH_MS = 20 * 60_000;

describe('a restore that is tried out', () => {
  let data: MemoryData;
  beforeEach(() => {
    data = memoryData();
  });
  const open = () => memoryStore(data).openKill(FUNCTION);
  const start = (lambda: FakeLambda, onDrift: OnDrift = 'refuse') =>
    startCanary({ ...WHERE, onDrift, watchMs: WATCH_MS }, depsOf(lambda, data));
  const kill = (lambda: FakeLambda, hard = false) =>
    executeKill(planOf(lambda.settings(), hard), CAUSE, depsOf(lambda, data));
  const restore = (lambda: FakeLambda) =>
    executeRestore({ ...WHERE, onDrift: 'refuse' }, depsOf(lambda, data));
  const killed = async (settings: FakeSettings, hard = false) => {
    const lambda = fakeLambda(settings);
    await kill(lambda, hard);
    lambda.changes.length = 0;
    return lambda;
  };

  it.each<[string, FakeSettings, boolean, string[]]>([
    [
      'limits the mapping before it polls anything',
      { mappings: { a: true }, reservedConcurrency: null },
      false,
      ['a at most 2', 'a enabled'],
    ],
    [
      'leaves a mapping alone that was disabled before the kill',
      { mappings: { a: true, b: false }, reservedConcurrency: null },
      false,
      ['a at most 2', 'a enabled'],
    ],
    [
      'puts the reservation back first',
      { mappings: { a: true, b: true }, reservedConcurrency: 40 },
      true,
      ['concurrency 40', 'a at most 2', 'b at most 2', 'a enabled', 'b enabled'],
    ],
    [
      'finds the mapping limited that far already',
      { mappings: { a: true }, reservedConcurrency: null, limits: { a: 2 } },
      false,
      ['a enabled'],
    ],
  ])('%s', async (_, settings, hard, changes) => {
    const lambda = await killed(settings, hard);
    const { kind, record } = await start(lambda);
    expect(kind).toBe('started');
    expect(lambda.changes).toEqual(changes);
    expect(record?.state).toBe('canary');
    expect(record?.canary?.startedAt).toBeGreaterThanOrEqual(AT);
    expect((record?.canary?.watchUntilAt ?? 0) - (record?.canary?.startedAt ?? 0)).toBe(WATCH_MS);
    expect(await open()).toEqual(record);
  });

  it('and then put back whole: every setting is as before the kill, limits too', async () => {
    const settings = { mappings: { a: true, b: true }, reservedConcurrency: null, limits: { b: 7 } };
    const lambda = await killed(settings, true);
    await start(lambda);
    expect(lambda.settings().limits).toEqual({ a: 2, b: 2 });
    await restore(lambda);
    expect(lambda.settings()).toEqual(settings);
    expect(await open()).toBeNull();
  });

  it('and that fails: stopped again, counted, and still what was before is put back', async () => {
    const settings = { mappings: { a: true }, reservedConcurrency: null };
    const lambda = await killed(settings);
    for (const failures of [1, 2]) {
      await start(lambda);
      await kill(lambda);
      expect(lambda.settings().mappings).toEqual({ a: false });
      expect((await open())?.canary).toEqual({ startedAt: null, watchUntilAt: null, failures });
    }
    await restore(lambda);
    expect(lambda.settings()).toEqual(settings);
  });

  it('begun twice: the second time finds it running and changes nothing', async () => {
    const lambda = await killed({ mappings: { a: true }, reservedConcurrency: null });
    await start(lambda);
    lambda.changes.length = 0;
    expect((await start(lambda)).kind).toBe('running');
    expect(lambda.changes).toEqual([]);
  });

  it('leaves stopped what knows no limit, and says so', async () => {
    const lambda = await killed({ mappings: { queue: true, stream: true }, reservedConcurrency: null });
    lambda.unlimitable.add('stream');
    const plan = await planCanary(WHERE, depsOf(lambda, data));
    expect(plan?.left.map((step) => 'eventSourceId' in step && step.eventSourceId)).toEqual(['stream']);
    await start(lambda);
    expect(lambda.settings().mappings).toEqual({ queue: true, stream: false });
    await restore(lambda);
    expect(lambda.settings().mappings).toEqual({ queue: true, stream: true });
  });

  it.each<[string, FakeSettings, readonly string[], string]>([
    ['no mapping', { mappings: {}, reservedConcurrency: 5 }, [], 'no event source mapping was disabled'],
    [
      'a stream alone',
      { mappings: { a: true }, reservedConcurrency: null },
      ['a'],
      'cannot be limited (a stream, or provisioned pollers)',
    ],
    [
      'a function that was stopped before',
      { mappings: { a: true }, reservedConcurrency: 0 },
      [],
      'had a reserved concurrency of 0 before the kill',
    ],
  ])('%s: is refused, and nothing is changed', async (_, settings, unlimitable, reason) => {
    const lambda = await killed(settings, true);
    for (const id of unlimitable) lambda.unlimitable.add(id);
    const failure = start(lambda);
    await expect(failure).rejects.toThrow(RefusedError);
    await expect(failure).rejects.toThrow(reason);
    expect(lambda.changes).toEqual([]);
    expect((await open())?.state).toBe('killed');
  });

  it.each(['recorded', 'restoring'] as const)(
    'a record that is %s is to be finished first',
    async (state) => {
      const lambda = await killed({ mappings: { a: true }, reservedConcurrency: null });
      data.kills[0] = { ...(data.kills[0] as KillRecord), state };
      await expect(start(lambda)).rejects.toThrow('to finish it');
    },
  );

  it('a function that a deployment put back is not slowed down again', async () => {
    const lambda = await killed({ mappings: { a: true }, reservedConcurrency: null });
    lambda.setMapping('a', true);
    await expect(start(lambda)).rejects.toThrow('orders-worker runs again already');
    expect(lambda.changes).toEqual([]);
  });

  it('of a function that is not stopped: nothing', async () => {
    expect(await start(fakeLambda({ mappings: { a: true }, reservedConcurrency: null }))).toEqual({
      kind: 'not-killed',
      record: null,
    });
  });

  describe('a setting that a deployment changed', () => {
    it('since the kill: is shown, and not overwritten', async () => {
      const lambda = await killed({ mappings: { a: true }, reservedConcurrency: null }, true);
      lambda.setReservedConcurrency(5);
      await expect(start(lambda)).rejects.toThrow('now it is 5: somebody changed it since');
      expect(lambda.changes).toEqual([]);
    });

    it('while it is tried out: the full restore shows it, and does not overwrite it', async () => {
      const lambda = await killed({ mappings: { a: true }, reservedConcurrency: null });
      await start(lambda);
      lambda.setLimit('a', 30);
      await expect(restore(lambda)).rejects.toThrow(
        'maximum concurrency of the mapping of queue-of-a (a) was none, the kill made it 2, and now it is 30',
      );
      expect(lambda.settings().limits).toEqual({ a: 30 });
    });

    it('of which nothing was recorded is left alone', async () => {
      const lambda = await killed({ mappings: { a: true }, reservedConcurrency: null });
      lambda.setLimit('a', 9);
      await start(lambda);
      await restore(lambda);
      expect(lambda.settings().limits).toEqual({ a: 9 });
    });
  });
});

const anySettings: fc.Arbitrary<FakeSettings> = fc
  .record({
    mappings: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.boolean(), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
    reservedConcurrency: fc.constantFrom(null, 1, 50),
    limit: fc.constantFrom(undefined, 2, 30),
  })
  .map(({ limit, ...settings }) => {
    const [first] = Object.keys(settings.mappings);
    return limit === undefined || first === undefined
      ? settings
      : { ...settings, limits: { [first]: limit } };
  });

describe('cut off at any call', () => {
  it('the same command goes on, a kill stops it, and a restore gives back exactly what was', async () => {
    await fc.assert(
      fc.asyncProperty(
        anySettings,
        fc.boolean(),
        fc.nat(30),
        fc.constantFrom<Fault>('before', 'after', 'busy'),
        fc.constantFrom('again', 'kill', 'restore'),
        async (settings, hard, at, fault, next) => {
          const data = memoryData();
          const lambda = fakeLambda(settings, { settleReads: 1 });
          const canary = () =>
            startCanary({ ...WHERE, onDrift: 'refuse', watchMs: WATCH_MS }, depsOf(lambda, data));
          await executeKill(planOf(settings, hard), CAUSE, depsOf(lambda, data));
          lambda.faults = [...Array<null>(at).fill(null), fault];
          const refused = await canary().then(
            () => false,
            (error: unknown) => {
              expect(error).toBeInstanceOf(FirebreakError);
              return error instanceof RefusedError;
            },
          );
          lambda.faults = [];
          const plan = await planCanary(WHERE, depsOf(lambda, data));
          if (refused) expect(plan?.refusal).not.toBeNull();
          if (next === 'again' && plan?.refusal === null) {
            await canary();
            for (const [id, enabled] of Object.entries(lambda.settings().mappings)) {
              expect(enabled).toBe(settings.mappings[id]);
              if (enabled) expect(lambda.settings().limits?.[id]).toBe(2);
            }
          }
          if (next === 'kill') {
            await executeKill(planOf(lambda.settings(), hard), CAUSE, depsOf(lambda, data));
            expect(Object.values(lambda.settings().mappings)).not.toContain(true);
          }
          await executeRestore({ ...WHERE, onDrift: 'refuse' }, depsOf(lambda, data));
          expect(lambda.settings()).toEqual(settings);
          expect(data.kills.map(({ state }) => state)).toEqual(['restored']);
        },
      ),
      { numRuns: 400 },
    );
  });

  it.each(['kill', 'restore', 'canary'] as const)(
    'interrupted at every call by a %s: stopped, tried out or restored, and what was comes back',
    async (other) => {
      const settings: FakeSettings = { mappings: { a: true, b: false }, reservedConcurrency: 7 };
      const commands = {
        kill: (deps: ReturnType<typeof depsOf>) => executeKill(planOf(settings, true), CAUSE, deps),
        restore: (deps: ReturnType<typeof depsOf>) => executeRestore({ ...WHERE, onDrift: 'refuse' }, deps),
        canary: (deps: ReturnType<typeof depsOf>) =>
          startCanary({ ...WHERE, onDrift: 'refuse', watchMs: WATCH_MS }, deps),
      };
      let tried = 0;
      for (let i = 0, firstRuns = true; firstRuns && i < 60; i++) {
        for (let j = 0, secondRuns = true; secondRuns && j < 60; j++) {
          const data = memoryData();
          const lambda = fakeLambda(settings);
          await executeKill(planOf(settings, true), CAUSE, depsOf(lambda, data));
          const one = stepped(lambda, data, commands.canary as never);
          firstRuns = await one.advance(i);
          const two = stepped(lambda, data, commands[other] as never);
          secondRuns = await two.advance(j);
          await one.advance(Number.POSITIVE_INFINITY);
          await two.advance(Number.POSITIVE_INFINITY);
          for (const result of [await one.result, await two.result]) {
            if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(FirebreakError);
          }
          const where = `${i} calls of the canary, then ${j} of the other`;
          const left = await memoryStore(data).openKill(FUNCTION);
          if (left === null) expect(lambda.settings(), where).toEqual(settings);
          else if (left.state === 'killed')
            expect(Object.values(lambda.settings().mappings), where).not.toContain(true);
          else {
            expect(left.state, where).toBe('canary');
            expect(lambda.settings(), where).toEqual({ ...settings, limits: { a: 2 } });
          }
          await executeRestore({ ...WHERE, onDrift: 'refuse' }, depsOf(lambda, data));
          expect(lambda.settings(), where).toEqual(settings);
          tried += 1;
        }
      }
      expect(tried).toBeGreaterThan(20);
    },
  );
});

describe('an account with a concurrency limit of 10: nothing but 0 can be reserved', () => {
  it.each([false, true])('kill (hard: %s), canary and restore work', async (hard) => {
    const data = memoryData();
    const settings: FakeSettings = { mappings: { a: true }, reservedConcurrency: null };
    const lambda = fakeLambda(settings);
    lambda.reservable = 0;
    await executeKill(planOf(settings, hard), CAUSE, depsOf(lambda, data));
    expect(lambda.settings().reservedConcurrency).toBe(hard ? 0 : null);
    await startCanary({ ...WHERE, onDrift: 'refuse', watchMs: WATCH_MS }, depsOf(lambda, data));
    expect(lambda.settings()).toEqual({ ...settings, limits: { a: 2 } });
    await executeRestore({ ...WHERE, onDrift: 'refuse' }, depsOf(lambda, data));
    expect(lambda.settings()).toEqual(settings);
  });
});

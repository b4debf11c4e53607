import { describe, expect, it } from 'vitest';
import { FirebreakError } from '../../../src/model/errors.ts';
import type { KillDeps } from '../../../src/respond/kill/deps.ts';
import { executeKill } from '../../../src/respond/kill/execute.ts';
import { executeRestore } from '../../../src/respond/kill/restore.ts';
import { type MemoryData, memoryData, memoryStore } from '../../../src/store/memory-store.ts';
import { CAUSE, depsOf, FUNCTION, planOf, WHERE } from './builders.ts';
import { type FakeLambda, type FakeSettings, fakeLambda } from './fake-lambda.ts';
import { stepped } from './turnstile.ts';

/**
 * Two commands on one function, interrupted at every call: one makes i calls, then the other j, then the first goes on to
 * its end, then the other. Every i and every j: what random schedules find once in a million is in here.
 */

const STARTS: readonly FakeSettings[] = [
  { mappings: { a: true }, reservedConcurrency: null },
  { mappings: { a: true, b: false }, reservedConcurrency: 7 },
  { mappings: {}, reservedConcurrency: 3 },
];
const CALLS_MAX = 60;

type Command = (deps: KillDeps) => Promise<unknown>;
const restore: Command = (deps) => executeRestore({ ...WHERE, onDrift: 'refuse' }, deps);
const killOf =
  (start: FakeSettings, hard: boolean): Command =>
  (deps) =>
    executeKill(planOf(start, hard), CAUSE, deps);

interface Case {
  readonly start: FakeSettings;
  readonly wasKilled: boolean;
  readonly first: Command;
  readonly second: Command;
}

/** Runs one interleaving and checks what must hold after it. `false`: `first` ends before its i-th call. */
async function interleave(
  { start, wasKilled, first, second }: Case,
  { i, j }: { readonly i: number; readonly j: number },
  check: (
    lambda: FakeLambda,
    data: MemoryData,
    results: readonly PromiseSettledResult<unknown>[],
  ) => Promise<void>,
): Promise<{ readonly firstRuns: boolean; readonly secondRuns: boolean }> {
  const data = memoryData();
  const lambda = fakeLambda(start);
  if (wasKilled) await executeKill(planOf(start), CAUSE, depsOf(lambda, data));
  const one = stepped(lambda, data, first);
  const firstRuns = await one.advance(i);
  const two = stepped(lambda, data, second);
  const secondRuns = await two.advance(j);
  await one.advance(Number.POSITIVE_INFINITY);
  await two.advance(Number.POSITIVE_INFINITY);
  const results = [await one.result, await two.result];
  for (const result of results) {
    if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(FirebreakError);
  }
  await check(lambda, data, results);
  return { firstRuns, secondRuns };
}

async function everyInterleaving(test: Case, check: Parameters<typeof interleave>[2]): Promise<number> {
  let interleavings = 0;
  for (let i = 0; i < CALLS_MAX; i++) {
    let firstRuns = true;
    for (let j = 0; j < CALLS_MAX; j++) {
      const run = await interleave(test, { i, j }, check).catch((error: unknown) => {
        throw new Error(`first ${i} calls, then the other ${j}, then each to its end`, { cause: error });
      });
      interleavings += 1;
      firstRuns = run.firstRuns;
      if (!run.secondRuns) break;
    }
    if (!firstRuns) return interleavings;
  }
  throw new Error('a command makes more calls than were tried');
}

/** Stopped under an open record that remembers what was; or what was is back, and no record is open. */
async function checkEither(start: FakeSettings, lambda: FakeLambda, data: MemoryData): Promise<void> {
  const open = await memoryStore(data).openKill(FUNCTION);
  if (open === null) expect(lambda.settings()).toEqual(start);
  else {
    expect(open.state).toBe('killed');
    expect(Object.values(lambda.settings().mappings)).not.toContain(true);
  }
  await restore(depsOf(lambda, data));
  expect(lambda.settings()).toEqual(start);
}

describe.each(STARTS)('from %j', (start) => {
  it.each([false, true])('a kill (hard: %s) and a kill', async (hard) => {
    const test = { start, wasKilled: false, first: killOf(start, hard), second: killOf(start, false) };
    const tried = await everyInterleaving(test, async (lambda, data, results) => {
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
      expect(data.kills.map(({ state }) => state)).toEqual(['killed']);
      if (hard) expect(lambda.settings().reservedConcurrency).toBe(0);
      await checkEither(start, lambda, data);
    });
    expect(tried).toBeGreaterThan(20);
  });

  it('a restore and a restore', async () => {
    const tried = await everyInterleaving(
      { start, wasKilled: true, first: restore, second: restore },
      async (lambda, data, results) => {
        expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
        expect(lambda.settings()).toEqual(start);
        expect(data.kills.map(({ state }) => state)).toEqual(['restored']);
      },
    );
    expect(tried).toBeGreaterThan(20);
  });

  it.each([
    ['nothing was stopped', false],
    ['it was stopped', true],
  ])('a kill and a restore that comes in between; before, %s', async (_, wasKilled) => {
    const test = { start, wasKilled, first: killOf(start, true), second: restore };
    const tried = await everyInterleaving(test, (lambda, data) => checkEither(start, lambda, data));
    expect(tried).toBeGreaterThan(20);
  });

  it('a restore and a kill that comes in between', async () => {
    const test = { start, wasKilled: true, first: restore, second: killOf(start, true) };
    const tried = await everyInterleaving(test, (lambda, data) => checkEither(start, lambda, data));
    expect(tried).toBeGreaterThan(20);
  });

  it('a kill and a restore, call by call in turn: they do not undo each other for ever', async () => {
    const data = memoryData();
    const lambda = fakeLambda(start, { settleReads: 3 });
    await executeKill(planOf(start), CAUSE, depsOf(lambda, data));
    lambda.changes.length = 0;
    const one = stepped(lambda, data, killOf(start, true));
    const two = stepped(lambda, data, restore);
    let isRunning = true;
    for (let turn = 0; isRunning && turn < 500; turn++) {
      const runs = [await one.advance(1), await two.advance(1)];
      isRunning = runs.includes(true);
    }
    expect(isRunning).toBe(false);
    expect(lambda.changes.length).toBeLessThanOrEqual(8);
    await checkEither(start, lambda, data);
  });
});

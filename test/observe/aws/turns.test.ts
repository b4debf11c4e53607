import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CALLS_PER_SECOND, type Quota, turnsOf } from '../../../src/observe/aws/turns.ts';
import { simulatedClock } from '../../simulated-clock.ts';

/** When each of so many calls of several readers at once may be made. */
async function instantsOf(quota: Quota, readers: number, callsEach: number): Promise<readonly number[]> {
  const clock = simulatedClock();
  const instants: number[] = [];
  await Promise.all(
    Array.from({ length: readers }, async (_, index) => {
      const turns = turnsOf(CALLS_PER_SECOND, clock, { index, of: readers });
      await Promise.all(
        Array.from({ length: callsEach }, async () => {
          await turns.take(quota);
          instants.push(clock.now());
        }),
      );
    }),
  );
  return instants.sort((a, b) => a - b);
}

describe('turns', () => {
  it('let the first ones through at once, and the others one stretch later', async () => {
    expect(await instantsOf('controlPlane', 1, 9)).toEqual([0, 0, 0, 0, 1000, 1000, 1000, 1000, 2000]);
  });

  it('of one quota do not wait for those of another', async () => {
    const clock = simulatedClock();
    const turns = turnsOf({ ...CALLS_PER_SECOND, controlPlane: 0.1 }, clock);
    await turns.take('controlPlane');
    const late = turns.take('controlPlane');
    await turns.take('sqs');
    expect(clock.now()).toBe(0);
    await late;
    expect(clock.now()).toBe(10_000);
  });

  it('are not given twice when the clock stands still', async () => {
    const waited: number[] = [];
    const turns = turnsOf(CALLS_PER_SECOND, { now: () => 0, sleep: async (ms) => void waited.push(ms) });
    for (let call = 0; call < 9; call++) await turns.take('controlPlane');
    expect(waited).toEqual([1000, 1000, 1000, 1000, 2000]);
  });

  it('several readers together never take more than the whole has, in any second', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<Quota>('controlPlane', 'getFunction', 'getMetricData'),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 30 }),
        async (quota, readers, callsEach) => {
          const instants = await instantsOf(quota, readers, callsEach);
          expect(instants).toHaveLength(readers * callsEach);
          for (const [i, at] of instants.entries()) {
            const after = instants[i + CALLS_PER_SECOND[quota]];
            if (after !== undefined) expect(after - at).toBeGreaterThanOrEqual(1000 - 1e-6);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

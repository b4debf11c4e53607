import { describe, expect, it } from 'vitest';
import {
  minuteNats,
  NATS_PER_MINUTE,
  NATS_TO_OPEN,
  type RateTest,
  rateTests,
} from '../../src/stats/sequential.ts';

/** Marsaglia's xorshift, seeded: numbers in [0, 1). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

function failures(attempts: number, share: number, random: () => number): number {
  let count = 0;
  for (let i = 0; i < attempts; i++) if (random() < share) count++;
  return count;
}

/** Alarms at `threshold`; the statistic starts anew after one. */
function alarms(
  test: RateTest,
  run: { readonly share: number; readonly minutes: number; readonly threshold: number },
) {
  const random = randomFrom(20_261_101);
  let nats = 0;
  let count = 0;
  for (let i = 0; i < run.minutes; i++) {
    const change = minuteNats(test, ATTEMPTS, failures(ATTEMPTS, run.share, random));
    nats = Math.max(0, nats + Math.min(change, NATS_PER_MINUTE));
    if (nats < run.threshold) continue;
    count++;
    nats = 0;
  }
  return count;
}

const ATTEMPTS = 10;
const SHARES = [0.002, 0.02, 0.1, 0.3];

describe('a sequential test on a healthy function', () => {
  // At the threshold that decides alarms are too rare to count; the bound holds at any, and is tight enough to test lower.
  const cases = SHARES.flatMap((share) => [3, 5].map((threshold) => ({ share, threshold })));

  it.each(cases)(
    'that fails in $share of attempts passes $threshold nats no more often than once in e^$threshold minutes',
    ({ share, threshold }) => {
      const minutes = 100_000;
      const { raised, mostly } = rateTests(share);
      const most = minutes / Math.exp(threshold);
      expect(alarms(raised, { share, minutes, threshold })).toBeLessThanOrEqual(most);
      expect(alarms(mostly, { share, minutes, threshold })).toBeLessThanOrEqual(most);
    },
  );

  it.each(SHARES)('that fails in %f of attempts does not open in ten weeks', (share) => {
    const run = { share, minutes: 100_000, threshold: NATS_TO_OPEN };
    expect(alarms(rateTests(share).raised, run)).toBe(0);
    expect(alarms(rateTests(share).mostly, run)).toBe(0);
  });

  it('states less than one false alarm in 400 days of two tests', () => {
    const days = Math.exp(NATS_TO_OPEN) / 2 / (24 * 60);
    expect(days).toBeGreaterThan(400);
  });

  it('does pass the low thresholds now and then, so that the counts above mean something', () => {
    const { raised } = rateTests(0.02);
    expect(alarms(raised, { share: 0.02, minutes: 100_000, threshold: 3 })).toBeGreaterThan(0);
  });

  it('passes much more often where it fails as much as is worth finding', () => {
    const { raised } = rateTests(0.02);
    const run = { share: raised.abnormalShare, minutes: 10_000, threshold: NATS_TO_OPEN };
    expect(alarms(raised, run)).toBeGreaterThan(100);
  });
});

describe('rateTests', () => {
  it.each(SHARES)('look for more than is normal (%f)', (share) => {
    for (const test of Object.values(rateTests(share))) {
      expect(test.abnormalShare).toBeGreaterThan(test.normalShare);
      expect(test.natsIfFailed).toBeGreaterThan(0);
      expect(test.natsIfNot).toBeLessThan(0);
    }
  });

  it('take no history for a certainty', () => {
    expect(rateTests(0).raised.normalShare).toBe(0.002);
    expect(rateTests(1).raised.normalShare).toBe(0.9);
  });

  it('expect evidence to fall where nothing is wrong, by the inequality of Gibbs', () => {
    for (const share of SHARES) {
      const { raised } = rateTests(share);
      expect(minuteNats(raised, 1000, 1000 * share)).toBeLessThan(0);
      expect(minuteNats(raised, 1000, 1000 * raised.abnormalShare)).toBeGreaterThan(0);
    }
  });
});

describe('minuteNats', () => {
  const { raised } = rateTests(0.01);

  it('of nothing attempted is nothing', () => expect(minuteNats(raised, 0, 0)).toBe(0));

  it('takes back exactly what was added when a failure was none', () => {
    const added = minuteNats(raised, 10, 10) + minuteNats(raised, 10, -10);
    expect(added).toBeLessThanOrEqual(0);
  });
});

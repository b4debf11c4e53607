import { describe, expect, it } from 'vitest';
import { budgetBurnRate } from '../../detectors/budget-burn-rate.ts';
import type { BudgetSpend } from '../../src/model/budget.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/model/time.ts';
import { NO_HISTORY, windowOf } from './build.ts';

/** Seconds of a 1 GB x86_64 function for a dollar: requests and idle polls come on top, below a percent here. */
const MS_PER_USD = (1_000 / 16.6667) * 1e6;
/** Midday of the 16th: half of November is over. */
const NOW = Date.parse('2026-11-16T12:00:00Z');
const MONTH = Date.parse('2026-11-01T00:00:00Z');
const HOURS_IN_MONTH = 720;
const MONTHLY_USD = 720;
/** One dollar an hour: the budget, exactly. */
const PLANNED_USD_PER_HOUR = MONTHLY_USD / HOURS_IN_MONTH;

interface Story {
  /** Dollars an hour in each 10 minutes of the last 180, oldest first; the last value holds. */
  readonly recent: readonly number[];
  /** Dollars of the hours before the window, newest last; repeated backwards. */
  readonly before?: (hoursAgo: number) => number;
  readonly monthUsd?: number;
  readonly spend?: Partial<BudgetSpend>;
  readonly atMs?: number;
  readonly isUnread?: boolean;
  /** Its turn to be read was not now: dollars an hour of its last reading. */
  readonly lastUsdPerHour?: number;
  readonly unpublishedMinutes?: number;
}

function findings(story: Story) {
  const endAt = story.atMs ?? NOW;
  const minutes = 180;
  const perMinute = Array.from({ length: minutes }, (_, i) => {
    const step = story.recent[Math.min(story.recent.length - 1, Math.floor(i / 10))] ?? 0;
    if (i >= minutes - (story.unpublishedMinutes ?? 0)) return '_';
    return String((step / 60) * MS_PER_USD);
  });
  const window = {
    ...windowOf({
      source: null,
      fn: { name: 'worker', memoryMB: 1024 },
      lambda: { durationSumMs: perMinute.join(' '), invocations: `3000x${minutes}` },
    }),
    startAt: endAt - minutes * MINUTE_MS,
    ...(story.isUnread === true ? { functions: new Map() } : {}),
    ...(story.lastUsdPerHour === undefined ? {} : { unread: new Map([['worker', story.lastUsdPerHour]]) }),
  };
  const hours = 336;
  const before = story.before ?? (() => PLANNED_USD_PER_HOUR);
  const spend: BudgetSpend = {
    name: 'the account',
    monthlyUsd: MONTHLY_USD,
    kind: 'account',
    functions: ['worker'],
    untilAt: window.startAt,
    hourUsd: Float64Array.from({ length: hours }, (_, i) => before(hours - i)),
    monthStartAt: MONTH,
    monthUsd: story.monthUsd ?? 360,
    monthBasis: 'bill',
    savingsPlanDiscount: 0,
    ...story.spend,
  };
  return budgetBurnRate.evaluate(window, { ...NO_HISTORY, budgets: [spend] });
}

const repeat = (usdPerHour: number, tens: number) => Array.from({ length: tens }, () => usdPerHour);

describe('budget-burn-rate', () => {
  it('is silent without budgets', () => {
    const window = windowOf({ lambda: { durationSumMs: '9e9x180', invocations: '1x180' } });
    expect(budgetBurnRate.evaluate(window, NO_HISTORY)).toEqual([]);
  });

  it('an hour at twenty times the budget: says the pace, what is gone and when it ends', () => {
    const [found] = findings({ recent: [...repeat(1, 11), ...repeat(20, 7)] });
    expect(found).toMatchObject({
      detector: 'budget-burn-rate',
      functions: ['worker'],
      wastedShare: null,
      budget: { name: 'the account', isOfMany: true },
    });
    expect(found?.budget?.pace).toBeCloseTo(20, 0);
    expect(found?.evidence[0]?.text).toMatch(
      /^The account spends 20x its budget of \$720\.00 a month \(\$20\.\d+ in 1 h\); it is gone in \d+ h/,
    );
    expect(found?.evidence[1]?.text).toMatch(/is spent this month \(from the bill/);
  });

  it.each([
    [
      'six hours at seven times, unlike any day before',
      { recent: [7], before: (h: number) => (h <= 3 ? 7 : 1) },
      7,
    ],
    ['a day at four times', { recent: [4], before: (h: number) => (h <= 21 ? 4 : 1) }, 4],
    [
      'three days a third above, in a month that was spent as planned',
      { recent: [1.35], before: (h: number) => (h <= 69 ? 1.35 : 1.05) },
      1.35,
    ],
  ])('%s: a finding at that pace', (_, story, pace) => {
    const [found] = findings(story);
    expect(found?.budget?.pace).toBeCloseTo(pace, 0);
  });

  it.each([
    ['spends exactly as planned', { recent: [1] }],
    [
      'a burst that is over: the short window is calm',
      { recent: [...repeat(1, 9), ...repeat(30, 5), ...repeat(1, 3)] },
    ],
    [
      'a nightly job at the same hour of every day',
      { recent: [...repeat(0.2, 12), ...repeat(18, 6)], before: (h: number) => (h % 24 === 22 ? 18 : 0.2) },
    ],
    [
      'fast, but so near to the end of the month that the budget lasts',
      { recent: [20], monthUsd: 300, atMs: Date.parse('2026-11-30T08:00:00Z') },
    ],
    [
      'three weekdays above the plan, in a week below it',
      { recent: [1.3], before: (h: number) => (h <= 69 ? 1.3 : 0.5) },
    ],
  ])('%s: nothing', (_, story) => {
    expect(findings(story)).toEqual([]);
  });

  it('is told once the budget is spent, at whatever pace, until the month ends', () => {
    const [found] = findings({ recent: [0.5], before: () => 0.5, monthUsd: 725 });
    expect(found?.budget).toMatchObject({ goneAt: null });
    expect(found?.evidence[0]?.text).toContain('nothing is left of it, 14 d 12 h before the month ends');
  });

  it('says nothing of a month with the figures of the one before', () => {
    expect(findings({ recent: [50], atMs: Date.parse('2026-12-01T01:00:00Z') })).toEqual([]);
  });

  it('cannot say anything of a function that could not be read', () => {
    expect(findings({ recent: [20], isUnread: true })).toEqual([]);
  });

  it('counts what a function spent last, where its turn to be read was not now', () => {
    const unread = { recent: [0], isUnread: true };
    expect(findings({ ...unread, lastUsdPerHour: 20 })).toHaveLength(1);
    expect(findings({ ...unread, lastUsdPerHour: 1 })).toEqual([]);
  });

  it('judges the same while the newest three minutes are not published yet', () => {
    const story = { recent: [...repeat(1, 11), ...repeat(20, 7)] };
    const late = findings({ ...story, unpublishedMinutes: 3 });
    expect(late).toEqual(findings(story));
    expect(late).toHaveLength(1);
  });

  it('hours that the survey has not reached yet count at the mean of the window', () => {
    const gap = { untilAt: NOW - 180 * MINUTE_MS - 4 * HOUR_MS };
    const [found] = findings({ recent: [7], before: () => 1, spend: gap });
    expect(found?.budget?.pace).toBeCloseTo(7, 0);
  });

  it('a budget of one function is about that function', () => {
    const [found] = findings({
      recent: [...repeat(1, 11), ...repeat(20, 7)],
      spend: { name: 'worker', kind: 'function' },
    });
    expect(found?.budget?.isOfMany).toBe(false);
    expect(found?.evidence[0]?.text).toMatch(/^worker spends 20x/);
  });
});

import { type BudgetSpend, monthOf } from '../src/model/budget.ts';
import type { Evidence, Finding } from '../src/model/finding.ts';
import { formatDuration, formatUsd } from '../src/model/format.ts';
import { DAY_MS, type EpochMs, MINUTE_MS } from '../src/model/time.ts';
import type { Window } from '../src/model/window.ts';
import { NATS_MAX, NATS_TO_OPEN } from '../src/stats/sequential.ts';
import type { Detector } from './detector.ts';
import { type BudgetTimeline, budgetTimeline } from './evidence/budget-timeline.ts';

/**
 * Budget burn rate: a budget of dollars a month is spent so fast that it will not last. Several windows at once, each long
 * one with a short one: the long one says that it matters, the short one that it still goes on.
 *
 * Dollars are meant to be spent, errors are not. So a pace is a finding only where the month as a whole would be overspent
 * at it, and a short burst only where the same hours of an earlier day were not as dear: a nightly job spends many times its
 * share in an hour and stays within its month.
 *
 * Silent without budgets. The dollars are estimates for Lambda and SQS at list prices; those of other services are not in.
 *
 * @see https://sre.google/workbook/alerting-on-slos/ (multiwindow, multi-burn-rate alerts)
 */
export const budgetBurnRate: Detector = {
  id: 'budget-burn-rate',
  doc: 'A budget is spent so fast that it will not last the month.',
  requires: ['AWS/Lambda/Duration/Sum', 'AWS/Lambda/Invocations/Sum'],
  evaluate(window, { budgets = [] }) {
    return budgets.flatMap((spend) => findingOf(spend, window) ?? []);
  },
};

interface Pace {
  /** Share of the month's budget that is gone in the long window. */
  readonly budgetShare: number;
  readonly longMinutes: number;
  readonly shortMinutes: number;
}

/** As in the workbook: 14.4, 6, 3 and 1 times the budget in a month of 30 days. The fastest that holds is told. */
const PACES: readonly Pace[] = [
  { budgetShare: 0.02, longMinutes: 60, shortMinutes: 5 },
  { budgetShare: 0.05, longMinutes: 6 * 60, shortMinutes: 30 },
  { budgetShare: 0.1, longMinutes: 24 * 60, shortMinutes: 2 * 60 },
  { budgetShare: 0.1, longMinutes: 72 * 60, shortMinutes: 6 * 60 },
];

/** A burst as dear as at the same time of an earlier day, give or take a third, is a schedule. */
const USUAL_SHARE = 2 / 3;
const USUAL_DAYS = 7;

/** Estimates are no better than this share of a budget: less than that too much is as planned. */
const OVERSPENT_SHARE = 0.05;

/** Days over which a pace of a day, and of three, is believed: a week has every weekday in it. */
const DAY_BELIEVED_OVER = 3;
const DAYS_BELIEVED_OVER = 7;

/** Functions that are named as the spenders, at most. */
const SPENDERS_MAX = 10;

interface Burn {
  readonly pace: number;
  readonly longMinutes: number;
  readonly usd: number;
  /** `null`: nothing is left. */
  readonly goneAt: EpochMs | null;
}

function findingOf(spend: BudgetSpend, window: Window): Finding | null {
  const timeline = budgetTimeline(spend, window);
  const month = monthOf(timeline.endAt);
  // At the turn of the month the survey's figures are still those of the month before.
  if (month.startAt !== spend.monthStartAt || timeline.spenders.length === 0) return null;
  const burn = burnOf(spend, timeline, month);
  return burn === null ? null : toFinding({ spend, timeline, burn, window, monthEndAt: month.endAt });
}

type Month = ReturnType<typeof monthOf>;

function burnOf(spend: BudgetSpend, timeline: BudgetTimeline, month: Month): Burn | null {
  const plannedPerMs = spend.monthlyUsd / (month.endAt - month.startAt);
  const leftUsd = spend.monthlyUsd - timeline.monthUsd;
  const paceOver = (minutes: number) => usdOver(timeline, minutes) / (minutes * MINUTE_MS * plannedPerMs);
  for (const { budgetShare, longMinutes, shortMinutes } of PACES) {
    if (timeline.knownFromAt > timeline.endAt - longMinutes * MINUTE_MS) continue;
    const least = (budgetShare * (month.endAt - month.startAt)) / (longMinutes * MINUTE_MS);
    const pace = paceOver(longMinutes);
    if (pace < least || paceOver(shortMinutes) < least) continue;
    const usdPerMs = Math.min(pace * plannedPerMs, believedUsdPerMs(timeline, longMinutes));
    const restUsd = usdPerMs * (month.endAt - timeline.endAt);
    const lasts = restUsd <= leftUsd + OVERSPENT_SHARE * spend.monthlyUsd;
    if (lasts || (longMinutes < DAY_MS / MINUTE_MS && isUsual(timeline, longMinutes))) continue;
    const goneAt = leftUsd > 0 ? timeline.endAt + leftUsd / usdPerMs : null;
    return { pace, longMinutes, usd: usdOver(timeline, longMinutes), goneAt };
  }
  // Spent, at whatever pace. It is told as long as money goes on being spent.
  const recentMinutes = 60;
  const usd = usdOver(timeline, recentMinutes);
  if (leftUsd > 0 || usd <= 0) return null;
  return { pace: paceOver(recentMinutes), longMinutes: recentMinutes, usd, goneAt: null };
}

function usdOver({ between, endAt }: BudgetTimeline, minutes: number): number {
  return between(endAt - minutes * MINUTE_MS, endAt);
}

/**
 * What a pace over days may be extended by, where that much is known: a day's by no more than that of three days, three days'
 * by no more than that of a week without its dearest day, which may have been a burst.
 */
function believedUsdPerMs(timeline: BudgetTimeline, longMinutes: number): number {
  const longDays = (longMinutes * MINUTE_MS) / DAY_MS;
  if (longDays < 1) return Number.POSITIVE_INFINITY;
  const days = longDays > 1 ? DAYS_BELIEVED_OVER : DAY_BELIEVED_OVER;
  if (timeline.knownFromAt > timeline.endAt - days * DAY_MS) return Number.POSITIVE_INFINITY;
  const dayUsd = Array.from({ length: days }, (_, day) => {
    const toAt = timeline.endAt - day * DAY_MS;
    return timeline.between(toAt - DAY_MS, toAt);
  });
  const totalUsd = dayUsd.reduce((total, usd) => total + usd, 0);
  if (longDays <= 1) return totalUsd / (days * DAY_MS);
  return (totalUsd - Math.max(...dayUsd)) / ((days - 1) * DAY_MS);
}

/** Whether some earlier day had nearly as dear a time at the same hours. */
function isUsual(timeline: BudgetTimeline, minutes: number): boolean {
  const usd = usdOver(timeline, minutes);
  for (let day = 1; day <= USUAL_DAYS; day++) {
    const toAt = timeline.endAt - day * DAY_MS;
    const fromAt = toAt - minutes * MINUTE_MS;
    if (fromAt < timeline.knownFromAt) return false;
    // A schedule drifts by some minutes, and hours are known as a whole only.
    const nearby = timeline.between(fromAt - 30 * MINUTE_MS, toAt + 30 * MINUTE_MS);
    if (nearby >= USUAL_SHARE * usd) return true;
  }
  return false;
}

interface FindingInput {
  readonly spend: BudgetSpend;
  readonly timeline: BudgetTimeline;
  readonly burn: Burn;
  readonly window: Window;
  readonly monthEndAt: EpochMs;
}

function toFinding(input: FindingInput): Finding {
  const { spend, timeline, burn } = input;
  return {
    detector: 'budget-burn-rate',
    functions: timeline.spenders.slice(0, SPENDERS_MAX).map(({ name }) => name),
    queues: [],
    onsetAt: timeline.endAt - burn.longMinutes * MINUTE_MS,
    lastEvidenceAt: timeline.endAt,
    nats: NATS_MAX,
    natsToOpen: NATS_TO_OPEN,
    persistenceMinutes: burn.longMinutes,
    isOngoing: true,
    // The two windows are the guard against blips.
    blipMinutes: 0,
    wastedShare: null,
    amplification: null,
    loss: null,
    selfEnd: { kind: 'never' },
    budget: {
      name: spend.name,
      isOfMany: spend.kind !== 'function',
      pace: burn.pace,
      goneAt: burn.goneAt,
    },
    evidence: evidenceOf(input),
  };
}

const BASES: Readonly<Record<BudgetSpend['monthBasis'], string>> = {
  bill: 'from the bill, and estimated for the newest days',
  metrics: 'estimated from metrics at list prices',
  extrapolated: 'estimated from part of the month',
};

function evidenceOf({ spend, timeline, burn, monthEndAt }: FindingInput): Evidence[] {
  const budget = `its budget of ${formatUsd(spend.monthlyUsd)} a month`;
  const spent = `${formatUsd(burn.usd)} in ${formatDuration(burn.longMinutes * MINUTE_MS)}`;
  const name = spend.name.replace(/^./, (letter) =>
    spend.kind === 'account' ? letter.toUpperCase() : letter,
  );
  const gone =
    burn.goneAt === null
      ? `nothing is left of it, ${formatDuration(monthEndAt - timeline.endAt)} before the month ends`
      : `it is gone in ${formatDuration(burn.goneAt - timeline.endAt)}`;
  const total = timeline.spenders.reduce((all, { usd }) => all + usd, 0);
  const [first] = timeline.spenders;
  return [
    { kind: 'pace', text: `${name} spends ${timesText(burn.pace)} ${budget} (${spent}); ${gone}` },
    {
      kind: 'month',
      text: `${formatUsd(timeline.monthUsd)} is spent this month (${BASES[spend.monthBasis]})`,
    },
    ...(first === undefined || timeline.spenders.length === 1
      ? []
      : [
          {
            kind: 'spender',
            text: `${first.name} makes ${Math.round((100 * first.usd) / total)} % of it in the last hours`,
          },
        ]),
  ];
}

/** `14x`, `1.2x`: two digits that tell. */
function timesText(pace: number): string {
  return `${pace >= 9.95 ? Math.round(pace) : Number(pace.toFixed(1))}x`;
}

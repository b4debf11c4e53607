import { DAY_MS } from '../../src/model/time.ts';
import { between, createRng } from '../../src/simulate/random.ts';
import { dailyRises } from '../../src/stats/daily-rise.ts';
import { type Account, HISTORY_DAYS, simulateAccount, YEAR_DAYS } from './account.ts';

/** What became of one step that was put in. */
export interface StepScore {
  readonly factor: number;
  /** Days from the first complete day of the step to its ticket; `null`: there was none while it lasted. */
  readonly daysToTicket: number | null;
}

export interface AccountScore {
  readonly seed: number;
  readonly steps: readonly StepScore[];
  /** Days with a ticket that no step explains. */
  readonly falseTickets: number;
  readonly series: number;
}

/** AWS still changes its newest days by this share (an assumption), and the one before them is not complete. */
const REVISION = 0.01;
const REVISED_DAYS = 3;

/** Plays the daily job through a year: each day it sees the days that are complete, the newest not final. */
export function scoreAccount(seed: number): AccountScore {
  const account = simulateAccount(seed);
  const rng = createRng(seed, 1);
  const ticketsOf = new Map<number, Set<number>>();
  account.series.forEach((final, series) => {
    for (let day = HISTORY_DAYS; day < HISTORY_DAYS + YEAR_DAYS; day++) {
      const seen = final.slice(day + 1 - HISTORY_DAYS, day + 1);
      for (let back = 1; back <= REVISED_DAYS; back++) {
        const at = seen.length - back;
        seen[at] = (seen[at] as number) * between(rng, 1 - REVISION, 1 + REVISION);
      }
      const startAt = account.startAt + (day + 1 - HISTORY_DAYS) * DAY_MS;
      if (dailyRises(seen, startAt).some((rise) => rise.day === seen.length - 1)) {
        ticketsOf.set(day, (ticketsOf.get(day) ?? new Set()).add(series));
      }
    }
  });
  return {
    seed,
    series: account.series.length,
    steps: account.steps.map((step) => ({
      factor: step.factor,
      daysToTicket: firstTicket(ticketsOf, step),
    })),
    falseTickets: [...ticketsOf].filter(([day, series]) => !isExplained(account, day, series)).length,
  };
}

function firstTicket(ticketsOf: ReadonlyMap<number, ReadonlySet<number>>, step: Account['steps'][number]) {
  for (let day = step.from; day < step.to; day++) {
    if (ticketsOf.get(day)?.has(step.series) === true) return day - step.from;
  }
  return null;
}

/** A ticket of a step's series while the step is young is the step's. */
const YOUNG_DAYS = 14;

function isExplained({ steps }: Account, day: number, series: ReadonlySet<number>): boolean {
  return steps.some(
    (step) => series.has(step.series) && day >= step.from && day < Math.min(step.to, step.from + YOUNG_DAYS),
  );
}

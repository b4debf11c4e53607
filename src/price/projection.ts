import type { SelfEnd } from '../model/finding.ts';
import type { Queue } from '../model/inventory.ts';
import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS, SECOND_MS } from '../model/time.ts';

export interface ProjectionInput {
  readonly now: EpochMs;
  /** Waste now, dollars an hour. */
  readonly wastedUsdPerHour: number;
  readonly selfEnd: SelfEnd;
  readonly queue: Queue | null;
  /** New units of work a minute that will fail too. */
  readonly failingArrivalsPerMinute: number;
  /** Dollars of one attempt at one unit of work. */
  readonly usdPerAttempt: number;
  /** What the function can waste at most, dollars an hour: its reachable concurrency. */
  readonly ceilingUsdPerHour: number;
}

export interface Projection {
  readonly projectedUsd: number;
  readonly projected24hUsd: number;
  readonly endsAt: EpochMs | null;
  readonly endsBecause: string;
}

/** How far ahead waste is added up where nothing ends it. */
const HORIZON_MS = 30 * DAY_MS;

/** Further waste if nobody acts. While failing work keeps arriving nothing ends, and without a dead-letter queue it adds up. */
export function project(input: ProjectionInput): Projection {
  const { now } = input;
  const end = endOf(input);
  const untilMs = end.endsAt === null ? HORIZON_MS : Math.min(HORIZON_MS, Math.max(0, end.endsAt - now));
  return {
    projectedUsd: wasteOver(input, untilMs),
    projected24hUsd: wasteOver(input, Math.min(untilMs, DAY_MS)),
    endsAt: end.endsAt,
    endsBecause: end.because,
  };
}

function endOf(input: ProjectionInput): { readonly endsAt: EpochMs | null; readonly because: string } {
  const { selfEnd, queue, now } = input;
  const keepsComing = input.failingArrivalsPerMinute > 0;
  const cycleMs = (queue?.visibilityTimeoutSeconds ?? 0) * SECOND_MS;
  switch (selfEnd.kind) {
    case 'never':
      return { endsAt: null, because: 'nothing ends it' };
    case 'accumulating':
      return { endsAt: null, because: 'nothing ends it, and all that arrives adds to it' };
    case 'dead-letter-queue':
      return keepsComing
        ? {
            endsAt: null,
            because: `each message stops after ${selfEnd.attempts} attempts, but new ones keep coming`,
          }
        : {
            endsAt: now + selfEnd.attempts * Math.max(cycleMs, MINUTE_MS),
            because: `the dead-letter queue takes each message after ${selfEnd.attempts} attempts`,
          };
    case 'retention':
      return keepsComing
        ? { endsAt: null, because: 'each message is retried until it expires, and new ones keep coming' }
        : { endsAt: now + selfEnd.afterSeconds * SECOND_MS, because: 'the last message expires' };
    case 'drained':
      return { endsAt: now + selfEnd.afterSeconds * SECOND_MS, because: 'the backlog is worked off' };
  }
}

/** Waste over `forMs`: the rate of now, growing until it reaches the most that it can. */
function wasteOver(input: ProjectionInput, forMs: number): number {
  const hours = forMs / HOUR_MS;
  const rate = input.wastedUsdPerHour;
  const { perHour, most } = growthOf(input);
  if (perHour <= 0) return rate * hours;
  const ceiling = Math.max(rate, Math.min(most, input.ceilingUsdPerHour));
  const growing = Math.min(hours, (ceiling - rate) / perHour);
  return rate * growing + (perHour * growing ** 2) / 2 + Math.max(0, hours - growing) * ceiling;
}

/** Dollars an hour by which each hour is dearer than the one before, and the rate at which that ends. */
interface Growth {
  readonly perHour: number;
  readonly most: number;
}

/**
 * Each new message is tried again in each retry cycle, up to what all attempts at a message cost where a dead-letter
 * queue ends them; what goes in circles has grown to what it is since it began.
 */
function growthOf({ now, wastedUsdPerHour, selfEnd, queue, ...input }: ProjectionInput): Growth {
  const most = Number.POSITIVE_INFINITY;
  if (selfEnd.kind === 'accumulating')
    return { perHour: (wastedUsdPerHour * HOUR_MS) / Math.max(MINUTE_MS, now - selfEnd.sinceAt), most };
  if ((selfEnd.kind !== 'retention' && selfEnd.kind !== 'dead-letter-queue') || queue === null)
    return { perHour: 0, most };
  const usdPerHourOfFirstAttempts = input.failingArrivalsPerMinute * 60 * input.usdPerAttempt;
  const perHour = (usdPerHourOfFirstAttempts * 3600) / Math.max(1, queue.visibilityTimeoutSeconds);
  return {
    perHour,
    most: selfEnd.kind === 'retention' ? most : usdPerHourOfFirstAttempts * selfEnd.attempts,
  };
}

import { DAY_MS, type EpochMs } from '../model/time.ts';
import { median, quantile } from './series.ts';

/** A day that cost much more than is usual for such a day. */
export interface DailyRise {
  /** Index of the day. */
  readonly day: number;
  readonly usd: number;
  readonly usualUsd: number;
}

/** Days of history that a decision is given: six months, for the monthly season, and some to begin with. */
export const RISE_HISTORY_DAYS = 190;

/** Days of the same weekday that the weekly season is learnt from: what a week is like changes slowly, and a median needs many. */
const WEEKS = 20;
const WEEK = 7;

/** Days before the first that is judged: four of each weekday. */
const WARM_UP_DAYS = 4 * WEEK;

/** Days whose median is the level: a credit, a holiday or a spike of some days does not move it. */
const LEVEL_DAYS = 14;

/**
 * A level that was as high on some of the last days, or on most of the last ten weeks, has returned and not risen: what was low
 * for a time comes back. A rise that lasted some weeks and is over does not hide the next.
 */
const RETURN_DAYS = 17;
const RETURN_QUANTILE = 0.85;
const LONG_DAYS = 70;

/** Days that the usual noise is learnt from: a median of deviations over six weeks is off by a fifth, over four months by a tenth. */
const NOISE_DAYS = 120;
/** Least noise that is believed, in log units: a series that stood still may begin to breathe. */
const NOISE_MIN = 0.02;
/** Robust standard deviations that are no noise, with the least rise that is. */
const NOISE_MULTIPLE = 2.5;
const RISE_MIN = Math.log(1.2);

/** A rise of less than this in dollars a day is not worth a word: some two thirds of $20, so that noise hides no $20. */
const RISE_USD_MIN = 13;

/** Months in which the same day stood out, and by how much at least, for it to be a season. */
const MONTHS = 6;
const MONTHS_MIN = 2;
const MONTHLY_MIN = 0.08;

/** Fewer days than this after a rise do not make a new level yet. */
const NEW_LEVEL_DAYS = 3;

/**
 * The days that rise above what is usual, by all that was known on the day before each: weekday, day of the month (from either
 * end), level and noise, each robust. A level that has risen is the new usual, so that a step is one rise and not many.
 *
 * `usd` has a value a day, index 0 the day at `startAt`; none may be missing. A fall is never a rise, nor is the return from it.
 */
export function dailyRises(usd: ArrayLike<number>, startAt: EpochMs): DailyRise[] {
  const rises: DailyRise[] = [];
  const walk = new Walk(usd, startAt);
  for (let day = WEEK; day < usd.length; day++) {
    const usual = walk.usual(day);
    const spent = usd[day] as number;
    if (day >= WARM_UP_DAYS && walk.isRise(day, usual)) {
      rises.push({ day, usd: spent, usualUsd: usual.usd });
      walk.newLevel(day);
    }
    walk.learn(day, usual);
  }
  return rises;
}

interface Usual {
  readonly usd: number;
  /** What this day is multiplied by, against the level. */
  readonly season: number;
  /** The part of it that the weekday has. */
  readonly weekday: number;
}

/** What is learnt day by day. */
class Walk {
  /** Spend with its seasons taken away; `NaN`: not learnt yet. */
  private readonly level: Float64Array;
  /** ln(spent / (level x weekday)) on the same day of the last months, newest first: what is left for the months to explain. */
  private readonly addedOn = new Map<number, readonly number[]>();
  private readonly positions: readonly Position[];
  /** ln(spent / usual). */
  private readonly surprise: Float64Array;
  private readonly weekRatio: Float64Array;
  private newLevelAt = 0;
  private readonly usd: ArrayLike<number>;

  constructor(usd: ArrayLike<number>, startAt: EpochMs) {
    this.usd = usd;
    this.positions = Array.from(usd, (_, day) => positionOf(startAt + day * DAY_MS));
    const empty = () => new Float64Array(usd.length).fill(Number.NaN);
    [this.level, this.surprise, this.weekRatio] = [empty(), empty(), empty()];
    for (let day = WEEK - 1; day < usd.length; day++) {
      const week = median(Array.from({ length: WEEK }, (_, back) => usd[day - back] as number));
      this.weekRatio[day] = week > 0 ? (usd[day] as number) / week : Number.NaN;
    }
  }

  newLevel(day: number): void {
    this.newLevelAt = day;
  }

  usual(day: number): Usual {
    const weekday = this.weekday(day);
    const season = weekday * Math.exp(this.month(day));
    const level = this.levelBefore(day);
    return { usd: level * season, season, weekday };
  }

  isRise(day: number, { usd, season }: Usual): boolean {
    const spent = this.usd[day] as number;
    // Cheap: nearly every day is told from its dollars.
    if (spent - usd < RISE_USD_MIN) return false;
    const lately = quantile(this.level.subarray(Math.max(0, day - RETURN_DAYS), day), RETURN_QUANTILE);
    const mostly = median(this.level.subarray(Math.max(0, day - LONG_DAYS), day));
    const highUsd = season * Math.max(0, lately || 0, mostly || 0);
    if (spent - highUsd < RISE_USD_MIN / 2) return false;
    const least = Math.max(RISE_MIN, NOISE_MULTIPLE * Math.max(NOISE_MIN, this.noise(day)));
    return usd <= 0 || (Math.log(spent / usd) >= least && Math.log(spent / highUsd) >= least / 2);
  }

  /** Robust standard deviation of ln(spent / usual) before a day. */
  private noise(day: number): number {
    const surprises = this.surprise.subarray(Math.max(0, day - NOISE_DAYS), day);
    const middle = median(surprises) || 0;
    return 1.4826 * median(surprises.map((one) => Math.abs(one - middle))) || 0;
  }

  learn(day: number, { usd, season, weekday }: Usual): void {
    const spent = this.usd[day] as number;
    this.level[day] = season > 0 ? spent / season : spent;
    if (spent <= 0) return;
    // Against the plain level: one that a rise has just lifted would make the days after it look cheap.
    const plain = this.levelOver(Math.max(0, day - LEVEL_DAYS), day);
    if (plain > 0) this.noteMonth(day, Math.log(spent / (plain * weekday)));
    if (usd > 0) this.surprise[day] = Math.log(spent / usd);
  }

  private levelBefore(day: number): number {
    const since = day - this.newLevelAt;
    const before = this.levelOver(Math.max(0, this.newLevelAt - LEVEL_DAYS), this.newLevelAt);
    if (this.newLevelAt === 0) return this.levelOver(Math.max(0, day - LEVEL_DAYS), day);
    const after = this.levelOver(Math.max(this.newLevelAt, day - LEVEL_DAYS), day);
    return since <= NEW_LEVEL_DAYS ? Math.max(before, after) : after;
  }

  private levelOver(from: number, to: number): number {
    const known = median(this.level.subarray(from, to));
    // The first days have no seasons yet.
    return Number.isNaN(known)
      ? median(Array.prototype.slice.call(this.usd, Math.max(0, to - WEEK), to)) || 0
      : known;
  }

  /** Median of the same weekdays against their weeks; 1 where none is known. */
  private weekday(day: number): number {
    const ratios: number[] = [];
    for (let back = WEEK; back <= WEEKS * WEEK && day - back >= WEEK - 1; back += WEEK) {
      ratios.push(this.weekRatio[day - back] as number);
    }
    const ratio = median(ratios);
    return ratio > 0 ? ratio : 1;
  }

  /** What this day of the month adds, in log units: what it added in the last months, where they agree; or 0. */
  private month(day: number): number {
    const { fromStart, fromEnd } = this.positions[day] as Position;
    const [start, end] = [consistent(this.addedOn.get(fromStart)), consistent(this.addedOn.get(fromEnd))];
    return Math.max(start, end);
  }

  private noteMonth(day: number, added: number): void {
    const { fromStart, fromEnd } = this.positions[day] as Position;
    for (const position of [fromStart, fromEnd]) {
      const past = this.addedOn.get(position) ?? [];
      this.addedOn.set(position, [added, ...past].slice(0, MONTHS));
    }
  }
}

/** 0 unless enough months say the same. */
function consistent(past: readonly number[] = []): number {
  if (past.length < MONTHS_MIN) return 0;
  const typical = median(past);
  const agree = past.filter((added) => added > 0).length;
  return agree >= past.length - Math.floor(past.length / 4) && typical >= MONTHLY_MIN ? typical : 0;
}

/** Place of a day in its month: 1 to 31 from the start, 0 to -30 from the end. */
interface Position {
  readonly fromStart: number;
  readonly fromEnd: number;
}

function positionOf(at: EpochMs): Position {
  const date = new Date(at);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return { fromStart: date.getUTCDate(), fromEnd: date.getUTCDate() - lastDay };
}

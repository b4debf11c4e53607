import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './time.ts';

/**
 * Dollars with as many digits as a decision needs: `$0.00`, `$0.0042`, `$0.12`, `$61.30`, `$1,470`.
 * An amount that is not zero is never shown as zero; `NaN` and infinities read `unknown`.
 */
export function formatUsd(usd: number): string {
  if (!Number.isFinite(usd)) return 'unknown';
  const sign = usd < 0 ? '-' : '';
  const amount = Math.abs(usd);
  if (amount === 0) return '$0.00';
  if (amount < 0.0001) return `${sign}<$0.0001`;
  if (amount < 0.095) return `${sign}$${amount.toFixed(4)}`;
  if (amount < 999.995) return `${sign}$${amount.toFixed(2)}`;
  return `${sign}$${grouped(Math.round(amount))}`;
}

/** Durations in at most two units, the second only where it matters: `0 s`, `300 ms`, `45 s`, `2 min`, `1 h 5 min`, `3 d 4 h`. */
export function formatDuration(durationMs: number): string {
  if (!Number.isFinite(durationMs)) return 'unknown';
  const sign = durationMs < 0 ? '-' : '';
  const ms = Math.abs(durationMs);
  if (ms > 0 && ms < SECOND_MS) return `${sign}${Math.round(ms)} ms`;
  if (ms < 2 * MINUTE_MS) return `${sign}${Math.round(ms / SECOND_MS)} s`;
  if (ms < HOUR_MS - MINUTE_MS / 2) return `${sign}${Math.round(ms / MINUTE_MS)} min`;
  if (ms < DAY_MS - MINUTE_MS / 2) return sign + twoUnits(Math.round(ms / MINUTE_MS), 60, 'h', 'min');
  return sign + twoUnits(Math.round(ms / HOUR_MS), 24, 'd', 'h');
}

/** Whole things: `0`, `950`, `12,400`, `1.2 million`; below ten, one decimal where there is one (`2.5`). */
export function formatCount(count: number): string {
  if (Number.isNaN(count)) return 'unknown';
  if (!Number.isFinite(count)) return count > 0 ? 'unbounded' : 'unknown';
  const amount = Math.abs(count);
  const sign = count < 0 ? '-' : '';
  if (amount < 9.95) return `${sign}${Number(amount.toFixed(1))}`;
  if (amount < 999_500) return `${sign}${grouped(Math.round(amount))}`;
  if (amount < 999_500_000) return `${sign}${Number((amount / 1e6).toPrecision(3))} million`;
  return `${sign}${grouped(Number((amount / 1e9).toPrecision(3)))} billion`;
}

/** A count with its noun, which forms its plural with an s: `1 function`, `0 queues`, `12,400 functions`. */
export function formatCountOf(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function twoUnits(small: number, perBig: number, bigName: string, smallName: string): string {
  const big = Math.floor(small / perBig);
  const rest = small % perBig;
  return rest === 0 ? `${big} ${bigName}` : `${big} ${bigName} ${rest} ${smallName}`;
}

/** Thousands separated by commas, independent of the machine's locale. */
function grouped(amount: number): string {
  const [whole = '0', fraction] = String(amount).split('.');
  const withCommas = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? withCommas : `${withCommas}.${fraction}`;
}

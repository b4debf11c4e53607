import type { DownstreamSuggestion } from '../model/bill.ts';
import { type RobustSlope, theilSen } from '../stats/theil-sen.ts';

/** Dollars of one other service, a value a day. */
export interface ServiceDays {
  readonly service: string;
  readonly usd: Float64Array;
}

/** Invocations of one function on the same days. */
export interface FunctionDays {
  readonly name: string;
  readonly invocations: Float64Array;
}

/**
 * Changes against the same weekday a week before: everything follows the week, and most things grow, so that levels of any two
 * things move alike. Changes of a week overlap: two are worth one.
 */
const WEEK = 7;
const DEPENDENCE = 2;

/** Days that are needed: eight weeks of changes. */
const DAYS_MIN = 9 * WEEK;

/** A service whose median day costs less than this is not worth a figure. */
const SERVICE_USD_MIN = 1;

/** Of the service's changes that a function must explain, and of its dollars that the figure must amount to, at the least. */
const EXPLAINED_MIN = 0.5;
const SHARE_MIN = 0.1;
/** More than all of a service cannot be due to a function: give or take an error. */
const SHARE_MAX = 1.2;

/**
 * Standard deviations from chance that are enough: a thousand functions are tried for each service, and chance alone takes one of
 * them to three.
 */
const SIGMAS_MIN = 4;

/**
 * Share of the changes that go the same way, from which on a pair is looked at closely: a thousand functions and fifty services are
 * fifty thousand pairs, and what explains half of the changes agrees in far more than this.
 */
const AGREEMENT_MIN = 0.62;

/** A function that explains nearly as much could as well be the one. */
const ALIKE = 0.15;
/** Functions for each service, one after the other. */
const FUNCTIONS_MAX = 3;

/**
 * What each invocation costs elsewhere, as far as the bill tells: services whose daily dollars move with a function's
 * invocations. Moving together is not proof, so this is a suggestion for somebody who knows the function.
 */
export function suggestDownstream(
  services: readonly ServiceDays[],
  functions: readonly FunctionDays[],
): readonly DownstreamSuggestion[] {
  return services
    .filter(({ usd }) => usd.length >= DAYS_MIN && mean(usd) >= SERVICE_USD_MIN)
    .flatMap((service) => forService(service, functions));
}

interface Fit extends RobustSlope {
  readonly name: string;
}

/** The function that explains the most, then the next of what is left. */
function forService(service: ServiceDays, functions: readonly FunctionDays[]): DownstreamSuggestion[] {
  const suggestions: DownstreamSuggestion[] = [];
  let left = service.usd;
  let candidates = functions;
  while (suggestions.length < FUNCTIONS_MAX) {
    const fits = candidates
      .flatMap((fn) => fitOf(fn, left) ?? [])
      .sort((a, b) => b.explained - a.explained || a.name.localeCompare(b.name));
    const [best, ...others] = fits.filter((fit) => isBelievable(fit, candidates, service.usd));
    if (best === undefined) break;
    const fn = candidates.find(({ name }) => name === best.name) as FunctionDays;
    suggestions.push({
      functionName: best.name,
      service: service.service,
      usdPerInvocation: best.slope,
      low: best.low,
      high: best.high,
      days: service.usd.length,
      explained: best.explained,
      alternatives: others
        .filter(({ explained }) => explained >= best.explained - ALIKE)
        .map(({ name }) => name),
    });
    left = left.map((usd, day) => usd - best.slope * (fn.invocations[day] as number));
    candidates = candidates.filter(({ name }) => name !== best.name);
  }
  return suggestions;
}

function fitOf({ name, invocations }: FunctionDays, usd: Float64Array): Fit | null {
  if (invocations.length !== usd.length) return null;
  const [x, y] = [changes(invocations), changes(usd)];
  if (agreement(x, y) < AGREEMENT_MIN) return null;
  const fit = theilSen(x, y, { dependence: DEPENDENCE });
  return fit === null ? null : { name, ...fit };
}

function isBelievable(fit: Fit, functions: readonly FunctionDays[], serviceUsd: Float64Array): boolean {
  const fn = functions.find(({ name }) => name === fit.name);
  const share = (fit.slope * mean(fn?.invocations ?? new Float64Array())) / mean(serviceUsd);
  return (
    fit.sigmas >= SIGMAS_MIN &&
    fit.low > 0 &&
    fit.explained >= EXPLAINED_MIN &&
    share >= SHARE_MIN &&
    share <= SHARE_MAX
  );
}

/** How often two series change in the same direction, 0..1. */
function agreement(x: Float64Array, y: Float64Array): number {
  let same = 0;
  for (let i = 0; i < x.length; i++) if ((x[i] as number) * (y[i] as number) > 0) same++;
  return same / x.length;
}

function changes(days: Float64Array): Float64Array {
  return days.slice(WEEK).map((value, day) => value - (days[day] as number));
}

function mean(values: Float64Array): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

import { riseOf } from '../../decide/bill-alert.ts';
import type { Alert } from '../../model/alert.ts';
import { formatCount, formatDuration, formatUsd } from '../../model/format.ts';
import type { Burn } from '../../model/incident.ts';
import { type EpochMs, MINUTE_MS, utcText } from '../../model/time.ts';
import { clean } from './clean.ts';
import { PHRASES } from './phrases.ts';

/** A labelled line. `at`: the instant it speaks of, for channels that can show it in the reader's time zone. */
export interface Fact {
  readonly label: string;
  readonly text: string;
  readonly at: EpochMs | null;
  /** Says how the rest is known. Channels that can print it smaller do. */
  readonly isFinePrint: boolean;
}

/** `04:12 UTC`, with the date where it is not the day of `relativeTo`. */
export function clock(at: EpochMs, relativeTo: EpochMs): string {
  const [day = ''] = utcText(relativeTo).split(' ');
  return utcText(at).replace(`${day} `, '');
}

/** While it lasts: since when, what it burns, what it will cost, and how sure that is. */
export function activeFacts(alert: Alert): readonly Fact[] {
  return [
    ...burning(alert),
    ...projection(alert),
    ...losses(alert),
    ...certainty(alert),
    ...noticed(alert),
    ...alike(alert),
  ];
}

/** What it burns; of a day of the bill, which is over, there is no now. */
function burning({ incident, at }: Alert): readonly Fact[] {
  const { burn } = incident;
  if (riseOf(incident) !== null) return [];
  return [
    fact(
      'Burning now',
      `${formatUsd(burn.wastedUsdPerHour)}/h wasted, of ${formatUsd(burn.usdPerHour)}/h spent${averagedText(burn)}`,
    ),
    fact(
      'Wasted so far',
      `${formatUsd(burn.wastedUsd)} since ${clock(incident.onsetAt, at)}`,
      incident.onsetAt,
    ),
  ];
}

/** Where it comes in rounds, no minute of one is its pace. */
function averagedText({ averagedMinutes }: Burn): string {
  return averagedMinutes === undefined
    ? ''
    : `, the mean of a round of ${formatDuration(averagedMinutes * MINUTE_MS)}`;
}

/** Once it is over or stopped: from when to when, and what it cost in all. */
export function closingFacts(alert: Alert): readonly Fact[] {
  const { incident } = alert;
  if (['canary', 'restored', 'expiring'].includes(alert.transition))
    return [fact('Wasted in all', formatUsd(incident.burn.wastedUsd))];
  const lastedMs = Math.max(0, incident.lastEvidenceAt - incident.onsetAt);
  return [
    fact('Began', clock(incident.onsetAt, alert.at), incident.onsetAt),
    fact('Lasted', formatDuration(lastedMs)),
    fact('Wasted in all', formatUsd(incident.burn.wastedUsd)),
    ...avoided(alert),
    ...losses(alert),
    ...certainty(alert),
    ...noticed(alert),
    ...alike(alert),
  ];
}

function projection(alert: Alert): readonly Fact[] {
  const { burn } = alert.incident;
  if (!(burn.projectedUsd > 0)) return [];
  const why = burn.endsBecause.trim() === '' ? '' : ` (${clean(burn.endsBecause, 200)})`;
  const end =
    burn.endsAt === null
      ? `in 30 days: it does not end by itself${why}`
      : `until ${clock(burn.endsAt, alert.at)}, in ${formatDuration(Math.max(0, burn.endsAt - alert.at))}${why}`;
  const day =
    burn.projected24hUsd > 0 && burn.projected24hUsd < burn.projectedUsd * 0.995
      ? `${formatUsd(burn.projected24hUsd)} more in 24 hours, `
      : '';
  return [fact('If nobody acts', `${day}${formatUsd(burn.projectedUsd)} more ${end}`, burn.endsAt)];
}

function avoided(alert: Alert): readonly Fact[] {
  const { projectedUsd } = alert.incident.burn;
  if (alert.transition !== 'killed' || !(projectedUsd > 0)) return [];
  return [fact('Avoided', `up to ${formatUsd(projectedUsd)} that it would have wasted from here on`)];
}

function losses(alert: Alert): readonly Fact[] {
  const { loss } = alert.incident;
  if (loss === null) return [];
  const rate = loss.lostPerHour > 0 ? `, ${formatCount(loss.lostPerHour)} an hour now` : '';
  const lost =
    loss.lost > 0 || loss.lostPerHour > 0
      ? [fact('Messages lost', `${formatCount(loss.lost)} moved to a dead-letter queue or dropped${rate}`)]
      : [];
  const expiry =
    loss.expiresAt === null
      ? []
      : [fact('Messages expire', `unprocessed from ${clock(loss.expiresAt, alert.at)}`, loss.expiresAt)];
  return [...lost, ...expiry];
}

/** Which part of the dollars is read from metrics, and what the rest assumes. */
function certainty(alert: Alert): readonly Fact[] {
  const { burn, budget } = alert.incident;
  const isOfMoney = budget !== undefined || riseOf(alert.incident) !== null;
  if (!(burn.wastedUsd > 0 || (isOfMoney && burn.assumptions.length > 0))) return [];
  const assumptions = burn.assumptions.slice(0, 3).map((text) => clean(text, 160));
  const hidden = burn.assumptions.length - assumptions.length;
  const rest = [...assumptions, ...(hidden > 0 ? [`and ${formatCount(hidden)} more`] : [])].join('; ');
  if (!(burn.wastedUsd > 0)) return [finePrint('How sure', `estimates: ${rest}`)];
  const measured = Math.round(burn.measuredShare * 100);
  const share =
    measured >= 100
      ? 'all of it from Lambda and SQS metrics at list prices'
      : `${measured} % of it from Lambda and SQS metrics, the rest assumed`;
  return [finePrint('How sure', rest === '' ? share : `${share}: ${rest}`)];
}

function noticed(alert: Alert): readonly Fact[] {
  const { incident } = alert;
  if (incident.openedAt === null || incident.openedAt < incident.onsetAt) return [];
  const delayMs = incident.openedAt - incident.onsetAt;
  const cycles = incident.delayInRetryCycles;
  const inCycles =
    cycles === null || !Number.isFinite(cycles) ? '' : ` (${formatCount(cycles)} retry cycles)`;
  return [finePrint('First alert', `${formatDuration(delayMs)} after it began${inCycles}`)];
}

/** What was found to have the same cause. */
function alike(alert: Alert): readonly Fact[] {
  const { incident } = alert;
  const nouns = incident.detectors.filter((id) => id !== incident.detector).map((id) => PHRASES[id].noun);
  const functions = incident.functions.filter((name) => name !== incident.functionName);
  return [
    ...(functions.length === 0
      ? []
      : [fact(incident.budget === undefined ? 'Also hit' : 'Spent by', list(functions))]),
    ...(nouns.length === 0 ? [] : [finePrint('Also seen as', list(nouns))]),
  ];
}

const LISTED_MAX = 5;

function list(names: readonly string[]): string {
  const shown = names.slice(0, LISTED_MAX).map((name) => clean(name, 80));
  const hidden = names.length - shown.length;
  return hidden > 0 ? `${shown.join(', ')} and ${formatCount(hidden)} more` : shown.join(', ');
}

function fact(label: string, text: string, at: EpochMs | null = null): Fact {
  return { label, text, at, isFinePrint: false };
}

function finePrint(label: string, text: string): Fact {
  return { label, text, at: null, isFinePrint: true };
}

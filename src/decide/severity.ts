import type { AlertReason, SuppressionReason } from '../model/alert.ts';
import type { Baselines } from '../model/baseline.ts';
import type { Finding } from '../model/finding.ts';
import type { Burn, Severity } from '../model/incident.ts';
import { DAY_MS } from '../model/time.ts';
import { isEstablished } from './group.ts';

export interface Verdict {
  /** `null`: nobody is told yet. */
  readonly severity: Severity | null;
  readonly reason: AlertReason | SuppressionReason;
}

export interface VerdictInput {
  readonly finding: Finding;
  readonly burn: Burn;
  readonly baselines: Baselines;
  readonly pageUsd: number;
}

/**
 * How long trouble must have lasted before anybody is told: as long as harmless trouble of its kind lasts. Deploys fail
 * for some minutes and recover, and a minute more of waiting costs the burn of a minute: at a dollar an hour that is
 * cheap. Each tenfold takes a fifth off, down to a half.
 */
export function requiredPersistence(blipMinutes: number, wastedUsdPerHour: number): number {
  const decades = Math.log10(Math.max(1, wastedUsdPerHour));
  return blipMinutes * Math.max(0.5, 1 - decades / 5);
}

/** Fewer lost messages than this never wake anybody. */
const LOST_MESSAGES_MIN = 20;

/** Lost messages per hour are not normal above this multiple of the worst hour in the baseline. */
const LOST_MULTIPLE = 3;

/** Severity by money and consequence: critical is what is worth waking someone for. */
export function judge(input: VerdictInput): Verdict {
  const { finding, burn } = input;
  if (!isEstablished(finding)) return { severity: null, reason: 'evidence-still-thin' };
  if (
    !finding.isOngoing ||
    finding.persistenceMinutes < requiredPersistence(finding.blipMinutes, burn.wastedUsdPerHour)
  ) {
    return { severity: null, reason: 'could-be-a-blip' };
  }
  if (isExpensive(input)) {
    return { severity: 'critical', reason: 'money-at-stake' };
  }
  if (isLosingMessages(input)) return { severity: 'critical', reason: 'messages-being-lost' };
  return { severity: 'warning', reason: 'first-evidence-is-enough' };
}

/**
 * Time left, a pace, and multiples of the bound a day, from which on an overspent budget wakes somebody. A budget is a
 * plan: that it will not last is told, and can wait for the morning, unless what is left of it goes within a day and that
 * is money. The pace keeps the last days of a month, when little is left of any budget, from waking anybody.
 */
const BUDGET_PAGE = { withinMs: DAY_MS, pace: 5, pageUsdPerDay: 10 } as const;

function isExpensive({ finding, burn, pageUsd }: VerdictInput): boolean {
  if (finding.budget !== undefined) {
    const { goneAt, pace } = finding.budget;
    return (
      pace >= BUDGET_PAGE.pace &&
      (goneAt === null || goneAt - finding.lastEvidenceAt <= BUDGET_PAGE.withinMs) &&
      24 * burn.usdPerHour >= BUDGET_PAGE.pageUsdPerDay * pageUsd
    );
  }
  // Nobody is woken for a projection of what may be wanted, but once it has really cost the bound.
  if (finding.mayBeWanted === true) return burn.wastedUsd >= pageUsd;
  return burn.projected24hUsd >= pageUsd || burn.wastedUsd >= pageUsd;
}

function isLosingMessages({ finding, baselines }: VerdictInput): boolean {
  const { loss } = finding;
  if (loss === null || loss.lost < LOST_MESSAGES_MIN) return false;
  const normal = finding.queues.reduce(
    (most, name) => Math.max(most, baselines.queues.get(name)?.arrivalsMaximum ?? 0),
    0,
  );
  return loss.lostPerHour > LOST_MULTIPLE * normal;
}

import type { AlertReason, SuppressionReason } from '../model/alert.ts';
import type { Baselines } from '../model/baseline.ts';
import type { Finding } from '../model/finding.ts';
import type { Burn, Severity } from '../model/incident.ts';
import type { Inventory } from '../model/inventory.ts';
import { DAY_MS } from '../model/time.ts';
import { isCertain, isEstablished } from './group.ts';

export interface Verdict {
  /** `null`: nobody is told yet. */
  readonly severity: Severity | null;
  readonly reason: AlertReason | SuppressionReason;
}

export interface VerdictInput {
  readonly finding: Finding;
  readonly burn: Burn;
  /** What one more minute of waiting wastes, as dollars an hour. */
  readonly waitingUsdPerHour: number;
  readonly baselines: Baselines;
  readonly inventory: Inventory;
  readonly pageUsd: number;
}

/**
 * How long trouble must have lasted before anybody is told: as long as harmless trouble of its kind lasts. Deploys fail
 * for some minutes and recover, and a minute more of waiting costs the burn of a minute: at a dollar an hour that is
 * cheap. Each tenfold takes a third off, down to a half: by then the wait costs what wakes somebody.
 */
export function requiredPersistence(blipMinutes: number, wastedUsdPerHour: number): number {
  const decades = Math.log10(Math.max(1, wastedUsdPerHour));
  return blipMinutes * Math.max(0.5, 1 - decades / 3);
}

/** Fewer lost messages than this never wake anybody. */
const LOST_MESSAGES_MIN = 20;

/** Lost messages an hour are not normal above this multiple of the worst hour that the dead-letter queue has had. */
const LOST_MULTIPLE = 3;

/** Severity by money and consequence: critical is what is worth waking someone for. */
export function judge(input: VerdictInput): Verdict {
  const { finding } = input;
  if (isDear(input)) return { severity: 'critical', reason: 'money-at-stake' };
  if (!isEstablished(finding)) return { severity: null, reason: 'evidence-still-thin' };
  if (
    !finding.isOngoing ||
    finding.persistenceMinutes < requiredPersistence(finding.blipMinutes, input.waitingUsdPerHour)
  ) {
    return { severity: null, reason: 'could-be-a-blip' };
  }
  if (isExpensive(input)) {
    return { severity: 'critical', reason: 'money-at-stake' };
  }
  if (isLosingMessages(input)) return { severity: 'critical', reason: 'messages-being-lost' };
  return { severity: 'warning', reason: 'first-evidence-is-enough' };
}

/** Multiple of the bound that wakes somebody however short it has been, and whoever may have wanted it. */
const DEAR_MULTIPLE = 10;

/** A surge that has cost so much is told while it may yet be over soon: until then it would cost far more. */
function isDear({ finding, burn, pageUsd }: VerdictInput): boolean {
  return (
    finding.mayBeWanted === true &&
    isCertain(finding) &&
    finding.isOngoing &&
    burn.wastedUsd >= DEAR_MULTIPLE * pageUsd
  );
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

function isLosingMessages({ finding, baselines, inventory }: VerdictInput): boolean {
  const { loss } = finding;
  if (loss === null || loss.lost < LOST_MESSAGES_MIN) return false;
  const normal = deadLetterQueuesOf(finding, inventory).reduce(
    (most, name) => Math.max(most, baselines.queues.get(name)?.arrivalsMaximum ?? 0),
    0,
  );
  return loss.lostPerHour > LOST_MULTIPLE * normal;
}

/** Where its lost messages go: what else its queues get is no loss. */
function deadLetterQueuesOf({ queues }: Finding, inventory: Inventory): string[] {
  return inventory.queues.flatMap(({ name, redrive }) =>
    redrive !== null && (queues.includes(name) || queues.includes(redrive.deadLetterQueue))
      ? [redrive.deadLetterQueue]
      : [],
  );
}

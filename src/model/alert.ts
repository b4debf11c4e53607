import type { Incident } from './incident.ts';
import type { EpochMs } from './time.ts';

/** What happened to the incident; each is told once. */
export type Transition =
  | 'opened'
  | 'critical'
  | 'reminder'
  | 'reopened'
  | 'resolved'
  | 'killed'
  /** A restore is being tried out. */
  | 'canary'
  | 'restored'
  /** Messages that wait for a stopped function will expire. */
  | 'expiring'
  | 'test';

/** Why an alert is sent, or is not. Logged, kept in the audit trail and asserted in tests. */
export type AlertReason =
  | 'first-evidence-is-enough'
  | 'money-at-stake'
  | 'messages-being-lost'
  | 'waste-doubled'
  | 'came-back'
  | 'quiet-again'
  | 'quiet-while-stopped'
  | 'kill-switch-used'
  | 'messages-will-expire'
  | 'requested-by-a-person';

export interface Alert {
  /** `<incident id>#<transition>[#n]`: the same alert has the same key, however often a tick is repeated. */
  readonly key: string;
  readonly transition: Transition;
  readonly reason: AlertReason;
  readonly at: EpochMs;
  readonly incident: Incident;
  readonly account: string;
  readonly region: string;
}

/** Why nothing was sent or done about a finding. */
export type SuppressionReason =
  | 'evidence-still-thin'
  | 'could-be-a-blip'
  | 'inhibited-by-cause'
  | 'below-a-ticket'
  | 'no-news'
  | 'not-automatic';

/** What the kill switch makes of a restore that is tried out, or may be. */
export type CanaryReason =
  | 'canary-due'
  | 'canary-watched'
  | 'canary-passed'
  | 'canary-failed'
  /** A kill in effect that is not on record as done. */
  | 'kill-cut-off';

export interface Decision {
  readonly incidentId: string;
  readonly outcome: 'alert' | 'hold' | 'inhibit' | 'kill' | 'restore' | 'refuse';
  readonly reason: AlertReason | SuppressionReason | CanaryReason;
  readonly detail: string;
}

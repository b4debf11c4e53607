import type { AuditFinding } from '../audit/audit.ts';
import type { Incident } from '../model/incident.ts';
import type { KillRecord } from '../model/kill.ts';
import type { EpochMs } from '../model/time.ts';
import type { Series } from '../model/window.ts';
import type { Story } from '../respond/alert/words.ts';

/** What happened, in the order in which it did; the charts carry the same letters. */
export interface Moment {
  readonly kind: 'onset' | 'evidence' | 'alert' | 'page' | 'kill' | 'restore' | 'resolved';
  readonly at: EpochMs;
  readonly title: string;
  readonly text: string;
}

/** One value a minute; minute `i` starts at `startAt + i * MINUTE_MS`. `NaN`: no datapoint. Absent: not recorded. */
export interface ReportSeries {
  readonly startAt: EpochMs;
  readonly minutes: number;
  /** Spend of the incident's functions, dollars an hour. */
  readonly usdPerHour: Series;
  /** The part that is waste; `null`: it cannot be told from what was read. */
  readonly wastedUsdPerHour: Series | null;
  /** Dollars since onset: wasted where that is known, spent otherwise. */
  readonly totalUsd: Series;
  /** How `totalUsd` would have gone on at the rate of the kill; `NaN` before it. `null`: nothing was stopped. */
  readonly totalWithoutUsd: Series | null;
  readonly invocations?: Series | undefined;
  readonly errors?: Series | undefined;
  readonly concurrency?: Series | undefined;
  readonly received?: Series | undefined;
  readonly deleted?: Series | undefined;
  readonly inFlight?: Series | undefined;
  readonly waiting?: Series | undefined;
}

/** What it would have cost from an instant on, had nobody acted. */
export interface WithoutAction {
  readonly sinceAt: EpochMs;
  readonly usdIn24Hours: number;
  readonly usd: number;
  /** `null`: 30 days are counted. */
  readonly endsAt: EpochMs | null;
  readonly endsBecause: string;
}

export interface SettingChange {
  readonly name: string;
  readonly before: string;
  readonly killed: string;
  /** What it was put back to; `null`: it is still as the kill left it. */
  readonly after: string | null;
}

/** A part of the report, or why there is none. */
export type Known<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly why: string };

export interface ReportModel {
  readonly generatedAt: EpochMs;
  readonly account: string;
  readonly region: string;
  readonly incident: Incident;
  readonly kill: KillRecord | null;
  readonly story: Story;
  readonly moments: readonly Moment[];
  readonly series: Known<ReportSeries>;
  /** Where the series are from, and what reading them cost. */
  readonly seriesSource: string;
  readonly withoutAction: Known<WithoutAction>;
  readonly settings: readonly SettingChange[];
  readonly fixes: Known<readonly AuditFinding[]>;
}

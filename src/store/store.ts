import type { Alert } from '../model/alert.ts';
import type { Baselines } from '../model/baseline.ts';
import type { BillNote } from '../model/bill.ts';
import type { Incident } from '../model/incident.ts';
import type { KillRecord } from '../model/kill.ts';
import type { EpochMs } from '../model/time.ts';
import type { ReadGap } from '../model/window.ts';

/** Delivery of one alert over one channel. */
export interface Delivery {
  readonly key: string;
  readonly channel: string;
  readonly deliveredAt: EpochMs;
}

/** That a tick ran, and what it could not read: what `status` shows. */
export interface TickNote {
  readonly at: EpochMs;
  readonly functions: number;
  readonly queues: number;
  readonly gaps: readonly ReadGap[];
}

/**
 * What a part of the monitor keeps for its next run, or for another part: how far the reading is, what each part has spent of its
 * own, what shards are to read and what they have read. Losing one costs calls or cents, or is a gap, never an incident.
 */
export type Notebook =
  | 'reading'
  | 'spend-tick'
  | 'spend-survey'
  | 'spend-watch'
  | 'reading-plan'
  | `shard-${number}`;

/** Answer to {@link Store.claimDelivery}. */
export type Claim = 'claimed' | 'busy' | 'delivered';

/**
 * What outlives a tick. Two adapters, one contract suite: a folder of files (CLI), DynamoDB (deployed).
 * Writes that two ticks could race for are conditional; the loser learns it and changes nothing.
 */
export interface Store {
  /** Incidents that are not resolved, or were resolved at or after `resolvedSince`. */
  incidents(options: { readonly resolvedSince: EpochMs }): Promise<readonly Incident[]>;
  incident(id: string): Promise<Incident | null>;
  /** Last writer by `evaluatedAt` wins; an older evaluation is dropped and `false` is returned. */
  putIncident(incident: Incident): Promise<boolean>;
  /** As if it had never been put; one of a newer evaluation stays, and `false` is returned. */
  forgetIncident(incident: Incident): Promise<boolean>;

  /** Alerts that were decided but not yet delivered everywhere: the outbox. Survives a crash between decide and send. */
  enqueueAlert(alert: Alert): Promise<void>;
  outbox(): Promise<readonly Alert[]>;
  /**
   * `claimed` to exactly one caller per (key, channel) until the claim expires at `until`, is released or delivered;
   * `busy` while another caller holds it; `delivered` after `markDelivered`, for at least a week, whether or not the
   * alert is still in the outbox: an alert that is decided twice is sent once.
   */
  claimDelivery(claim: {
    readonly key: string;
    readonly channel: string;
    readonly now: EpochMs;
    readonly until: EpochMs;
  }): Promise<Claim>;
  releaseDelivery(claim: { readonly key: string; readonly channel: string }): Promise<void>;
  markDelivered(delivery: Delivery): Promise<void>;
  dequeueAlert(key: string): Promise<void>;

  /** The kill record of a function that is not `restored`; `null`: it is not killed. */
  openKill(functionName: string): Promise<KillRecord | null>;
  kills(): Promise<readonly KillRecord[]>;
  /** Writes a new record unless the function has an open one: then `false`, and nothing is written. */
  createKill(record: KillRecord): Promise<boolean>;
  /**
   * Replaces the open record of the same function and id, if that is still at `record.revision - 1`. Otherwise somebody
   * else changed it since it was read: `false`, and nothing is written. A `restored` record is final.
   */
  updateKill(record: KillRecord): Promise<boolean>;

  baselines(): Promise<Baselines | null>;
  putBaselines(baselines: Baselines): Promise<void>;

  /** The newest daily look at the bill; `null`: none was ever taken. */
  bill(): Promise<BillNote | null>;
  putBill(note: BillNote): Promise<void>;

  /** The newest tick; `null`: none ever ran. */
  lastTick(): Promise<TickNote | null>;
  putTick(note: TickNote): Promise<void>;

  /** The text that was put last, which only its writer understands; `null`: none was. */
  notebook(name: Notebook): Promise<string | null>;
  /** The newest `at` wins: an older text is dropped. */
  putNotebook(name: Notebook, note: { readonly at: EpochMs; readonly text: string }): Promise<void>;
}

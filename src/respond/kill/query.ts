import type { Config } from '../../model/config.ts';
import type { Inventory } from '../../model/inventory.ts';
import type { KillRecord } from '../../model/kill.ts';
import type { EpochMs } from '../../model/time.ts';
import type { QueueDepth } from '../../model/window.ts';

/** What a kill plan is made from. */
export interface KillQuery {
  readonly functionName: string;
  /** Stop everything that calls it, not only its event source mappings. */
  readonly hard: boolean;
  readonly inventory: Inventory;
  readonly config: Config;
  readonly now: EpochMs;
  /** How many messages wait, by queue; a queue that is absent could not be read. */
  readonly depths?: ReadonlyMap<string, QueueDepth>;
  /** Other functions that read the same queue or stream, by its name; absent: unknown. */
  readonly alsoReading?: ReadonlyMap<string, readonly string[]>;
  /** Its open kill record, if it has one. */
  readonly open?: KillRecord | null;
}

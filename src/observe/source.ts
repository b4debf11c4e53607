import type { Baselines } from '../model/baseline.ts';
import type { Incident } from '../model/incident.ts';
import type { EpochMs } from '../model/time.ts';
import type { Window } from '../model/window.ts';

/**
 * Where a tick's data comes from: AWS over the wire, a recorded trace, or the simulator. One contract suite for all.
 * What could not be read is in `window.gaps`; only a source that can read nothing at all throws.
 */
export interface Source {
  /** What is readable at `now`. */
  window(now: EpochMs): Promise<Window>;
  /** Normal behaviour from the hours before; hours within `incidents` are left out for their functions and queues. */
  baselines(now: EpochMs, incidents: readonly Incident[]): Promise<Baselines>;
}

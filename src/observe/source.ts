import type { Baselines } from '../model/baseline.ts';
import type { Incident } from '../model/incident.ts';
import type { EpochMs } from '../model/time.ts';
import type { Window } from '../model/window.ts';
import type { Spending } from '../price/budget-spend.ts';
import type { PricingOptions } from '../price/lambda-price.ts';

/**
 * Where a tick's data comes from: AWS over the wire, a recorded trace, or the simulator. One contract suite for all.
 * What could not be read is in `window.gaps`; only a source that can read nothing at all throws.
 */
export interface Source {
  /**
   * What is readable at `now`. A source that pays for what it reads looks each time at the functions of `incidents` that are
   * not over and at those that are `stopped`, and at the others when it is their turn: what is not read is not in the window,
   * but for its dollars, at the prices of its last reading.
   */
  window(
    now: EpochMs,
    incidents?: readonly Incident[],
    stopped?: ReadonlySet<string>,
    pricing?: PricingOptions,
  ): Promise<Window>;
  /**
   * Normal behaviour from the hours before; hours within `incidents` are left out for their functions and queues. With
   * `spending`, what each budget has spent as well.
   */
  baselines(now: EpochMs, incidents: readonly Incident[], spending?: Spending): Promise<Baselines>;
}

import { FirebreakError } from '../../model/errors.ts';
import type { AwsOptions } from '../../observe/aws/clients.ts';
import { ALL_DETAILS } from '../../observe/aws/function-details.ts';
import { readInventory } from '../../observe/aws/inventory.ts';
import { wireOf } from '../../observe/aws/source.ts';
import { forecastMonitorCost } from '../../price/monitor-cost.ts';
import { type Caller, readCaller } from '../caller.ts';
import { permissionChecks } from '../doctor/account-checks.ts';
import type { Check } from '../doctor/check.ts';
import type { Io } from '../io.ts';
import { regionPrices } from '../region-prices.ts';
import { watchedFleet } from '../watched-fleet.ts';

/** Watching it from a deployed stack, in calm weather. */
export interface Forecast {
  readonly functions: number;
  readonly queues: number;
  readonly usdPerMonth: number;
  readonly usdAfterFreeTier: number;
}

/** What could be seen of the account before anything is written. */
export interface Look {
  readonly caller: Caller | null;
  /** As `firebreak doctor` has them; none without credentials. */
  readonly permissions: readonly Check[];
  readonly forecast: Forecast | null;
  /** What could not be looked at, and why. */
  readonly unchecked: readonly string[];
}

/** Looks at the account that the options lead to. Without credentials it says so; nothing here fails. */
export async function lookAt(io: Io, aws: AwsOptions): Promise<Look> {
  const wire = wireOf({ ...aws, sleep: io.sleep, signal: io.signal });
  const unchecked: string[] = [];
  const noteAndNull = (error: unknown): null => {
    if (!(error instanceof FirebreakError)) throw error;
    unchecked.push(error.message);
    return null;
  };
  const caller = await readCaller(wire).catch(noteAndNull);
  if (caller === null) return { caller, permissions: [], forecast: null, unchecked };
  const now = io.now();
  const limits = { ...ALL_DETAILS, getFunction: 0, controlPlane: 0 };
  const read = await readInventory(wire, caller, null, { now, limits }).catch(noteAndNull);
  const { functions = [], queues = [] } = read?.inventory ?? {};
  const permissions = await permissionChecks(wire, {
    ...caller,
    functionName: functions[0]?.name,
    queueName: queues[0]?.name,
    now,
  });
  if (read === null) return { caller, permissions, forecast: null, unchecked };
  const prices = await regionPrices({ region: caller.region, refresh: false, aws, io });
  const { fleet, watched } = watchedFleet(read, now);
  const { usdPerMonth, usdAfterFreeTier } = forecastMonitorCost({ fleet, watched, prices });
  const forecast = { functions: fleet.functions, queues: fleet.queues, usdPerMonth, usdAfterFreeTier };
  return { caller, permissions, forecast, unchecked };
}

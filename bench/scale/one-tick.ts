import { tick } from '../../src/decide/tick.ts';
import { DEFAULT_CONFIG } from '../../src/model/config.ts';
import type { Incident } from '../../src/model/incident.ts';
import { peakRssMB, timed } from '../common/cpu.ts';
import { baseFleet, enlarge, seriesBytes } from './fleet.ts';

/** What one process measured for one size of fleet. */
export interface TickMeasure {
  readonly functions: number;
  readonly queues: number;
  /** CPU time of the first tick of the process, and the median of the ticks after it. */
  readonly firstMs: number;
  readonly medianMs: number;
  readonly peakRssMB: number;
  /** Series of the window, and the incidents that are kept from tick to tick as JSON. */
  readonly seriesMB: number;
  readonly incidentsMB: number;
  readonly incidents: number;
}

const TICKS = 7;
const BYTES_PER_MB = 1024 ** 2;

async function measure(functions: number, seed: number): Promise<TickMeasure> {
  const fleet = enlarge(await baseFleet(seed), functions);
  const input = { ...fleet, config: DEFAULT_CONFIG };
  let openIncidents: readonly Incident[] = [];
  const times: number[] = [];
  for (let i = 0; i < TICKS; i++) {
    const { ms, value } = await timed(() => tick({ ...input, openIncidents }));
    openIncidents = value.incidents;
    times.push(ms);
  }
  const [firstMs = 0, ...later] = times;
  const { inventory } = fleet.window;
  return {
    functions: inventory.functions.length,
    queues: inventory.queues.length,
    firstMs,
    medianMs: later.sort((a, b) => a - b)[later.length >> 1] ?? firstMs,
    peakRssMB: peakRssMB(),
    seriesMB: seriesBytes(fleet.window) / BYTES_PER_MB,
    incidentsMB: JSON.stringify(openIncidents).length / BYTES_PER_MB,
    incidents: openIncidents.length,
  };
}

const [functions = '100', seed = '100001'] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await measure(Number(functions), Number(seed))));

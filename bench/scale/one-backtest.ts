import { DEFAULT_CONFIG } from '../../src/model/config.ts';
import { parseTrace } from '../../src/observe/trace/parse.ts';
import { backtest } from '../../src/replay/backtest.ts';
import { families } from '../../src/simulate/families/registry.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import { peakRssMB, timed } from '../common/cpu.ts';

/** Fifty functions for two days, one of them in a retry loop, from the text of the trace on. */
export interface BacktestMeasure {
  readonly functions: number;
  readonly queues: number;
  readonly ticks: number;
  readonly parseMs: number;
  readonly replayMs: number;
  readonly peakRssMB: number;
}

const FUNCTIONS = 50;
const MINUTES = 2_880;

const family = families['retry-timeout'];
if (family === undefined) throw new RangeError('no family retry-timeout');
const seed = Number(process.argv[2]);
const text = JSON.stringify(
  simulate(family.scenario(seed, { background: FUNCTIONS - 1, minutes: MINUTES })).trace,
);
const parsed = await timed(() => parseTrace(JSON.parse(text)));
const replayed = await timed(() => backtest(parsed.value, { config: DEFAULT_CONFIG }));
const { inventory } = parsed.value;
const measure: BacktestMeasure = {
  functions: inventory.functions.length,
  queues: inventory.queues.length,
  ticks: replayed.value.ticks,
  parseMs: parsed.ms,
  replayMs: replayed.ms,
  peakRssMB: peakRssMB(),
};
process.stdout.write(JSON.stringify(measure));

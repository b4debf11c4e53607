import type { Goal } from '../common/goal.ts';
import { type Machine, machineLine } from '../common/results.ts';
import { markdownTable, rank, short } from '../common/table.ts';
import type { BacktestMeasure } from './one-backtest.ts';
import type { HandlerMeasure, TickCost } from './one-handler.ts';
import type { ReadingMeasure } from './one-reading.ts';
import type { TickMeasure } from './one-tick.ts';

export interface ScaleReport {
  readonly machine: Machine;
  readonly seed: number;
  readonly ticks: readonly TickMeasure[];
  /** Not promised: where it ends. */
  readonly beyond: TickMeasure;
  readonly reading: ReadingMeasure;
  readonly handler: HandlerMeasure;
  readonly backtest: BacktestMeasure;
}

/** A function of Lambda has a processor for each 1,769 MiB (Lambda developer guide, 2026). */
const CPU_SHARE = 256 / 1_769;
/** Ticks after a deployment that learn tags and reservations, a slice each. */
const LEARNING_TICKS = 6;

/** What Lambda bills of a tick with 256 MiB, s: its waiting, and its work at that share of a processor. */
function billedSeconds({ cpuMs, waitMs }: TickCost): number {
  return (cpuMs / CPU_SHARE + waitMs) / 1_000;
}

function billedOf({ ticks }: HandlerMeasure) {
  const seconds = ticks.slice(LEARNING_TICKS).map(billedSeconds);
  return { median: rank(seconds, 0.5), longest: Math.max(...seconds), count: seconds.length };
}

export function goalsOf({ ticks, backtest, handler }: ScaleReport): readonly Goal[] {
  const largest = ticks.at(-1);
  if (largest === undefined) throw new RangeError('no tick was measured');
  const { functions, firstMs, peakRssMB } = largest;
  const backtestSeconds = (backtest.parseMs + backtest.replayMs) / 1_000;
  const days = backtest.ticks / 1_440;
  return [
    {
      what: `CPU of a tick of ${functions.toLocaleString('en-US')} functions, the first of a process`,
      wanted: 'at most 1 s',
      measured: `${short(firstMs / 1_000, 2)} s`,
      isMet: firstMs <= 1_000,
    },
    {
      what: 'its memory (peak RSS)',
      wanted: 'at most 512 MB',
      measured: `${short(peakRssMB, 0)} MB`,
      isMet: peakRssMB <= 512,
    },
    {
      what: `billed time of a tick of ${handler.functions} functions with 256 MB, the longest`,
      wanted: 'at most 3 s',
      measured: `${short(billedOf(handler).longest)} s`,
      isMet: billedOf(handler).longest <= 3,
    },
    {
      what: `CPU of a backtest of ${backtest.functions} functions over ${days} days`,
      wanted: 'at most 5 s',
      measured: `${short(backtestSeconds)} s`,
      isMet: backtestSeconds <= 5,
    },
  ];
}

export function section({ machine, seed, ticks, backtest, handler }: ScaleReport): string {
  const billed = billedOf(handler);
  const table = markdownTable(
    [
      'functions',
      'queues',
      'CPU of a tick, ms (median of 6)',
      'first tick of a process, ms',
      'µs per function',
      'peak RSS, MB',
      'series of the window, MB',
      'incidents kept',
      'incidents as JSON, MB',
    ],
    ticks.map((one) => [
      one.functions,
      one.queues,
      short(one.medianMs, 0),
      short(one.firstMs, 0),
      short((one.medianMs / one.functions) * 1_000, 0),
      short(one.peakRssMB, 0),
      short(one.seriesMB),
      one.incidents,
      short(one.incidentsMB, 2),
    ]),
  );
  return [
    machineLine(machine),
    `Seed ${seed}; an account of 100 functions, one of them in a retry loop, repeated; windows of 180 minutes.`,
    '',
    table,
    '',
    `The deployed tick of ${handler.functions} functions and as many queues, its bundle (${short(handler.bundleKB, 0)} kB) on Node 24, in default settings,`,
    `over HTTP to an account on the same machine: loading the bundle takes ${short(handler.loadMs, 0)} ms of CPU, the first tick`,
    `${short(handler.ticks[0]?.cpuMs ?? Number.NaN, 0)} ms. With 256 MB (0.14 of a processor, which is counted) ${billed.count} ticks are billed`,
    `${short(billed.median)} s in the median, ${short(billed.longest)} s at most; the first ${LEARNING_TICKS} after a deployment wait up to`,
    `${short(Math.max(...handler.ticks.slice(0, LEARNING_TICKS).map(({ waitMs }) => waitMs)) / 1_000, 0)} s for their turn while they learn tags. A network adds to that: some tenths of a second.`,
    '',
    `Backtest of ${backtest.functions} functions and ${backtest.queues} queues over ${backtest.ticks} ticks:`,
    `${short((backtest.parseMs + backtest.replayMs) / 1_000)} s CPU`,
    `(${short(backtest.parseMs / 1_000)} s to parse, ${short(backtest.replayMs / 1_000)} s to replay),`,
    `peak RSS ${short(backtest.peakRssMB, 0)} MB with the simulator that made the trace.`,
  ].join('\n');
}

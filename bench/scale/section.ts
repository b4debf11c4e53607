import type { Goal } from '../common/goal.ts';
import { type Machine, machineLine } from '../common/results.ts';
import { markdownTable, short } from '../common/table.ts';
import type { BacktestMeasure } from './one-backtest.ts';
import type { ReadingMeasure } from './one-reading.ts';
import type { TickMeasure } from './one-tick.ts';

export interface ScaleReport {
  readonly machine: Machine;
  readonly seed: number;
  readonly ticks: readonly TickMeasure[];
  /** Not promised: where it ends. */
  readonly beyond: TickMeasure;
  readonly reading: ReadingMeasure;
  readonly backtest: BacktestMeasure;
}

export function goalsOf({ ticks, backtest }: ScaleReport): readonly Goal[] {
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
      what: `CPU of a backtest of ${backtest.functions} functions over ${days} days`,
      wanted: 'at most 5 s',
      measured: `${short(backtestSeconds)} s`,
      isMet: backtestSeconds <= 5,
    },
  ];
}

export function section({ machine, seed, ticks, backtest }: ScaleReport): string {
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
    `Backtest of ${backtest.functions} functions and ${backtest.queues} queues over ${backtest.ticks} ticks:`,
    `${short((backtest.parseMs + backtest.replayMs) / 1_000)} s CPU`,
    `(${short(backtest.parseMs / 1_000)} s to parse, ${short(backtest.replayMs / 1_000)} s to replay),`,
    `peak RSS ${short(backtest.peakRssMB, 0)} MB with the simulator that made the trace.`,
  ].join('\n');
}

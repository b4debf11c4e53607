import { type Machine, machineLine } from '../common/results.ts';
import { markdownTable, short } from '../common/table.ts';
import type { BacktestMeasure } from './one-backtest.ts';
import type { TickMeasure } from './one-tick.ts';

export interface ScaleReport {
  readonly machine: Machine;
  readonly seed: number;
  readonly ticks: readonly TickMeasure[];
  readonly backtest: BacktestMeasure;
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

import { type Machine, machineLine } from '../common/results.ts';
import { markdownTable, percentText, short } from '../common/table.ts';
import type { ReadingMeasure } from './one-fleet.ts';

export interface ReadingReport {
  readonly machine: Machine;
  readonly fleets: readonly ReadingMeasure[];
}

const TICKS_A_MONTH = 43_200;

export function section({ machine, fleets }: ReadingReport): string {
  const rows = fleets.map(({ functions, queues, activeShare, first, steady, peakRssMB }) => [
    functions,
    queues,
    percentText(activeShare),
    short(first.calls, 0),
    short(steady.calls, 0),
    short(steady.metrics, 0),
    short(steady.cloudWatchCalls, 0),
    short(steady.sqsCalls, 0),
    short(steady.freeCalls, 0),
    short(steady.answersMB, 2),
    `$${steady.usd.toFixed(6)}`,
    `$${short(steady.usd * TICKS_A_MONTH, 2)}`,
    short(steady.cpuMs, 0),
    short(peakRssMB, 0),
  ]);
  return [
    machineLine(machine),
    'A tick a minute, some minutes after the start; every second function reads a queue with a dead-letter queue; read in full every minute (the dearest setting).',
    'List prices of us-east-1 without the million free requests a month of CloudWatch and of SQS. CPU and memory are with the stand-in.',
    '',
    markdownTable(
      [
        'functions',
        'queues',
        'active',
        'calls, first tick',
        'calls a tick',
        'metrics requested a tick (GetMetricData)',
        'other CloudWatch calls',
        'SQS calls',
        'Lambda and STS calls (free)',
        'answers, MB',
        'a tick',
        'a month (43,200 ticks)',
        'CPU, ms',
        'peak RSS, MB',
      ],
      rows,
    ),
  ].join('\n');
}

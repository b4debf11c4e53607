import type { Goal } from '../common/goal.ts';
import { type Machine, machineLine } from '../common/results.ts';
import { markdownTable, percentText, short } from '../common/table.ts';
import { CLASSES, laterOf, PEERS, usdPerFunctionOf, usdPerMonthOf } from './figures.ts';
import { FLEET_SIZES, type FleetReport } from './fleets.ts';
import type { ReadingMeasure } from './one-fleet.ts';

export interface ReadingReport {
  readonly machine: Machine;
  readonly simulated: FleetReport;
  readonly fleets: readonly ReadingMeasure[];
}

const TICKS_A_MONTH = 43_200;

const GOAL_FUNCTIONS = 1_000;

export function goalsOf({ simulated }: ReadingReport): readonly Goal[] {
  const cost = simulated.costs.find(({ functions }) => functions === GOAL_FUNCTIONS);
  if (cost === undefined) throw new RangeError(`no fleet of ${GOAL_FUNCTIONS} functions was measured`);
  const usd = usdPerFunctionOf(cost);
  const fleet = simulated.delays.filter(({ functions }) => functions === GOAL_FUNCTIONS);
  const later = (usdMin: number, usdBelow: number, of: 'within1' | 'within5'): Goal => {
    const found = laterOf(
      fleet.filter(({ worstUsdPerHour }) => worstUsdPerHour >= usdMin && worstUsdPerHour < usdBelow),
    );
    const range = Number.isFinite(usdBelow) ? `$${usdMin} to $${usdBelow}` : `$${usdMin} and more`;
    return {
      what: `alerts on what can burn ${range} an hour, later than by reading everything every minute`,
      wanted: of === 'within1' ? 'at most 1 min' : 'at most 5 min',
      measured: `${found[of]} of ${found.troubles}`,
      isMet: found[of] === found.troubles,
    };
  };
  return [
    {
      what: `reading, dollars a function and month at ${GOAL_FUNCTIONS.toLocaleString('en-US')} functions`,
      wanted: 'at most $0.04',
      measured: `$${usd.toFixed(3)}`,
      isMet: usd <= 0.04,
    },
    later(10, Number.POSITIVE_INFINITY, 'within1'),
    later(1, 10, 'within5'),
  ];
}

export function section(report: ReadingReport): string {
  return [
    machineLine(report.machine),
    'List prices of us-east-1, no free tier; 30 days, a tick a minute.',
    '',
    '## Dollars by size of the fleet',
    '',
    'Simulated fleets of ordinary functions in calm weather, all of them active, on their third day, when what is usual is known. On the first day more is looked at closely: the column says at which rate. Larger accounts than the trace are made of it by scale: the intervals are those of the whole account, and totals of the region are drawn from more such traffic. "The rest" (survey, listings, compute, memory) and the fixed part are as forecast. An incident that is open or pending adds some ten metrics a minute, $0.006 an hour.',
    '',
    costTable(report.simulated),
    '',
    '![Dollars a month by functions watched: firebreak, four static alarms, four anomaly alarms](../images/reading.svg)',
    '',
    '## How much later it sees',
    '',
    `Minutes until the first alert, over those until reading every function every minute would have alerted: every family of trouble of the simulator, ${report.simulated.seedsPerFamily} case${report.simulated.seedsPerFamily === 1 ? '' : 's'} of each.`,
    '',
    delayTable(report.simulated),
    '',
    '## Calls of a tick',
    '',
    'The AWS source against a stand-in; every second function reads a queue with a dead-letter queue. Without searches and closer looks: nothing moves there. CPU and memory are with the stand-in.',
    '',
    callTable(report.fleets),
  ].join('\n');
}

function costTable({ costs }: FleetReport): string {
  return markdownTable(
    [
      'functions',
      'metrics',
      'on the first day',
      'searches',
      'depths',
      'the rest',
      'a function and month',
      'fixed',
      'a month',
      ...PEERS.map(({ title }) => title),
    ],
    costs.map((cost) => [
      cost.functions,
      `$${cost.metricsUsd.toFixed(4)}`,
      `$${cost.firstDayMetricsUsd.toFixed(4)}`,
      `$${cost.searchesUsd.toFixed(4)}`,
      `$${cost.depthsUsd.toFixed(4)}`,
      `$${cost.restUsd.toFixed(4)}`,
      `$${usdPerFunctionOf(cost).toFixed(4)}`,
      `$${cost.fixedUsd.toFixed(2)}`,
      `$${usdPerMonthOf(cost).toFixed(2)}`,
      ...PEERS.map(({ usdPerFunction }) => `$${(cost.functions * usdPerFunction).toFixed(2)}`),
    ]),
  );
}

function delayTable({ delays }: FleetReport): string {
  const rows = FLEET_SIZES.flatMap((functions) =>
    CLASSES.map(({ title, holds }) => {
      const later = laterOf(delays.filter((one) => one.functions === functions && holds(one)));
      return [
        functions,
        title,
        later.troubles,
        later.within1,
        later.within5,
        later.missed,
        short(later.medianMinutes, 0),
        short(later.p90Minutes, 0),
        `${later.pagesWithin1} of ${later.pages}`,
      ];
    }),
  );
  return markdownTable(
    [
      'functions',
      'trouble',
      'cases',
      'at most 1 min later',
      'at most 5',
      'not found',
      'median',
      '90 %',
      'pages at most 1 min later',
    ],
    rows,
  );
}

function callTable(fleets: readonly ReadingMeasure[]): string {
  const rows = fleets.map(({ functions, queues, activeShare, first, steady, peakRssMB }) => [
    functions,
    queues,
    percentText(activeShare),
    short(first.calls, 0),
    short(steady.calls, 0),
    short(steady.metrics, 0),
    short(steady.cloudWatchCalls, 0),
    short(steady.sqsCalls, 0),
    `$${short(steady.usd * TICKS_A_MONTH, 2)}`,
    short(steady.cpuMs, 0),
    short(peakRssMB, 0),
  ]);
  return markdownTable(
    [
      'functions',
      'queues',
      'active',
      'calls, first tick',
      'calls a tick',
      'metrics requested a tick (GetMetricData)',
      'other CloudWatch calls',
      'SQS calls',
      'a month of such ticks',
      'CPU, ms',
      'peak RSS, MB',
    ],
    rows,
  );
}

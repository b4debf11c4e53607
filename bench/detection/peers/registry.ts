import type { Inventory } from '../../../src/model/inventory.ts';
import type { Trace } from '../../../src/observe/trace/format.ts';
import { FLAT_PRICES } from '../../../src/price/price-list.ts';
import type { TruthDocument } from '../../../src/simulate/truth.ts';
import type { Alarm } from '../cloudwatch/definition.ts';
import { replayAlarms } from '../cloudwatch/replay.ts';
import type { Page } from '../page.ts';
import { bandAlarms, DEFAULT_BAND, WIDE_BAND } from './band-alarms.ts';
import { cdkMonitoringAlarms } from './cdk-monitoring.ts';
import { dailyCostPages } from './daily-cost.ts';
import { recursionPages } from './recursion.ts';
import { slicWatchAlarms } from './slic-watch.ts';
import { spikePages } from './spike-rule.ts';
import { staticAlarms } from './static-alarms.ts';

export interface PeerInput {
  readonly trace: Trace;
  readonly truth: TruthDocument;
  readonly seed: number;
}

/** What a peer does about an account. */
export interface PeerRun {
  readonly pages: readonly Page[];
  /** Alarm metrics that are paid for each month. */
  readonly alarmMetrics: number;
}

interface Peer {
  readonly id: PeerId;
  readonly title: string;
  readonly shortTitle: string;
  /** What it costs each month besides alarms, in an account of any size. */
  readonly fixedUsdPerMonth: number;
  readonly run: (input: PeerInput) => PeerRun;
}

export const PEER_IDS = [
  'slic-watch',
  'cdk-monitoring',
  'four-alarms',
  'band-default',
  'band-wide',
  'recursion-detection',
  'spike-rule',
  'daily-cost',
] as const;
export type PeerId = (typeof PEER_IDS)[number];

const HOURS_PER_MONTH = 720;

export const PEERS: readonly Peer[] = [
  {
    id: 'slic-watch',
    title: 'slic-watch',
    shortTitle: 'slic-watch',
    fixedUsdPerMonth: 0,
    run: byAlarms(slicWatchAlarms),
  },
  {
    id: 'cdk-monitoring',
    title: 'cdk-monitoring-constructs',
    shortTitle: 'cdk-monitoring',
    fixedUsdPerMonth: 0,
    run: byAlarms(cdkMonitoringAlarms),
  },
  {
    id: 'four-alarms',
    title: 'four static alarms',
    shortTitle: 'four alarms',
    fixedUsdPerMonth: 0,
    run: byAlarms(staticAlarms),
  },
  {
    id: 'band-default',
    title: 'anomaly bands, 2 sd, 1 of 1',
    shortTitle: 'bands, 2 sd',
    fixedUsdPerMonth: 0,
    run: byAlarms((inventory) => bandAlarms(inventory, DEFAULT_BAND)),
  },
  {
    id: 'band-wide',
    title: 'anomaly bands, 4 sd, 3 of 3',
    shortTitle: 'bands, 4 sd',
    fixedUsdPerMonth: 0,
    run: byAlarms((inventory) => bandAlarms(inventory, WIDE_BAND)),
  },
  {
    id: 'recursion-detection',
    title: "Lambda's recursion detection",
    shortTitle: 'recursion',
    fixedUsdPerMonth: 0,
    run: ({ trace }) => ({ pages: recursionPages(trace), alarmMetrics: 0 }),
  },
  {
    id: 'spike-rule',
    title: '10 × 7-day mean, hourly',
    shortTitle: '10 × mean',
    // It asks Cost Explorer at each of its runs.
    fixedUsdPerMonth: HOURS_PER_MONTH * FLAT_PRICES.costExplorerRequest.usd,
    run: ({ trace, seed }) => ({ pages: spikePages(trace, seed % 60), alarmMetrics: 0 }),
  },
  {
    id: 'daily-cost',
    title: 'daily cost tool, at its best',
    shortTitle: 'daily cost',
    fixedUsdPerMonth: 0,
    run: ({ truth }) => ({ pages: dailyCostPages(truth), alarmMetrics: 0 }),
  },
];

function byAlarms(alarmsOf: (inventory: Inventory) => readonly Alarm[]): Peer['run'] {
  return ({ trace }) => {
    const alarms = alarmsOf(trace.inventory);
    return {
      pages: replayAlarms(trace, alarms),
      alarmMetrics: alarms.reduce((sum, { billedMetrics }) => sum + billedMetrics, 0),
    };
  };
}

import { DETAILS_PER_TICK } from '../../src/observe/aws/function-details.ts';
import { NOTHING_MEASURED } from '../../src/observe/aws/meter.ts';
import { expectedShards, readingCost } from '../../src/observe/aws/shard-plan.ts';
import { CALLS_PER_SECOND } from '../../src/observe/aws/turns.ts';
import { pricesFor } from '../../src/price/lambda-price.ts';
import { forecastMonitorCost } from '../../src/price/monitor-cost.ts';
import { MINUTES_PER_MONTH } from '../../src/price/monitor-plan.ts';
import { readingDemand, typicalFleet } from '../../src/price/monitor-reading.ts';
import { handingOverUsd, shardingUsd } from '../../src/price/monitor-sharding.ts';
import { type Machine, machineLine } from '../common/results.ts';
import { markdownTable, short } from '../common/table.ts';
import type { ReadingMeasure } from './one-reading.ts';
import type { TickMeasure } from './one-tick.ts';

const ACTIVE_SHARE = 0.3;
/** Statistics of a metric, on average: GetMetricData answers 500 of them in a call. */
const QUERIES_PER_METRIC = 1.5;
const QUERIES_PER_CALL = 500;
/** A function of Lambda with 512 MiB has this much of a processor (Lambda developer guide: 1,769 MiB are one). */
const CPU_SHARE = 512 / 1_769;
/** `READING_MS` of the tick and of a shard. */
const ALONE_SECONDS = 40;
const SHARD_SECONDS = 25;

interface Size {
  readonly functions: number;
  readonly depths: number;
  readonly metrics: number;
  readonly shards: number;
  readonly aloneSeconds: number;
  readonly shardedSeconds: number;
  readonly handedKB: number;
  readonly shardingUsdPerMonth: number;
  readonly usdPerMonth: number;
  readonly listMinutes: number;
  readonly detailMinutes: number;
}

/** Seconds that one reader takes: what its calls wait, or what they take of its processor, whichever is longer. */
function readerSeconds(depths: number, metrics: number, reading: ReadingMeasure): number {
  const cost = readingCost(NOTHING_MEASURED);
  const waiting = depths * cost.depthMs + metrics * cost.metricMs;
  const working = (depths * reading.depthMs + metrics * reading.metricMs) / CPU_SHARE;
  return Math.max(waiting, working) / 1_000;
}

function sizeOf(functions: number, reading: ReadingMeasure): Size {
  const fleet = { functions, queues: functions, activeShare: ACTIVE_SHARE };
  const demand = readingDemand(typicalFleet(fleet), 0);
  const depths = demand.depthReads / MINUTES_PER_MONTH;
  const metrics = (demand.metrics + demand.regionMetrics) / MINUTES_PER_MONTH;
  const shards = expectedShards(demand, 100);
  const calls = (metrics * QUERIES_PER_METRIC) / QUERIES_PER_CALL;
  const shardedSeconds =
    shards === 0
      ? readerSeconds(depths, metrics, reading)
      : Math.max(
          readerSeconds(depths / shards, metrics / shards, reading),
          depths / CALLS_PER_SECOND.sqs,
          calls / CALLS_PER_SECOND.getMetricData,
        );
  const planBytes = (depths + metrics) * reading.planBytes;
  const readingBytes = depths * reading.depthBytes + metrics * reading.metricBytes;
  const perTick =
    shardingUsd(shards) + (shards === 0 ? 0 : handingOverUsd({ shards, planBytes, readingBytes }));
  // 50 functions and 100 mappings a page; every other queue feeds a function.
  const pages = functions / 50 + functions / 2 / 100;
  return {
    ...{ functions, depths, metrics, shards, shardedSeconds },
    aloneSeconds: readerSeconds(depths, metrics, reading),
    handedKB: shards === 0 ? 0 : (planBytes + readingBytes) / 1_024,
    shardingUsdPerMonth: perTick * MINUTES_PER_MONTH,
    usdPerMonth: forecastMonitorCost({ fleet, prices: pricesFor('us-east-1') }).usdPerMonth,
    listMinutes: Math.max(5, pages / DETAILS_PER_TICK.listPages),
    detailMinutes: Math.max(1, functions / DETAILS_PER_TICK.getFunction),
  };
}

/** The largest fleet, to a thousand functions, that is read within a time. */
function largest(isRead: (size: Size) => boolean, reading: ReadingMeasure): number {
  let functions = 1_000;
  while (functions < 200_000 && isRead(sizeOf(functions + 1_000, reading))) functions += 1_000;
  return functions;
}

const whole = (value: number) => Math.round(value).toLocaleString('en-US');

/** What one tick takes at these sizes, and where it ends. */
export function limitsSection(input: {
  readonly machine: Machine;
  readonly ticks: readonly TickMeasure[];
  readonly reading: ReadingMeasure;
}): string {
  const { reading } = input;
  const deciding = input.ticks.filter(({ functions }) => [1_000, 10_000, 100_000].includes(functions));
  const sizes = deciding.map(({ functions }) => sizeOf(functions, reading));
  const row = (title: string, cell: (size: Size, tick: TickMeasure) => string) => [
    title,
    ...sizes.map((size, i) => cell(size, deciding[i] as TickMeasure)),
  ];
  const second = (value: number) => `${short(value, value < 10 ? 1 : 0)} s`;
  const table = markdownTable(
    ['', ...sizes.map(({ functions }) => `${whole(functions)} functions`)],
    [
      row('depths that a tick reads', ({ depths }) => whole(depths)),
      row('metrics that a tick reads', ({ metrics }) => whole(metrics)),
      row('reading by one invocation, which has 40 s', ({ aloneSeconds }) => second(aloneSeconds)),
      row('shards with `maximumShards: 100`', ({ shards }) => String(shards)),
      row('reading with them, 25 s each', ({ shardedSeconds }) => second(shardedSeconds)),
      row('plan and readings handed over, a tick', ({ handedKB }) => `${whole(handedKB)} kB`),
      row('deciding, CPU (first tick of a process)', (_, { medianMs, firstMs }) => {
        return `${short(medianMs / 1_000, 2)} s (${short(firstMs / 1_000, 1)} s)`;
      }),
      row('memory for deciding, all series read', (_, { peakRssMB }) => `${short(peakRssMB / 1_024)} GB`),
      row('calls to SQS a second, at most', ({ depths, shardedSeconds }) => whole(depths / shardedSeconds)),
      row('calls to the control plane a second, at most', () => String(CALLS_PER_SECOND.controlPlane)),
      row('a new function is listed after, at most', ({ listMinutes }) => `${whole(listMinutes)} min`),
      row(
        'its tags are known after, `allowGetFunction`',
        ({ detailMinutes }) => `${whole(detailMinutes)} min`,
      ),
      row('dollars a month, all of it', ({ usdPerMonth }) => `$${whole(usdPerMonth)}`),
      row(
        'of the state machine and of handing over, on top',
        ({ shardingUsdPerMonth }) => `$${whole(shardingUsdPerMonth)}`,
      ),
    ],
  );
  const alone = largest(({ aloneSeconds }) => aloneSeconds <= ALONE_SECONDS, reading);
  const sharded = largest(({ shardedSeconds }) => shardedSeconds <= SHARD_SECONDS, reading);
  return [
    table,
    '',
    `One invocation reads ${whole(alone)} such functions in its time, shards ${whole(sharded)}.`,
    `${machineLine(input.machine)} Reading one depth takes ${short(reading.depthMs, 2)} ms of that`,
    `processor, one metric ${short(reading.metricMs, 2)} ms, with the SDK and without a network.`,
  ].join('\n');
}

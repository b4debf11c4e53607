import { LambdaClient } from '@aws-sdk/client-lambda';
import { MINUTE_MS } from '../model/time.ts';
import { awsClientConfig } from '../observe/aws/clients.ts';
import type { HandedOver } from '../observe/aws/handed-over.ts';
import { type AwsSource, type AwsSourceOptions, awsSource } from '../observe/aws/source.ts';
import type { Source } from '../observe/source.ts';
import { pricesFor } from '../price/lambda-price.ts';
import { standingUsdPerMinute } from '../price/monitor-cost.ts';
import { shardingUsd } from '../price/monitor-sharding.ts';
import { deliveryLines } from '../respond/alert/delivery-report.ts';
import { openOwnSpend } from '../run/own-spend.ts';
import { readingMemory } from '../run/reading-memory.ts';
import { type RunTickReport, runTick } from '../run/run-tick.ts';
import { collect, planShards } from '../run/sharding.ts';
import type { Store } from '../store/store.ts';
import type { Log } from './log.ts';
import { requestKill } from './request-kill.ts';
import { createHandler } from './run-handler.ts';
import { once, onceThere, openChannels, openStore } from './services.ts';
import { type DecideEvent, parseDecideEvent } from './shard-event.ts';
import { readsBetween, tickMetrics, tickUsd } from './tick-metrics.ts';

/** Of the 55 s that a tick may take: the rest is for deciding and telling. What was not read by then is read by the next ones. */
const READING_MS = 40_000;

const services = once((settings, log) => {
  const { region, config, shardsMax } = settings;
  const store = openStore(settings, log);
  const memory = readingMemory(store);
  const ceilingUsd = config.monitorBudgetUsd;
  const ownSpend = onceThere(() =>
    openOwnSpend(store, { part: 'spend-tick', region, ceilingUsd, shardsMax }),
  );
  let thrift: AwsSourceOptions['thrift'] = () => 0;
  return {
    // It remembers what it has read while Lambda keeps the process; the store keeps it for the next one.
    source: awsSource({
      region,
      readingMs: READING_MS,
      // What cannot be got back is read anew, and costs calls.
      memory: () =>
        memory.load().catch((error: unknown) => {
          log.warn('no reading memory', { error });
          return null;
        }),
      thrift: (watched, now) => thrift?.(watched, now) ?? 0,
    }),
    memory,
    ownSpend: async () => {
      const spend = await ownSpend();
      thrift = spend.thrift;
      return spend;
    },
    store,
    channels: openChannels(settings),
    lambda: new LambdaClient(awsClientConfig({ region })),
  };
});

/** Once a minute: look, decide, tell. */
export const handler = createHandler('tick', async ({ settings, log, event, scheduledAt, startedAt }) => {
  const { source, memory, ownSpend, store, channels, lambda } = services(settings, log);
  const spend = await ownSpend();
  const before = source.reads();
  const started = parseDecideEvent(event);
  const handed = await handedOverTo(started, store, log);
  const report = await runTick({
    ...{ store, channels, config: settings.config, now: Date.now, at: started?.at },
    source: {
      window: (now, incidents, stopped, pricing) =>
        source.window(now, incidents, stopped, pricing, handed ?? undefined),
      baselines: nothingLearnt,
    },
  });
  for (const event of [
    ...report.result.actions.map((request) => ({ kind: 'automatic' as const, request })),
    ...report.killWatch.steps.map((step) => ({ kind: 'canary' as const, step })),
  ]) {
    if (settings.killFunction === null) log.warn('a kill was decided, but none is deployed', { event });
    else {
      // The next tick asks again; this one must still say that it ran.
      await requestKill(lambda, settings.killFunction, event).catch((error: unknown) =>
        log.error('could not ask for a kill', { event, error }),
      );
    }
  }
  logTick(log, report);
  // Neither is worth the heartbeat: the next tick writes them again.
  const unkept = (error: unknown) => log.warn('could not write down how far the reading is', { error });
  await memory.keep(source.memory(), startedAt).catch(unkept);
  if (settings.shardsMax > 0)
    await planNext(source, report, { store, shardsMax: settings.shardsMax }).catch(unkept);
  const { memoryMB, region, config } = settings;
  const reads = readsBetween(before, source.reads());
  const run = { startedAt, finishedAt: Date.now(), reads, memoryMB, region };
  const shardsUsd = shardedUsd(started, handed);
  const usd = tickUsd(run) + shardsUsd + standingUsdPerMinute(pricesFor(region));
  const charged = await spend.charge(usd, startedAt).catch((error: unknown) => void unkept(error));
  if (charged !== undefined && charged.thrift > 0) {
    log.warn('reading less, to stay below the ceiling', {
      thrift: charged.thrift,
      monitorBudgetUsd: config.monitorBudgetUsd,
    });
  }
  log.metrics({
    ...tickMetrics({ ...run, report, scheduledAt, shardsUsd }),
    ...(charged === undefined || charged.endedDayUsd === null ? {} : { MonitorDayUsd: charged.endedDayUsd }),
    ...(charged === undefined || config.monitorBudgetUsd === undefined
      ? {}
      : { MonitorThrift: charged.thrift }),
  });
});

/** What shards have read for this tick; `null`: nothing, so that it reads by itself, as far as its time suffices. */
async function handedOverTo(started: DecideEvent | null, store: Store, log: Log): Promise<HandedOver | null> {
  if (started === null || started.input.plan === null) return null;
  return collect(store, started.input.plan, started.at).catch((error: unknown) => {
    log.warn('cannot get at what shards have read', { error });
    return null;
  });
}

/** Settles what shards are to read before the next tick. */
async function planNext(
  source: AwsSource,
  { at, result, stopped }: RunTickReport,
  { store, shardsMax }: { readonly store: Store; readonly shardsMax: number },
): Promise<void> {
  const nextAt = at + MINUTE_MS;
  const order = source.order(nextAt, result.incidents, stopped);
  await planShards(store, { at: nextAt, order, cost: source.cost(), shardsMax });
}

/** What the state machine and its shards have cost. */
function shardedUsd(started: DecideEvent | null, handed: HandedOver | null): number {
  if (started === null) return 0;
  const shards = started.input.plan?.shards.length ?? 0;
  const read = (handed?.readings ?? []).reduce((sum, { usd }) => sum + usd, 0);
  return read + shardingUsd(shards);
}

/**
 * Learning takes longer than a tick has, and is the survey's job, which runs as soon as it is deployed. Until then
 * detectors go by what is usual everywhere.
 */
const nothingLearnt: Source['baselines'] = async (now) => ({
  builtAt: now,
  functions: new Map(),
  queues: new Map(),
});

/** What happened, a line each; one line where nothing did. */
function logTick(log: Log, { result, killWatch, delivery, gaps, window }: RunTickReport): void {
  for (const { incidentId, outcome, reason, detail } of [...result.decisions, ...killWatch.decisions]) {
    log.info(detail, { incidentId, outcome, reason });
  }
  for (const line of deliveryLines(delivery)) log.error(line);
  for (const gap of gaps) log.warn('could not read', { ...gap });
  log.info('ticked', {
    functions: window.inventory.functions.length,
    queues: window.inventory.queues.length,
    incidents: result.incidents.length,
    alerts: result.alerts.map(({ key }) => key),
  });
}

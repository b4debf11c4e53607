import { LambdaClient } from '@aws-sdk/client-lambda';
import { awsClientConfig } from '../observe/aws/clients.ts';
import { awsSource } from '../observe/aws/source.ts';
import type { Source } from '../observe/source.ts';
import { deliveryLines } from '../respond/alert/delivery-report.ts';
import { type RunTickReport, runTick } from '../run/run-tick.ts';
import type { Log } from './log.ts';
import { requestKill } from './request-kill.ts';
import { createHandler } from './run-handler.ts';
import { once, openChannels, openStore } from './services.ts';
import { readsBetween, tickMetrics } from './tick-metrics.ts';

const services = once((settings, log) => ({
  // It remembers the inventory and the depths of earlier ticks while Lambda keeps the process; without, it reads anew.
  source: awsSource({ region: settings.region }),
  store: openStore(settings, log),
  channels: openChannels(settings),
  lambda: new LambdaClient(awsClientConfig({ region: settings.region })),
}));

/** Once a minute: look, decide, tell. */
export const handler = createHandler('tick', async ({ settings, log, scheduledAt, startedAt }) => {
  const { source, store, channels, lambda } = services(settings, log);
  const before = source.reads();
  const watched = { window: source.window, baselines: nothingLearnt };
  const report = await runTick({ source: watched, store, channels, config: settings.config, now: Date.now });
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
  const reads = readsBetween(before, source.reads());
  const { memoryMB, region } = settings;
  log.metrics(
    tickMetrics({
      report,
      config: settings.config,
      scheduledAt,
      startedAt,
      finishedAt: Date.now(),
      reads,
      memoryMB,
      region,
    }),
  );
});

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

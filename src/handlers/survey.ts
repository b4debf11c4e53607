import { HOUR_MS } from '../model/time.ts';
import { awsSource } from '../observe/aws/source.ts';
import { openOwnSpend } from '../run/own-spend.ts';
import { readingMemory } from '../run/reading-memory.ts';
import { isSurveyDue } from '../run/survey-due.ts';
import { BASELINE_HOURS } from '../stats/baseline.ts';
import { createHandler } from './run-handler.ts';
import { openStore } from './services.ts';
import { tickUsd } from './tick-metrics.ts';

/** Once an hour, less often for large fleets: learns what is normal, hours within incidents left out. */
export const handler = createHandler('survey', async ({ settings, log, startedAt }) => {
  const store = openStore(settings, log);
  if (!isSurveyDue(await store.baselines(), startedAt)) {
    log.info('not due yet');
    return;
  }
  const source = awsSource({ region: settings.region, memory: readingMemory(store).load });
  const incidents = await store.incidents({ resolvedSince: startedAt - BASELINE_HOURS * HOUR_MS });
  const baselines = await source.baselines(startedAt, incidents, {
    config: settings.config,
    bill: await store.bill(),
  });
  await store.putBaselines(baselines);
  const { region, config, memoryMB, shardsMax } = settings;
  const reads = source.reads();
  const usd = tickUsd({ reads, startedAt, finishedAt: Date.now(), memoryMB, region });
  const spend = await openOwnSpend(store, {
    part: 'spend-survey',
    region,
    ceilingUsd: config.monitorBudgetUsd,
    shardsMax,
  });
  await spend.charge(usd, startedAt);
  const { functions, queues } = baselines;
  log.info('surveyed', { functions: functions.size, queues: queues.size, reads });
});

import { DEFAULT_CONFIG } from '../../model/config.ts';
import { type EpochMs, MINUTE_MS } from '../../model/time.ts';
import { buildReport } from '../../report/build.ts';
import type { ReportModel } from '../../report/model.ts';
import { killOf, reportSpan } from '../../report/span.ts';
import type { LiveWorld } from '../../simulate/world.ts';
import type { Store } from '../../store/store.ts';
import { STORY } from './story.ts';

/** The report of the demo's incident, from the simulated account as it is at `now`; `null`: nothing was told yet. */
export async function demoReport(world: LiveWorld, store: Store, now: EpochMs): Promise<ReportModel | null> {
  const incidents = await store.incidents({ resolvedSince: 0 });
  const incident = incidents.find(({ openedAt }) => openedAt !== null);
  if (incident === undefined) return null;
  const kill = killOf(incident, await store.kills());
  const { startAt } = reportSpan(incident, kill, now);
  const minutes = Math.ceil((now - startAt) / MINUTE_MS) - 1;
  return buildReport({
    incident,
    kill,
    account: STORY.account,
    region: STORY.region,
    window: { ok: true, value: world.window(now, minutes) },
    seriesSource: 'Series: the simulated account of firebreak demo.',
    baselines: await store.baselines(),
    config: DEFAULT_CONFIG,
    now,
  });
}

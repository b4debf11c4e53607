import { isKept } from '../../src/decide/lifecycle.ts';
import { tick } from '../../src/decide/tick.ts';
import type { Baselines } from '../../src/model/baseline.ts';
import { DEFAULT_CONFIG } from '../../src/model/config.ts';
import type { Incident } from '../../src/model/incident.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/model/time.ts';
import type { Source } from '../../src/observe/source.ts';
import type { Trace } from '../../src/observe/trace/format.ts';
import { tickAt } from '../../src/observe/trace/trace-source.ts';

/** Every incident somebody was told of, ticking once a minute over what this source shows of the trace. */
export async function replay(trace: Trace, source: Source): Promise<readonly Incident[]> {
  const all = new Map<string, Incident>();
  let known: readonly Incident[] = [];
  let baselines: Baselines | null = null;
  for (let period = 0; period < trace.periods; period++) {
    const now = tickAt(trace, period);
    if (baselines === null || Math.floor(now / HOUR_MS) !== Math.floor((now - MINUTE_MS) / HOUR_MS)) {
      baselines = await source.baselines(now, [...all.values()]);
    }
    const window = await source.window(now, known);
    const result = tick({ now, window, baselines, openIncidents: known, config: DEFAULT_CONFIG });
    for (const { id } of result.forgotten) all.delete(id);
    for (const incident of result.incidents) all.set(incident.id, incident);
    known = result.incidents.filter((incident) => isKept(incident, now));
  }
  return [...all.values()].filter(({ openedAt }) => openedAt !== null);
}

import type { Config } from '../model/config.ts';
import { FirebreakError } from '../model/errors.ts';
import type { AwsOptions } from '../observe/aws/clients.ts';
import { buildReport } from '../report/build.ts';
import { renderReport } from '../report/render.ts';
import { killOf } from '../report/span.ts';
import type { Store } from '../store/store.ts';
import type { Caller } from './caller.ts';
import type { Io } from './io.ts';
import { type ReadSeries, seriesOfAws } from './report-series.ts';

/** The report that the live page links to, made when it is asked for; `null`: there is no such incident. */
export async function watchReport(input: {
  readonly id: string;
  readonly store: Store;
  readonly config: Config;
  readonly aws: AwsOptions;
  readonly io: Io;
  readonly caller: Caller;
}): Promise<string | null> {
  const { id, store, config, aws, io, caller } = input;
  const incident = await store.incident(id);
  if (incident === null) return null;
  const kill = killOf(incident, await store.kills());
  const now = io.now();
  const about = { incident, kill, now, account: caller.account };
  const read = await seriesOfAws(io, aws, about).catch((error: unknown): ReadSeries => {
    if (!(error instanceof FirebreakError)) throw error;
    return { window: { ok: false, why: error.message }, source: '', place: null };
  });
  const model = buildReport({
    incident,
    kill,
    account: caller.account,
    region: caller.region,
    window: read.window,
    seriesSource: read.source,
    baselines: await store.baselines(),
    config,
    now,
  });
  return renderReport(model);
}

import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { type Config, DEFAULT_CONFIG } from '../../model/config.ts';
import { FirebreakError, InputError } from '../../model/errors.ts';
import { formatUsd } from '../../model/format.ts';
import type { Incident } from '../../model/incident.ts';
import type { KillRecord } from '../../model/kill.ts';
import { nearestName } from '../../model/nearest.ts';
import { buildReport } from '../../report/build.ts';
import { reportJson } from '../../report/json.ts';
import { renderReport } from '../../report/render.ts';
import { killOf } from '../../report/span.ts';
import type { Store } from '../../store/store.ts';
import { addAwsOptions, awsOptionsOf } from '../aws-options.ts';
import { loadConfig } from '../config-file.ts';
import type { Io } from '../io.ts';
import type { Register } from '../register.ts';
import { type ReadSeries, seriesOfAws, seriesOfTrace } from '../report-series.ts';
import { addStoreOption, allStores, storePlace } from '../store.ts';

interface Options {
  readonly output?: string;
  readonly open?: boolean;
  readonly json?: boolean;
  readonly trace?: string;
  readonly config?: string;
  readonly store?: string;
  readonly profile?: string;
  readonly region?: string;
  readonly endpointUrl?: string;
}

/** `firebreak report`: one page that tells the story of an incident. */
export const registerReport: Register = (program, io) => {
  const command = program
    .command('report')
    .description('Writes the story of an incident as one HTML page: timeline, dollars, evidence, fixes')
    .argument('<incident>', 'its id, as firebreak incidents lists it')
    .option('-o, --output <file>', 'where to write it (default: <incident>.html)')
    .option('--trace <file>', 'draw the charts from a firebreak-trace/1 file instead of from AWS')
    .option('--config <file>', 'configuration file')
    .option('--open', 'open it in the browser')
    .option('--json', 'print one JSON document (firebreak-report/1) instead of the page');
  addAwsOptions(addStoreOption(command))
    .addHelpText(
      'after',
      `
The store keeps no series: they are read again with GetMetricData, about 11 metrics for a function and its
queue, $0.01 per 1,000. Without credentials and without --trace the report has no charts, and says so.

Example:
  firebreak report retry-loop-orders-worker-20261101-0412 -o report.html`,
    )
    .action((id: string, options: Options) => report(io, id, options));
};

async function report(io: Io, id: string, options: Options): Promise<void> {
  const config: Config = options.config === undefined ? DEFAULT_CONFIG : await loadConfig(io, options.config);
  const found = await find(io, id, options);
  const read = await readSeries(io, found, options);
  const model = buildReport({
    incident: found.incident,
    kill: found.kill,
    account: read.place?.account ?? found.account,
    region: read.place?.region ?? found.region,
    window: read.window,
    seriesSource: read.source,
    baselines: await found.store.baselines(),
    config,
    now: io.now(),
  });
  if (options.json === true) {
    io.stdout(`${JSON.stringify(reportJson(model), null, 2)}\n`);
    return;
  }
  const path = options.output ?? `${id.replace(/[^\w.-]+/g, '_')}.html`;
  await writeFile(path, renderReport(model)).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`--output: cannot write ${path}: ${error.code ?? error.message}`, { cause: error });
  });
  if (!model.series.ok) io.stderr(`without charts: ${model.series.why}\n`);
  io.stderr(`${read.source}\n`);
  io.stdout(`${path}\n`);
  if (options.open === true) openInBrowser(path, io);
}

interface Found {
  readonly incident: Incident;
  readonly kill: KillRecord | null;
  readonly store: Store;
  readonly account: string;
  readonly region: string;
}

/** @throws {InputError} where no store has it. */
async function find(io: Io, id: string, options: Options): Promise<Found> {
  const where = { store: options.store, aws: awsOptionsOf(options) };
  const known: string[] = [];
  for (const { store, scope } of await allStores(io, where)) {
    const incident = await store.incident(id);
    if (incident === null) {
      known.push(...(await store.incidents({ resolvedSince: 0 })).map((one) => one.id));
      continue;
    }
    const kill = killOf(incident, await store.kills());
    const account = scope?.account ?? kill?.account ?? 'unknown';
    const region = scope?.region ?? kill?.region ?? options.region ?? 'unknown';
    return { incident, kill, store, account, region };
  }
  const nearest = nearestName(id, known);
  const hint = nearest === null ? 'firebreak incidents --all lists them' : `did you mean ${nearest}?`;
  throw new InputError(`incident: there is no ${id} in ${storePlace(io, where)}: ${hint}`);
}

async function readSeries(io: Io, found: Found, options: Options): Promise<ReadSeries> {
  const { incident, kill } = found;
  const about = { incident, kill, now: io.now() };
  if (options.trace !== undefined) return seriesOfTrace(options.trace, about);
  const aws = awsOptionsOf(options);
  const region = options.region ?? (found.region === 'unknown' ? undefined : found.region);
  try {
    return await seriesOfAws(io, { ...aws, region }, { ...about, account: found.account });
  } catch (error) {
    if (!(error instanceof FirebreakError)) throw error;
    return {
      window: { ok: false, why: `The series could not be read: ${error.message}.` },
      source: `Series: none were read (${formatUsd(0)}).`,
      place: null,
    };
  }
}

/** What each system has for it; that it has not is no failure of the report. */
function openInBrowser(path: string, io: Io): void {
  const child = spawn('xdg-open', [path], { stdio: 'ignore', detached: true });
  child.on('error', () => io.stderr(`open it yourself: ${path} (no xdg-open here)\n`));
  child.unref();
}

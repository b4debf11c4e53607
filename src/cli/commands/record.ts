import { dirname, resolve } from 'node:path';
import { InputError, UnavailableError } from '../../model/errors.ts';
import { formatCountOf, formatUsd } from '../../model/format.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, toIso } from '../../model/time.ts';
import type { ReadGap } from '../../model/window.ts';
import { summariseGaps } from '../../observe/aws/failure.ts';
import {
  createPartial,
  exists,
  openPartial,
  type PartialFile,
  removePartial,
} from '../../observe/aws/partial-file.ts';
import { readParts, writeTraceFile } from '../../observe/aws/recording.ts';
import { planRecording, type RecordingPlan } from '../../observe/aws/recording-plan.ts';
import { wireOf } from '../../observe/aws/source.ts';
import { monitorCost } from '../../price/monitor-cost.ts';
import { addAwsOptions, awsOptionsOf } from '../aws-options.ts';
import type { Io } from '../io.ts';
import { ASK_FROM_USD, agreeToPrice, checkSize } from '../record-consent.ts';
import type { Register } from '../register.ts';
import { quoted } from '../repeat-options.ts';

interface Options {
  readonly out: string;
  readonly since: string;
  readonly function?: readonly string[];
  readonly pseudonymise?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
  readonly profile?: string;
  readonly region?: string;
  readonly endpointUrl?: string;
}

/** CloudWatch keeps per-minute points for 15 days (GetMetricData API reference, 2026-08); a recording takes a while. */
const SINCE_MAX_MS = 14 * DAY_MS;

/** `firebreak record`: the account's own history as a trace. */
export const registerRecord: Register = (program, io) => {
  const command = program
    .command('record')
    .description('Records the settings and per-minute metrics of an account as a trace, for backtest')
    .requiredOption('-o, --out <file>', 'trace to write, .json or .json.gz')
    .option('--since <span>', 'how far back, e.g. 90m, 24h, 14d (at most 14d)', '24h')
    .option('--function <name...>', 'only these functions, with their queues')
    .option('--pseudonymise', 'replace account, names and tags by numbers')
    .option('--yes', `do not ask when it costs ${formatUsd(ASK_FROM_USD)} or more`)
    .option('--json', 'print one JSON document (firebreak-record/1)');
  addAwsOptions(command)
    .addHelpText(
      'after',
      `
Only reads. GetMetricData costs $0.01 per 1,000 metrics; the price is shown before anything is bought.
An interrupted recording leaves <file>.partial; the same command goes on from there.

Example:
  firebreak record --since 14d --pseudonymise -o trace.json.gz && firebreak backtest trace.json.gz`,
    )
    .action((options: Options) => record(io, options));
};

async function record(io: Io, options: Options): Promise<void> {
  const sinceMs = parseSince(options.since);
  const path = resolve(options.out);
  if (await exists(path))
    throw new InputError(`--out: ${options.out} exists; choose another name or remove it`);
  if (!(await exists(dirname(path)))) throw new InputError(`--out: no such folder: ${dirname(options.out)}`);
  const wire = wireOf({ ...awsOptionsOf(options), sleep: io.sleep, signal: io.signal });
  const partialPath = `${path}.partial`;
  const leftover = await openPartial(partialPath);
  if (leftover !== null) checkLeftover(leftover, { io, options, sinceMs });
  else io.stderr('reading what exists: functions, mappings, queues, metrics\n');
  const plan =
    leftover?.plan ??
    (await planRecording(wire, { now: io.now(), sinceMs, functions: options.function ?? [] }));
  checkFunctions(plan, options);
  checkSize(plan);
  await agreeToPrice(io, plan, { done: leftover?.done ?? new Set(), yes: options.yes === true });
  const file = leftover ?? (await createPartial(partialPath, plan));
  const gaps = summariseGaps([...plan.gaps, ...(await readParts(wire, file, progressOf(io)))]);
  const series = await writeTraceFile(file, path, { pseudonymise: options.pseudonymise === true }).catch(
    (cause) => {
      throw new UnavailableError(`cannot write ${options.out}: ${cause.message}; what was read is kept`, {
        cause,
      });
    },
  );
  await removePartial(partialPath);
  const usd = monitorCost({ metricRequests: wire.reads.total().metricRequests, apiRequests: 0 });
  tell(io, options, { plan, gaps, series, usd });
}

/** @throws {InputError} naming the option and what it may be. */
function parseSince(text: string): number {
  const match = /^(\d+)(m|h|d)$/.exec(text);
  const unitMs = match?.[2] === 'd' ? DAY_MS : match?.[2] === 'h' ? HOUR_MS : MINUTE_MS;
  const ms = Number(match?.[1] ?? 0) * unitMs;
  if (ms < MINUTE_MS || ms > SINCE_MAX_MS) {
    throw new InputError(`--since must be 1m to 14d, e.g. 90m, 24h or 7d; given: ${text}`);
  }
  return ms;
}

function checkLeftover(
  { path, plan }: PartialFile,
  { io, options, sinceMs }: { readonly io: Io; readonly options: Options; readonly sinceMs: number },
): void {
  const { header } = plan;
  const sameSpan = header.periods === Math.floor(sinceMs / MINUTE_MS);
  const wanted = options.function;
  const sameFunctions = wanted === undefined || wanted.length === header.functions.length;
  const sameRegion = options.region === undefined || options.region === header.region;
  if (!sameSpan || !sameFunctions || !sameRegion || io.now() - plan.startAt > SINCE_MAX_MS + DAY_MS / 2) {
    throw new InputError(
      `${path} is left of another recording (${header.region}, ${header.periods} minutes from ${header.start}): remove it to start over`,
    );
  }
  io.stderr(
    `going on with the recording of account ${header.account}, ${header.region}, from ${header.start}\n`,
  );
}

function checkFunctions(plan: RecordingPlan, options: Options): void {
  const recorded = new Set(plan.header.functions.map(({ name }) => name));
  const missing = (options.function ?? []).filter((name) => !recorded.has(name));
  if (missing.length === 0) return;
  throw new InputError(`--function: no such function in ${plan.header.region}: ${missing.join(', ')}`);
}

function progressOf(io: Io): (done: number, total: number) => void {
  return (done, total) => {
    if (io.isTty) io.stderr(done < total ? `\rread ${done} of ${total} parts` : '\r\u001b[K');
  };
}

interface Told {
  readonly plan: RecordingPlan;
  readonly gaps: readonly ReadGap[];
  readonly series: number;
  readonly usd: number;
}

function tell(io: Io, options: Options, { plan, gaps, series, usd }: Told): void {
  const { header } = plan;
  for (const { resource, operation, reason } of gaps)
    io.stderr(`not read: ${resource}: ${operation}: ${reason}\n`);
  io.stderr(
    'What arrived late cannot be told afterwards: the trace has final values only, and a backtest sees them at once.\n',
  );
  const document = {
    format: 'firebreak-record/1',
    path: options.out,
    start: header.start,
    end: toIso(plan.startAt + header.periods * MINUTE_MS),
    functions: header.functions.length,
    queues: header.queues.length,
    series,
    usd,
    gaps,
  };
  io.stdout(
    options.json === true
      ? `${JSON.stringify(document, null, 2)}\n`
      : `${options.out}: ${document.start} to ${document.end}, ${formatCountOf(document.functions, 'function')}, ${formatCountOf(document.queues, 'queue')}, ${series} series, ${formatCountOf(gaps.length, 'gap')}, ${formatUsd(usd)}\n`,
  );
  io.stderr(`What it would have said: firebreak backtest ${quoted(options.out)}\n`);
}

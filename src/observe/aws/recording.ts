import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import pLimit from 'p-limit';
import { UnavailableError } from '../../model/errors.ts';
import { MINUTE_MS } from '../../model/time.ts';
import type { ReadGap } from '../../model/window.ts';
import { chunksOf, readMetricData } from './metric-data.ts';
import type { MetricAnswer, MetricRequest, Span } from './metric-request.ts';
import { appendPart, type PartialFile, partialSeries, type RecordedSeries } from './partial-file.ts';
import { pseudonymise } from './pseudonyms.ts';
import type { RecordingPlan } from './recording-plan.ts';
import type { Wire } from './wire.ts';

/** Calls at once: four pages of 100,800 points a second is the quota (CloudWatch service quotas, 2026). */
const CALLS_AT_ONCE = 2;
/** After so many failed calls in a row nothing more will come: credentials ran out, or the network is gone. */
const FAILURES_IN_A_ROW_MAX = 4;

function spanOf(plan: RecordingPlan): Span {
  return { startAt: plan.startAt, points: plan.header.periods, periodMs: MINUTE_MS };
}

/** The calls that a plan takes, one chunk of metrics each; their order is what a leftover's numbers mean. */
export function partsOf(plan: RecordingPlan): readonly (readonly MetricRequest[])[] {
  return chunksOf(plan.requests, spanOf(plan));
}

/**
 * Reads the parts that the file lacks and adds each to it.
 * @returns what could not be read
 * @throws {UnavailableError} when nothing comes any more; the file keeps what there is.
 */
export async function readParts(
  wire: Wire,
  file: PartialFile,
  onPart: (done: number, total: number) => void,
): Promise<readonly ReadGap[]> {
  const span = spanOf(file.plan);
  const parts = partsOf(file.plan);
  const gaps: ReadGap[] = [];
  const limit = pLimit(CALLS_AT_ONCE);
  let failuresInARow = 0;
  let done = file.done.size;
  let writing = Promise.resolve();

  async function readPart(part: number, requests: readonly MetricRequest[]): Promise<void> {
    if (wire.signal?.aborted === true || failuresInARow >= FAILURES_IN_A_ROW_MAX) return;
    const answer = await readMetricData(wire, requests, span);
    const series = recorded(answer);
    failuresInARow = series.length === 0 ? failuresInARow + 1 : 0;
    gaps.push(...answer.gaps);
    if (series.length === 0) return;
    writing = writing.then(() => appendPart(file, part, series));
    await writing;
    done++;
    onPart(done, parts.length);
  }

  await Promise.all(
    parts.map((requests, part) => (file.done.has(part) ? undefined : limit(() => readPart(part, requests)))),
  );
  if (wire.signal?.aborted === true)
    throw new UnavailableError(continueLater('interrupted', done, parts.length));
  if (failuresInARow >= FAILURES_IN_A_ROW_MAX) {
    throw new UnavailableError(continueLater(`GetMetricData: ${gaps.at(-1)?.reason}`, done, parts.length));
  }
  return gaps;
}

function continueLater(why: string, done: number, total: number): string {
  return `${why}; ${done} of ${total} parts are kept: run the same command again to go on`;
}

function recorded(answer: MetricAnswer): RecordedSeries[] {
  return [...answer.values].flatMap(([{ namespace, name, metric }, values]) =>
    Object.entries(values).map(([stat, series]) => ({
      namespace,
      name: name ?? '',
      metric,
      stat,
      values: Array.from(series, (value) => (Number.isNaN(value) ? null : value)),
    })),
  );
}

/** Writes the trace: into a file beside it first, so that it is there whole or not at all. Returns its series. */
export async function writeTraceFile(
  file: PartialFile,
  path: string,
  options: { readonly pseudonymise: boolean },
): Promise<number> {
  const temporary = `${path}.writing`;
  let count = 0;
  async function* text(): AsyncGenerator<string> {
    const hidden = options.pseudonymise ? pseudonymise(file.plan.header) : null;
    const header = JSON.stringify(hidden?.header ?? file.plan.header);
    yield `${header.slice(0, -1)},"series":[`;
    for await (const one of allSeries(file)) {
      const name = hidden?.nameOf(one.namespace, one.name) ?? one.name;
      yield `${count++ === 0 ? '' : ','}\n${JSON.stringify(traceSeries({ ...one, name }))}`;
    }
    yield '\n]}\n';
  }
  const zip = path.endsWith('.gz') ? [createGzip()] : [];
  try {
    await pipeline([Readable.from(text()), ...zip, createWriteStream(temporary)]);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  return count;
}

async function* allSeries(file: PartialFile): AsyncGenerator<RecordedSeries> {
  yield* partialSeries(file);
  const nothing = new Array<null>(file.plan.header.periods).fill(null);
  for (const { namespace, name, metric, statistics } of file.plan.silent) {
    for (const stat of statistics) yield { namespace, name: name ?? '', metric, stat, values: nothing };
  }
}

function traceSeries({ namespace, name, metric, stat, values }: RecordedSeries) {
  const dimensions = namespace === 'AWS/Lambda' ? { FunctionName: name } : { QueueName: name };
  return { namespace, metric, stat, dimensions, values };
}

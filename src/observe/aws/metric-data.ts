import {
  GetMetricDataCommand,
  type GetMetricDataCommandOutput,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import pLimit from 'p-limit';
import type { ReadGap } from '../../model/window.ts';
import { CALLS } from './calls.ts';
import { failureOf } from './failure.ts';
import {
  dimensionsOf,
  type MetricAnswer,
  type MetricRequest,
  type MetricValues,
  resourceOf,
  type Span,
  type Statistic,
} from './metric-request.ts';
import { call, type Wire } from './wire.ts';

/** MetricDataQuery structures in one call (GetMetricData API reference, 2026-08). */
const QUERIES_PER_CALL_MAX = 500;
/** Datapoints in one page of the answer (same source): a call is cut so that its answer fits one page. */
const DATAPOINTS_PER_CALL_MAX = 100_800;
/** Calls under way at once: far below the quota of 500 a second, and bounded memory. */
export const METRIC_CALLS_AT_ONCE = 4;

interface Query {
  readonly request: MetricRequest;
  readonly statistic: Statistic;
}

/** A series being put together from pages. */
interface Collected {
  readonly values: Float64Array;
  /** StatusCode of the newest page, or `malformed` for good. */
  readonly status: string;
}

/**
 * Reads metrics through GetMetricData, with plain MetricStat queries only: metric math is not needed, and each query
 * then fails alone. A series that is not `Complete` at the last page is left out and reported, never padded with zeros.
 */
export async function readMetricData(
  wire: Wire,
  requests: readonly MetricRequest[],
  span: Span,
): Promise<MetricAnswer> {
  const limit = pLimit(METRIC_CALLS_AT_ONCE);
  const answers = await Promise.all(
    chunksOf(requests, span).map((chunk) => limit(() => readChunk(wire, chunk, span))),
  );
  return {
    values: new Map(answers.flatMap((answer) => [...answer.values])),
    gaps: answers.flatMap((answer) => answer.gaps),
  };
}

/** Requests that fit one call each. The statistics of a metric stay together: then they are billed as one. */
export function chunksOf(requests: readonly MetricRequest[], span: Span): MetricRequest[][] {
  const queriesMax = Math.max(
    1,
    Math.min(QUERIES_PER_CALL_MAX, Math.floor(DATAPOINTS_PER_CALL_MAX / span.points)),
  );
  const chunks: MetricRequest[][] = [];
  let queries = Number.POSITIVE_INFINITY;
  for (const request of requests) {
    if (queries + request.statistics.length > queriesMax) {
      chunks.push([]);
      queries = 0;
    }
    chunks.at(-1)?.push(request);
    queries += request.statistics.length;
  }
  return chunks;
}

async function readChunk(wire: Wire, chunk: readonly MetricRequest[], span: Span): Promise<MetricAnswer> {
  const queries = chunk.flatMap((request) => request.statistics.map((statistic) => ({ request, statistic })));
  const collected = new Map<number, Collected>();
  let cutBy: string | null = null;
  try {
    cutBy = await collectPages(wire, { queries, billed: chunk.length, span }, (id, page) => {
      collected.set(id, withPage(collected.get(id), page, span));
    });
  } catch (error) {
    cutBy = failureOf(error, 'GetMetricData').text;
  }
  return answerOf(queries, collected, cutBy);
}

function withPage(soFar: Collected | undefined, page: ResultPage, span: Span): Collected {
  const values = soFar?.values ?? new Float64Array(span.points).fill(Number.NaN);
  const sound = addPage(values, page, span) && soFar?.status !== 'malformed';
  return { values, status: sound ? String(page.StatusCode ?? 'Complete') : 'malformed' };
}

type ResultPage = NonNullable<GetMetricDataCommandOutput['MetricDataResults']>[number];

/** Follows the pages; returns why they end early, or `null`. */
async function collectPages(
  wire: Wire,
  input: { readonly queries: readonly Query[]; readonly billed: number; readonly span: Span },
  add: (id: number, page: ResultPage) => void,
): Promise<string | null> {
  const { span } = input;
  const command = {
    MetricDataQueries: input.queries.map((query, id) => toQuery(query, id, span)),
    StartTime: new Date(span.startAt),
    EndTime: new Date(span.startAt + span.points * span.periodMs),
    ScanBy: 'TimestampAscending' as const,
  };
  let token: string | undefined;
  for (let page = 0; page < CALLS.GetMetricData.pagesMax; page++) {
    const NextToken = token;
    const output = await call(
      wire,
      'GetMetricData',
      (options) => wire.clients.cloudWatch.send(new GetMetricDataCommand({ ...command, NextToken }), options),
      page === 0 ? input.billed : 0,
    );
    for (const result of output.MetricDataResults ?? []) {
      const id = /^q(\d+)$/.exec(String(result?.Id))?.[1];
      if (id !== undefined && Number(id) < input.queries.length) add(Number(id), result);
    }
    if (!output.NextToken) return null;
    token = output.NextToken;
  }
  return `more than ${CALLS.GetMetricData.pagesMax} pages`;
}

function toQuery({ request, statistic }: Query, id: number, span: Span): MetricDataQuery {
  return {
    Id: `q${id}`,
    MetricStat: {
      Metric: {
        Namespace: request.namespace,
        MetricName: request.metric,
        Dimensions: dimensionsOf(request),
      },
      Period: span.periodMs / 1000,
      Stat: statistic,
    },
  };
}

/** Puts a page's datapoints in their places, whatever their order. `false`: the page is not what the API promises. */
function addPage(values: Float64Array, page: ResultPage, span: Span): boolean {
  const timestamps = page.Timestamps ?? [];
  const points = page.Values ?? [];
  if (!Array.isArray(timestamps) || !Array.isArray(points) || timestamps.length !== points.length) {
    return false;
  }
  for (let i = 0; i < points.length; i++) {
    if (!place(values, timestamps[i], points[i], span)) return false;
  }
  return true;
}

/** Puts one datapoint in its place; one outside the span is dropped. `false`: it is no datapoint. */
export function place(values: Float64Array, at: unknown, value: unknown, span: Span): boolean {
  if (!(at instanceof Date) || typeof value !== 'number' || !Number.isFinite(value)) return false;
  const index = Math.floor((at.getTime() - span.startAt) / span.periodMs);
  if (Number.isNaN(index)) return false;
  // No metric that is read here can be negative.
  if (index >= 0 && index < values.length) values[index] = Math.max(0, value);
  return true;
}

function answerOf(
  queries: readonly Query[],
  collected: ReadonlyMap<number, Collected>,
  cutBy: string | null,
): MetricAnswer {
  const values = new Map<MetricRequest, MetricValues>();
  const gaps: ReadGap[] = [];
  for (const [id, { request, statistic }] of queries.entries()) {
    const series = collected.get(id);
    const reason = cutBy ?? reasonOf(series);
    if (reason === null && series !== undefined) {
      values.set(request, { ...values.get(request), [statistic]: series.values });
    } else {
      if (!values.has(request)) values.set(request, {});
      gaps.push({
        resource: resourceOf(request),
        operation: `GetMetricData ${request.metric}`,
        reason: reason ?? 'not in the answer',
      });
    }
  }
  return { values, gaps: withoutRepeats(gaps) };
}

function reasonOf(series: Collected | undefined): string | null {
  if (series === undefined) return 'not in the answer';
  switch (series.status) {
    case 'Complete':
      return null;
    case 'Forbidden':
      return 'access denied: needs cloudwatch:GetMetricData';
    case 'PartialData':
      return 'CloudWatch returned only part of it (PartialData)';
    case 'malformed':
      return 'the answer is malformed';
    default:
      return `CloudWatch answered ${series.status.slice(0, 40)}`;
  }
}

/** Statistics of one metric fail together: one gap. */
function withoutRepeats(gaps: readonly ReadGap[]): ReadGap[] {
  return [...new Map(gaps.map((gap) => [JSON.stringify(gap), gap])).values()];
}

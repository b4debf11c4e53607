import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../../src/model/time.ts';
import { chunksOf, readMetricData } from '../../../src/observe/aws/metric-data.ts';
import { type MetricRequest, requestsFor, type Span } from '../../../src/observe/aws/metric-request.ts';
import { readStatistics } from '../../../src/observe/aws/metric-statistics.ts';
import { lambdaMetric, NEWEST } from './account.ts';
import { type FakeState, fakeAws } from './fake-aws.ts';
import { fakeWire } from './wire.ts';

const SPAN: Span = { startAt: NEWEST - 9 * MINUTE_MS, points: 10, periodMs: MINUTE_MS };
const [ERRORS] = requestsFor('AWS/Lambda', 'worker', ['Errors']) as [MetricRequest];

async function readErrors(state: Partial<FakeState>) {
  const aws = fakeAws({ metrics: [lambdaMetric('worker', 'Errors', [1, 2, null, 4])], ...state });
  const answer = await readMetricData(fakeWire(aws), [ERRORS], SPAN);
  return { sum: answer.values.get(ERRORS)?.Sum, gaps: answer.gaps, aws };
}

/** The answer of GetMetricData with its only result changed. */
function withResult(change: Readonly<Record<string, unknown>>): Partial<FakeState> {
  return {
    tamper: (_, body) => {
      const { MetricDataResults, ...rest } = body as { MetricDataResults: object[] };
      return { ...rest, MetricDataResults: MetricDataResults.map((result) => ({ ...result, ...change })) };
    },
  };
}

describe('GetMetricData', () => {
  it('puts datapoints in their minutes, whatever the order of the answer', async () => {
    const reversed: Partial<FakeState> = {
      tamper: (_, body) => {
        const [result] = (body as { MetricDataResults: { Timestamps: number[]; Values: number[] }[] })
          .MetricDataResults;
        return {
          MetricDataResults: [
            { ...result, Timestamps: result?.Timestamps.reverse(), Values: result?.Values.reverse() },
          ],
        };
      },
    };
    for (const state of [{}, reversed]) {
      const { sum, gaps } = await readErrors(state);
      expect([...(sum ?? [])]).toEqual([NaN, NaN, NaN, NaN, NaN, NaN, 1, 2, NaN, 4]);
      expect(gaps).toEqual([]);
    }
  });

  it('merges pages by id, and takes a series as whole only with the last page', async () => {
    const { sum, gaps, aws } = await readErrors({ datapointsPerPage: 1 });
    expect([...(sum ?? [])].slice(-4)).toEqual([1, 2, NaN, 4]);
    expect(gaps).toEqual([]);
    expect(aws.count('GetMetricData')).toBe(3);
  });

  it('a later page that fails leaves the series out: half a series would pass for a quiet one', async () => {
    const { sum, gaps } = await readErrors({
      datapointsPerPage: 1,
      fault: ({ input }) =>
        input['NextToken'] === '2' ? { status: 403, code: 'AccessDeniedException' } : undefined,
    });
    expect(sum).toBeUndefined();
    expect(gaps).toEqual([
      {
        resource: 'worker',
        operation: 'GetMetricData Errors',
        reason: 'access denied: needs cloudwatch:GetMetricData',
      },
    ]);
  });

  const bad: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
    [
      'PartialData at the end',
      { StatusCode: 'PartialData' },
      'CloudWatch returned only part of it (PartialData)',
    ],
    ['InternalError', { StatusCode: 'InternalError' }, 'CloudWatch answered InternalError'],
    ['Forbidden', { StatusCode: 'Forbidden' }, 'access denied: needs cloudwatch:GetMetricData'],
    ['fewer values than timestamps', { Values: [1] }, 'the answer is malformed'],
    ['a result of another query', { Id: 'q7' }, 'not in the answer'],
  ];
  it.each(bad)('%s: no series, one gap', async (_, change, reason) => {
    const { sum, gaps } = await readErrors(withResult(change));
    expect(sum).toBeUndefined();
    expect(gaps).toEqual([{ resource: 'worker', operation: 'GetMetricData Errors', reason }]);
  });

  it('one bad series does not spoil the others of its call', async () => {
    const requests = requestsFor('AWS/Lambda', 'worker', ['Errors', 'Throttles', 'Invocations']);
    const aws = fakeAws({
      metrics: requests.map(({ metric }) => lambdaMetric('worker', metric, [1])),
      tamper: (_, body) => {
        const results = (body as { MetricDataResults: { Id: string }[] }).MetricDataResults;
        return {
          MetricDataResults: results.map((result) =>
            result.Id === 'q1' ? { ...result, StatusCode: 'InternalError' } : result,
          ),
        };
      },
    });
    const { values, gaps } = await readMetricData(fakeWire(aws), requests, SPAN);
    expect(requests.map((request) => values.get(request)?.Sum?.at(-1))).toEqual([1, undefined, 1]);
    expect(gaps).toHaveLength(1);
  });

  it('datapoints outside the span are dropped', async () => {
    const metrics = [
      lambdaMetric(
        'worker',
        'Errors',
        Array.from({ length: 30 }, (_, i) => i),
      ),
    ];
    const { sum } = await readErrors({
      metrics,
      tamper: (_, body) => {
        const { MetricDataResults } = body as {
          MetricDataResults: { Timestamps: number[]; Values: number[] }[];
        };
        const [result] = MetricDataResults as [{ Timestamps: number[]; Values: number[] }];
        return {
          MetricDataResults: [
            { ...result, Timestamps: [0, ...result.Timestamps, 4e9], Values: [77, ...result.Values, 99] },
          ],
        };
      },
    });
    expect([...(sum ?? [])]).toEqual([20, 21, 22, 23, 24, 25, 26, 27, 28, 29]);
  });

  it('an endless answer ends at the page limit, as a gap', async () => {
    let page = 0;
    const { sum, gaps, aws } = await readErrors({
      tamper: (_, body) => ({ ...(body as object), NextToken: `page ${page++}` }),
    });
    expect(sum).toBeUndefined();
    expect(gaps[0]?.reason).toBe('more than 50 pages');
    expect(aws.count('GetMetricData')).toBe(50);
  });
});

describe('the calls that metrics are cut into', () => {
  const duration = (count: number) =>
    Array.from({ length: count }, (_, i) => requestsFor('AWS/Lambda', `fn-${i}`, ['Duration'])).flat();

  it('at most 500 queries each, and the statistics of a metric together', () => {
    const chunks = chunksOf(duration(400), { ...SPAN, points: 180 });
    expect(chunks.map((chunk) => chunk.length)).toEqual([166, 166, 68]);
  });

  it('at most as many as fit one page of datapoints', () => {
    const chunks = chunksOf(duration(3), { ...SPAN, points: 20_160 });
    expect(chunks.map((chunk) => chunk.length)).toEqual([1, 1, 1]);
  });

  it('keep every request, in order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('Errors', 'Duration', 'Throttles'), { maxLength: 700 }),
        fc.integer({ min: 1, max: 20_160 }),
        (metrics, points) => {
          const requests = requestsFor('AWS/Lambda', 'worker', metrics);
          const chunks = chunksOf(requests, { ...SPAN, points });
          expect(chunks.flat()).toEqual(requests);
          for (const chunk of chunks) {
            const queries = chunk.reduce((sum, { statistics }) => sum + statistics.length, 0);
            expect(queries === 0 || queries <= 500).toBe(true);
            expect(chunk.length === 1 || queries * points <= 100_800).toBe(true);
          }
        },
      ),
    );
  });
});

describe('GetMetricStatistics', () => {
  it('reads all statistics of a metric in one call, in whatever order they come', async () => {
    const [request] = requestsFor('AWS/Lambda', 'worker', ['Duration']) as [MetricRequest];
    const aws = fakeAws({ metrics: [lambdaMetric('worker', 'Duration', [10, null, 30])] });
    const { values, gaps } = await readStatistics(fakeWire(aws), [request], SPAN);
    expect(gaps).toEqual([]);
    for (const series of Object.values(values.get(request) ?? {})) {
      expect([...series].slice(-3)).toEqual([10, NaN, 30]);
    }
    expect(Object.keys(values.get(request) ?? {})).toEqual(['Sum', 'Average', 'Maximum']);
    expect(aws.count('GetMetricStatistics')).toBe(1);
  });

  it('refuses what does not fit one call', async () => {
    await expect(readStatistics(fakeWire(fakeAws()), [ERRORS], { ...SPAN, points: 1441 })).rejects.toThrow(
      RangeError,
    );
  });

  it('a metric that is denied is a gap of its own', async () => {
    const [errors, throttles] = requestsFor('AWS/Lambda', 'worker', ['Errors', 'Throttles']) as [
      MetricRequest,
      MetricRequest,
    ];
    const aws = fakeAws({
      metrics: [lambdaMetric('worker', 'Throttles', [1])],
      fault: ({ input }) =>
        input['MetricName'] === 'Errors' ? { status: 403, code: 'AccessDenied' } : undefined,
    });
    const { values, gaps } = await readStatistics(fakeWire(aws), [errors, throttles], SPAN);
    expect(values.get(errors)?.Sum).toBeUndefined();
    expect(values.get(throttles)?.Sum?.at(-1)).toBe(1);
    expect(gaps.map(({ operation }) => operation)).toEqual(['GetMetricStatistics Errors']);
  });
});

describe('an answer that is not what the API promises', () => {
  const junk = fc.jsonValue({ maxDepth: 3 });
  const datapoints = fc.oneof(junk, fc.array(fc.oneof(junk, fc.double(), fc.integer()), { maxLength: 4 }));
  const results = fc.oneof(
    junk,
    fc.array(
      fc.oneof(
        junk,
        fc.record(
          {
            Id: fc.oneof(fc.constant('q0'), junk),
            Timestamps: datapoints,
            Values: datapoints,
            StatusCode: junk,
          },
          { requiredKeys: [] },
        ),
      ),
      { maxLength: 3 },
    ),
  );

  it('is a gap or a sound series, never a crash: GetMetricData', async () => {
    await fc.assert(
      fc.asyncProperty(results, async (MetricDataResults) => {
        const aws = fakeAws({ tamper: () => ({ MetricDataResults }) });
        const { values, gaps } = await readMetricData(fakeWire(aws), [ERRORS], SPAN);
        const series = values.get(ERRORS)?.Sum;
        expect(series === undefined).toBe(gaps.length > 0);
        expect([...(series ?? [])].every((value) => Number.isNaN(value) || value >= 0)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('is a gap or a sound series, never a crash: GetMetricStatistics', async () => {
    const points = fc.oneof(
      junk,
      fc.array(
        fc.oneof(
          junk,
          fc.record({ Timestamp: fc.oneof(junk, fc.double()), Sum: fc.oneof(junk, fc.double()) }),
        ),
      ),
    );
    await fc.assert(
      fc.asyncProperty(points, async (Datapoints) => {
        const aws = fakeAws({ tamper: () => ({ Datapoints }) });
        const { values, gaps } = await readStatistics(fakeWire(aws), [ERRORS], SPAN);
        const series = values.get(ERRORS)?.Sum;
        expect(series === undefined).toBe(gaps.length > 0);
        expect([...(series ?? [])].every((value) => Number.isNaN(value) || value >= 0)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

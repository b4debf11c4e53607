import type { TraceDocument, TraceSeries } from '../../src/simulate/trace.ts';

/** The series of a function or queue; a test that asks for one that is not there fails. */
export function seriesOf(
  trace: TraceDocument,
  name: string,
  metric: string,
  stat: TraceSeries['stat'] = 'Sum',
): TraceSeries {
  const series = trace.series.find(
    (one) =>
      one.metric === metric &&
      one.stat === stat &&
      one.namespace !== 'firebreak/SQS' &&
      Object.values(one.dimensions)[0] === name,
  );
  if (series === undefined) throw new Error(`the trace has no ${metric}/${stat} of ${name}`);
  return series;
}

export function valuesOf(
  trace: TraceDocument,
  name: string,
  metric: string,
  stat: TraceSeries['stat'] = 'Sum',
): readonly (number | null)[] {
  return seriesOf(trace, name, metric, stat).values;
}

export function total(series: readonly (number | null)[]): number {
  return series.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

/** Minutes that have a value above zero. */
export function minutesWith(series: readonly (number | null)[]): number[] {
  return series.flatMap((value, minute) => ((value ?? 0) > 0 ? [minute] : []));
}

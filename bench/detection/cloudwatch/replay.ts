import type { Trace } from '../../../src/observe/trace/format.ts';
import { tickAt } from '../../../src/observe/trace/trace-source.ts';
import type { Page } from '../page.ts';
import { type AlarmState, type Datapoint, datapointOf, evaluationRange, nextState } from './alarm.ts';
import { trainedBand } from './band.ts';
import type { Alarm } from './definition.ts';
import { type MetricReader, type MetricSource, metricSource } from './metric.ts';

const TRAIN_EVERY_MINUTES = 60;

/**
 * Every transition of an alarm into ALARM, in order. Alarms of a period of a minute or more are evaluated every minute over a
 * window that slides, here at the instants at which firebreak ticks: as soon as the newest minute is readable. Late data
 * changes a minute only for evaluations that still look at it.
 */
export function replayAlarms(trace: Trace, alarms: readonly Alarm[]): readonly Page[] {
  const source = metricSource(trace);
  const running = alarms.map((alarm) => start(alarm, source, trace.startAt));
  const pages: Page[] = [];
  for (let tick = 0; tick < trace.periods; tick++) {
    source.advance(tick);
    for (const { alarm, evaluate } of running)
      if (evaluate(tick))
        pages.push({ at: tickAt(trace, tick), resources: [alarm.resource], what: alarm.name });
  }
  return pages;
}

interface Running {
  readonly alarm: Alarm;
  /** Whether the alarm goes into ALARM at this tick. */
  evaluate(tick: number): boolean;
}

function start(alarm: Alarm, source: MetricSource, startAt: number): Running {
  const { periodMinutes, rule, comparison } = alarm;
  const readers = new Map([...alarm.queries].map(([id, query]) => [id, source.reader(query)] as const));
  const read: MetricReader = (from, to) =>
    alarm.expression({
      value: (id) => readerOf(readers, id)(from, to),
      periodSeconds: () => periodMinutes * 60,
    });
  const band =
    typeof alarm.threshold === 'number'
      ? null
      : trainedBand(read, { startAt, periodMinutes, width: alarm.threshold.bandWidth });
  const length = evaluationRange(rule);
  const range = new Array<Datapoint>(length).fill('missing');
  let state: AlarmState = 'INSUFFICIENT_DATA';
  return {
    alarm,
    evaluate(tick) {
      if (band !== null && tick % TRAIN_EVERY_MINUTES === 0) band.train(tick);
      for (let i = 0; i < length; i++) {
        const to = tick + 1 - (length - 1 - i) * periodMinutes;
        const threshold = band === null ? (alarm.threshold as number) : band.upper(to - 1);
        const value =
          to < periodMinutes || Number.isNaN(threshold) ? Number.NaN : read(to - periodMinutes, to);
        range[i] = datapointOf(value, comparison, threshold);
      }
      const before = state;
      state = nextState(range, rule, before);
      return state === 'ALARM' && before !== 'ALARM';
    },
  };
}

function readerOf(readers: ReadonlyMap<string, MetricReader>, id: string): MetricReader {
  const reader = readers.get(id);
  if (reader === undefined) throw new RangeError(`an expression names ${id}, which the alarm does not have`);
  return reader;
}

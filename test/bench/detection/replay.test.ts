import { describe, expect, it } from 'vitest';
import { type Alarm, singleMetricAlarm } from '../../../bench/detection/cloudwatch/definition.ts';
import { replayAlarms } from '../../../bench/detection/cloudwatch/replay.ts';
import { START_AT, series, traceOf } from './traces.ts';

const MINUTE = 60_000;

function alarm(part: {
  readonly datapoints?: number;
  readonly periodMinutes?: number;
  readonly above?: number;
  readonly bandWidth?: number;
  readonly metric?: string;
  readonly stat?: string;
  readonly missing?: Alarm['rule']['treatMissingData'];
}): Alarm {
  const { datapoints = 1, periodMinutes = 1, above = 0, missing = 'notBreaching' } = part;
  return singleMetricAlarm({
    query: {
      namespace: 'AWS/Lambda',
      metric: part.metric ?? 'Errors',
      stat: part.stat ?? 'Sum',
      resource: 'orders-worker',
    },
    comparison: part.bandWidth === undefined ? 'GreaterThanThreshold' : 'GreaterThanUpperThreshold',
    threshold: part.bandWidth === undefined ? above : { bandWidth: part.bandWidth },
    periodMinutes,
    rule: { evaluationPeriods: datapoints, datapointsToAlarm: datapoints, treatMissingData: missing },
  });
}

/** Minutes whose data put the alarm into ALARM, as soon as they could be read. */
function alarmMinutes(errors: ReturnType<typeof series>, one: Alarm): readonly number[] {
  return replayAlarms(traceOf({ errors, invocations: errors }), [one]).map(
    ({ at }) => (at - START_AT) / MINUTE - 2,
  );
}

describe('replayAlarms', () => {
  it('tells of the way into ALARM, not of staying there', () => {
    expect(alarmMinutes(series('0x3 1x4 0x3 1'), alarm({}))).toEqual([3, 10]);
  });

  it('names the function and comes when the minute can be read', () => {
    const pages = replayAlarms(traceOf({ errors: series('0 1') }), [alarm({})]);
    expect(pages).toEqual([
      { at: START_AT + 3 * MINUTE, resources: ['orders-worker'], what: 'Errors orders-worker' },
    ]);
  });

  it.each([
    { what: '3 of 3', errors: '0x3 1x3 0', datapoints: 3, expected: [5] },
    { what: '3 of 3, with gaps between', errors: '0x3 1 _ 1 1 0', datapoints: 3, expected: [6] },
    {
      what: 'a single error between others that are missing',
      errors: '0x3 _x5 1 _x5',
      datapoints: 3,
      expected: [],
    },
  ])('$what', ({ errors, datapoints, expected }) => {
    expect(alarmMinutes(series(errors), alarm({ datapoints }))).toEqual(expected);
  });

  it('slides a period of 5 minutes over every minute', () => {
    // Three errors within any five minutes.
    const errors = series('0x4 1 0 1 0 1 0x6');
    expect(alarmMinutes(errors, alarm({ periodMinutes: 5, above: 2 }))).toEqual([8]);
  });

  describe('late data', () => {
    /** The invocations of minute 5 that fail are reported `late` minutes after it; others succeed each minute. */
    const errorsOf = (late: number) => series('0x5 2 0x10', [{ period: 5, untilTick: 5 + late, value: 2 }]);

    it('is seen by a longer period while that still looks at the minute', () => {
      expect(alarmMinutes(errorsOf(3), alarm({ periodMinutes: 5 }))).toEqual([8]);
    });

    it('is never seen by an alarm of a minute, which has gone on', () => {
      expect(alarmMinutes(errorsOf(3), alarm({}))).toEqual([]);
    });
  });

  it('takes the share of failing invocations for the Average of Errors', () => {
    const trace = traceOf({ errors: series('1x6'), invocations: series('4 4 4 1 1 1') });
    const pages = replayAlarms(trace, [alarm({ stat: 'Average', above: 0.5 })]);
    expect(pages.map(({ at }) => (at - START_AT) / MINUTE - 2)).toEqual([3]);
  });

  it('refuses a statistic that no trace has', () => {
    const unknown = alarm({ metric: 'Throttles', stat: 'p99' });
    expect(() => replayAlarms(traceOf({ errors: series('0') }), [unknown])).toThrow(/no trace records/);
  });

  describe('an anomaly band', () => {
    const band = alarm({ bandWidth: 4, periodMinutes: 5, metric: 'Invocations' });

    it('is silent within what is usual, and while its model is new', () => {
      const usual = `${'5x3 6x4 7x2 6x3 '.repeat(40)}6`;
      expect(alarmMinutes(series(usual), band)).toEqual([]);
      expect(alarmMinutes(series('6x100 90x20'), band)).toEqual([]);
    });

    it('is left by a multiple of what is usual', () => {
      const spike = `${'5x3 6x4 7x2 6x3 '.repeat(40)}90x10`;
      expect(alarmMinutes(series(spike), band)).toEqual([480]);
    });
  });
});

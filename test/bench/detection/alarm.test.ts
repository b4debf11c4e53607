import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AlarmRule,
  type AlarmState,
  type Datapoint,
  datapointOf,
  evaluationRange,
  type MissingData,
  nextState,
} from '../../../bench/detection/cloudwatch/alarm.ts';

const MISSING: readonly MissingData[] = ['missing', 'ignore', 'breaching', 'notBreaching'];

/** `0` within the threshold, `X` breaching, `-` no datapoint; the newest on the right, as in the user guide. */
function points(text: string): readonly Datapoint[] {
  return text.split(' ').map((sign) => (sign === '-' ? 'missing' : sign === 'X' ? 'breaching' : 'ok'));
}

function rule(
  datapointsToAlarm: number,
  evaluationPeriods: number,
  treatMissingData: MissingData,
): AlarmRule {
  return { datapointsToAlarm, evaluationPeriods, treatMissingData };
}

// "Configuring how CloudWatch alarms treat missing data": both tables, in the order of its columns. `keep`: "retain current state".
const GUIDE: readonly (readonly [string, number, string, string, string, string])[] = [
  ['0 - X - X', 3, 'OK', 'OK', 'OK', 'OK'],
  ['0 - - - -', 3, 'OK', 'OK', 'OK', 'OK'],
  ['- - - - -', 3, 'INSUFFICIENT_DATA', 'keep', 'ALARM', 'OK'],
  ['0 X X - X', 3, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['- - X - -', 3, 'ALARM', 'keep', 'ALARM', 'OK'],
  ['0 - X - X', 2, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['0 0 X 0 X', 2, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['0 - X - -', 2, 'OK', 'OK', 'ALARM', 'OK'],
  ['- - - - 0', 2, 'OK', 'OK', 'ALARM', 'OK'],
  ['- - - X -', 2, 'ALARM', 'keep', 'ALARM', 'OK'],
];

const CASES = GUIDE.flatMap(([text, datapoints, ...expected]) =>
  MISSING.map((missing, i) => ({ text, datapoints, missing, expected: expected[i] as string })),
);

describe('nextState', () => {
  it.each(CASES)(
    '$datapoints of 3, missing data is $missing: $text is $expected',
    ({ text, datapoints, missing, expected }) => {
      for (const current of ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const) {
        const state = nextState(points(text), rule(datapoints, 3, missing), current);
        expect(state).toBe(expected === 'keep' ? current : expected);
      }
    },
  );

  it.each([
    { text: '- - - - X', what: 'the next one may be good' },
    { text: '- - - X -', what: 'as much' },
  ])('does not go into ALARM too early for 3 of 3 ($text: $what)', ({ text }) => {
    for (const missing of ['missing', 'notBreaching', 'ignore'] as const)
      expect(nextState(points(text), rule(3, 3, missing), 'OK')).toBe('OK');
  });

  it('is decided by the newest real datapoints where there are enough of them', () => {
    // One of one: an error point counts until a newer one replaces it, or it leaves the evaluation range.
    const one = rule(1, 1, 'notBreaching');
    expect(nextState(points('- X -'), one, 'OK')).toBe('ALARM');
    expect(nextState(points('X - 0'), one, 'ALARM')).toBe('OK');
    expect(nextState(points('- - -'), one, 'ALARM')).toBe('OK');
  });

  it('never depends on what it was before where nothing is missing', () => {
    const range = fc.array(fc.constantFrom<Datapoint>('ok', 'breaching'), { minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(
        range,
        fc.constantFrom(...MISSING),
        fc.integer({ min: 1, max: 5 }),
        (values, missing, m) => {
          const states = (['OK', 'ALARM', 'INSUFFICIENT_DATA'] as AlarmState[]).map((current) =>
            nextState(values, rule(m, 5, missing), current),
          );
          const breaching = values.slice(-5).filter((point) => point === 'breaching').length;
          expect(new Set(states)).toEqual(new Set([breaching >= m ? 'ALARM' : 'OK']));
        },
      ),
    );
  });
});

describe('evaluationRange', () => {
  it('is that of the examples of the guide: 5 for 3', () => {
    expect(evaluationRange({ evaluationPeriods: 3 })).toBe(5);
  });
});

describe('datapointOf', () => {
  it.each([
    ['GreaterThanThreshold', 5, 'ok'],
    ['GreaterThanThreshold', 5.1, 'breaching'],
    ['GreaterThanUpperThreshold', 5.1, 'breaching'],
    ['GreaterThanOrEqualToThreshold', 5, 'breaching'],
    ['LessThanThreshold', 5, 'ok'],
    ['LessThanOrEqualToThreshold', 5, 'breaching'],
    ['LessThanOrEqualToThreshold', Number.NaN, 'missing'],
  ] as const)('%s 5: %d is %s', (comparison, value, expected) => {
    expect(datapointOf(value, comparison, 5)).toBe(expected);
  });
});

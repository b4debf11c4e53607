import { describe, expect, it } from 'vitest';
import { parseExpression } from '../../../bench/detection/cloudwatch/expression.ts';

function evaluate(text: string, values: Readonly<Record<string, number>>): number {
  return parseExpression(text)({
    value: (id) => values[id] ?? Number.NaN,
    periodSeconds: () => 300,
  });
}

describe('parseExpression', () => {
  const values = { throttles: 3, invocations: 9 };

  it.each([
    ['throttles', 3],
    ['(throttles / ( throttles + invocations )) * 100', 25],
    ['FILL(requests,0) / PERIOD(requests)', 0],
    ['FILL(invocations, 0) / PERIOD(invocations)', 0.03],
    ['2 + 3 * 4 - 6 / 2', 11],
    ['invocations - throttles - 1', 5],
  ])('%s is %d', (text, expected) => {
    expect(evaluate(text, values)).toBeCloseTo(expected, 10);
  });

  it.each([
    ['an operand without a datapoint', '(throttles / (throttles + invocations)) * 100', { throttles: 3 }],
    ['a division by zero', 'throttles / invocations', { throttles: 0, invocations: 0 }],
  ])('has no datapoint after %s', (_, text, given) => {
    expect(evaluate(text, given)).toBeNaN();
  });

  it.each([
    ['ANOMALY_DETECTION_BAND(m1, 2)', /unknown function ANOMALY_DETECTION_BAND/],
    ['(a + b', /\) expected, found the end/],
    ['a +', /a value expected, found the end/],
    ['a b', /unexpected b/],
    ['a > 3', /cannot read/],
  ])('refuses %s', (text, problem) => {
    expect(() => parseExpression(text)).toThrow(problem);
  });
});

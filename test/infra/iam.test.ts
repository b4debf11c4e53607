import { describe, expect, it } from 'vitest';
import { evaluate, type Statement } from './iam.ts';

const FUNCTION = 'arn:aws:lambda:eu-west-1:111122223333:function:orders';
const allow = (more: Partial<Statement> = {}): Statement => ({
  Effect: 'Allow',
  Action: 'lambda:PutFunctionConcurrency',
  Resource: 'arn:aws:lambda:eu-west-1:111122223333:function:*',
  ...more,
});
const request = (context = {}) => ({ action: 'lambda:PutFunctionConcurrency', resource: FUNCTION, context });

describe('the evaluator of the policy tests', () => {
  it.each([
    ['what no statement names is not allowed', [], 'not allowed'],
    ['an allowed action on a matching resource is allowed', [allow()], 'allowed'],
    [
      'actions are compared without regard to case',
      [allow({ Action: 'LAMBDA:putfunctionconcurrency' })],
      'allowed',
    ],
    [
      'another account does not match',
      [allow({ Resource: 'arn:aws:lambda:*:999999999999:function:*' })],
      'not allowed',
    ],
    ['a dot is a dot', [allow({ Resource: FUNCTION.replace('orders', 'order.') })], 'not allowed'],
    [
      'a question mark is one character',
      [allow({ Resource: FUNCTION.replace('orders', 'order?') })],
      'allowed',
    ],
    ['a denial wins whatever is allowed', [allow(), allow({ Effect: 'Deny' })], 'denied'],
  ] as const)('%s', (_, statements, verdict) => {
    expect(evaluate(statements, request())).toBe(verdict);
  });

  it.each([
    ['StringEquals', { tag: 'yes' }, { tag: 'yes' }, 'allowed'],
    ['StringEquals', { tag: 'yes' }, { tag: 'no' }, 'not allowed'],
    ['StringEquals', { tag: 'yes' }, {}, 'not allowed'],
    ['ArnEquals', { fn: [FUNCTION] }, { fn: FUNCTION }, 'allowed'],
    ['ForAllValues:StringLike', { key: ['A#*', 'B'] }, { key: 'A#1' }, 'allowed'],
    ['ForAllValues:StringLike', { key: ['A#*', 'B'] }, { key: 'B#1' }, 'not allowed'],
    ['ForAllValues:StringLike', { key: ['A#*'] }, {}, 'allowed'],
    ['Null', { tag: 'false' }, { tag: 'anything' }, 'allowed'],
    ['Null', { tag: 'false' }, {}, 'not allowed'],
    ['Null', { tag: 'true' }, {}, 'allowed'],
  ] as const)('%s %j with %j: %s', (operator, keys, context, verdict) => {
    const statement = allow({ Condition: { [operator]: keys } });
    expect(evaluate([statement], request(context))).toBe(verdict);
  });

  it.each([
    [{ Condition: { StringLike: { tag: '*' } } }],
    [{ NotResource: '*' }],
    [{ Resource: { 'Fn::ImportValue': 'x' } }],
  ])('fails on what it does not know: %j', (more) => {
    expect(() => evaluate([allow(more as Partial<Statement>)], request())).toThrow(/cannot/);
  });
});

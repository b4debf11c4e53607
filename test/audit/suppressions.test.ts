import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holds, matches, parseSuppressions } from '../../src/audit/suppressions.ts';
import { InputError } from '../../src/model/errors.ts';
import { auditOf, fn, NOW } from './builders.ts';

const entry = {
  rule: 'tracing-off',
  resource: 'worker',
  reason: 'traced by a vendor agent',
  expires: '2026-12-31',
};

function parse(change: object) {
  return parseSuppressions(JSON.stringify({ suppressions: [{ ...entry, ...change }] }), 'accepted.json');
}

describe('parseSuppressions', () => {
  it('reads entries as they are', () => {
    expect(parse({})).toEqual([entry]);
  });

  it.each([
    ['no reason', { reason: undefined }, /suppressions\.0\.reason/],
    ['a reason of two letters', { reason: 'ok' }, /reason: say why/],
    ['a reason of blanks', { reason: ' '.repeat(30) }, /reason: say why/],
    ['no expiry', { expires: undefined }, /suppressions\.0\.expires/],
    ['an expiry that is no date', { expires: 'next year' }, /expires/],
    ['a field it does not know', { until: '2027-01-01' }, /until/],
  ])('refuses %s', (_, change, message) => {
    expect(() => parse(change)).toThrow(InputError);
    expect(() => parse(change)).toThrow(message);
  });

  it('refuses what is not JSON, naming the file', () => {
    expect(() => parseSuppressions('suppressions:', 'accepted.yaml')).toThrow(/accepted\.yaml: not JSON/);
  });
});

describe('matches', () => {
  it.each([
    ['worker', 'worker', true],
    ['worker', 'worker-2', false],
    ['*', 'anything -> at all', true],
    ['orders*', 'orders -> worker', true],
    ['*worker', 'orders -> worker', true],
    ['*-> w*r', 'orders -> worker', true],
    ['a*a', 'a', false],
    ['w.rker', 'worker', false],
  ])('%s against %s: %s', (resource, name, expected) => {
    expect(matches({ ...entry, resource }, { rule: 'tracing-off', resource: name })).toBe(expected);
  });

  it('never matches another rule', () => {
    expect(matches({ ...entry, resource: '*' }, { rule: 'tracing', resource: 'worker' })).toBe(false);
  });

  it('matches any text by itself, and by a star around any part of it', () => {
    const plain = fc.string({ maxLength: 40 }).filter((text) => !text.includes('*'));
    fc.assert(
      fc.property(plain, plain, plain, (before, middle, after) => {
        const resource = before + middle + after;
        expect(matches({ ...entry, resource }, { rule: entry.rule, resource })).toBe(true);
        expect(matches({ ...entry, resource: `*${middle}*` }, { rule: entry.rule, resource })).toBe(true);
        expect(matches({ ...entry, resource: `${before}*${after}` }, { rule: entry.rule, resource })).toBe(
          true,
        );
      }),
    );
  });
});

describe('a suppression in an audit', () => {
  const untraced = { functions: [fn({ tracing: 'PassThrough' })] };

  it('takes the finding out of the report and the score, and keeps it in sight', () => {
    const report = auditOf(untraced, [entry]);
    expect(report.findings).toEqual([]);
    expect(report.score).toBe(100);
    expect(report.suppressed).toMatchObject([{ finding: { rule: 'tracing-off' }, suppression: entry }]);
  });

  it('ends on its date: the finding is back, and the report says why', () => {
    const expired = { ...entry, expires: '2026-11-23' };
    const report = auditOf(untraced, [expired]);
    expect(report.findings).toHaveLength(1);
    expect(report.expired).toEqual([expired]);
  });

  it('holds through its last day', () => {
    expect(holds({ ...entry, expires: '2026-11-24' }, NOW)).toBe(true);
    expect(holds({ ...entry, expires: '2026-11-23' }, NOW)).toBe(false);
  });

  it('that matches nothing is named', () => {
    expect(auditOf({}, [entry]).unused).toEqual([entry]);
  });
});

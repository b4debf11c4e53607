import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AUDIT_SEVERITIES } from '../../src/audit/rule.ts';
import { scoreOf } from '../../src/audit/score.ts';

const findings = fc.array(fc.record({ severity: fc.constantFrom(...AUDIT_SEVERITIES) }), { maxLength: 50 });
const passed = fc.integer({ min: 0, max: 1000 });

describe('scoreOf', () => {
  it('is 100 exactly when something was answered and nothing was found', () => {
    fc.assert(
      fc.property(passed, findings, (count, list) => {
        const score = scoreOf({ passed: count, findings: list });
        if (count === 0 && list.length === 0) expect(score).toBeNull();
        else expect(score === 100).toBe(list.length === 0);
      }),
    );
  });

  it('falls with each finding, the more the more severe', () => {
    const withOne = (severity: (typeof AUDIT_SEVERITIES)[number]) =>
      scoreOf({ passed: 100, findings: [{ severity }] }) ?? Number.NaN;
    expect(withOne('high')).toBeLessThan(withOne('medium'));
    expect(withOne('medium')).toBeLessThan(withOne('low'));
    expect(withOne('low')).toBeLessThan(100);
  });

  it('is never outside 0..100, and never rises with a further finding', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        findings,
        fc.constantFrom(...AUDIT_SEVERITIES),
        (count, list, severity) => {
          const before = scoreOf({ passed: count, findings: list }) ?? Number.NaN;
          const after = scoreOf({ passed: count, findings: [...list, { severity }] }) ?? Number.NaN;
          expect(before).toBeGreaterThanOrEqual(0);
          expect(after).toBeLessThanOrEqual(before);
        },
      ),
    );
  });
});

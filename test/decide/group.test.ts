import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupByCause } from '../../src/decide/group.ts';
import { byCause, CAUSE_FIRST } from '../../src/decide/precedence.ts';
import { DETECTOR_IDS } from '../../src/model/finding.ts';
import { finding } from './build.ts';

describe('precedence', () => {
  it('ranks every detector exactly once', () => {
    expect([...CAUSE_FIRST].sort()).toEqual([...DETECTOR_IDS].sort());
  });

  it('puts a retry loop before the errors, throttles and dead letters that it causes', () => {
    const consequences = [
      'error-storm',
      'throttle-storm',
      'dead-letter-flood',
      'concurrency-runaway',
    ] as const;
    for (const id of consequences) expect(byCause('retry-loop', id)).toBeLessThan(0);
  });
});

describe('groupByCause', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const findings = fc.array(
    fc.record({
      detector: fc.constantFrom(...DETECTOR_IDS),
      functions: fc.uniqueArray(name, { maxLength: 2 }),
      queues: fc.uniqueArray(name, { maxLength: 2 }),
      nats: fc.integer({ min: 5, max: 40 }),
    }),
    { maxLength: 8 },
  );
  const shape = (list: readonly Partial<ReturnType<typeof finding>>[]) =>
    groupByCause(list.map((one) => finding(one)))
      .map(({ primary, others }) => ({
        primary: [primary.detector, primary.functions, primary.queues, primary.nats],
        others: others.length,
      }))
      .map((group) => JSON.stringify(group))
      .sort();

  it('does not depend on the order of the findings', () => {
    fc.assert(
      fc.property(findings, fc.nat(), (list, seed) => {
        const shuffled = list
          .map((one, i) => ({ one, key: Math.imul(i + 1, seed | 1) % 97 }))
          .sort((a, b) => a.key - b.key)
          .map(({ one }) => one);
        expect(shape(shuffled)).toEqual(shape(list));
      }),
    );
  });

  it('keeps every finding, and never puts strangers together', () => {
    fc.assert(
      fc.property(findings, (list) => {
        const groups = groupByCause(list.map((one) => finding(one)));
        expect(groups.reduce((count, { others }) => count + 1 + others.length, 0)).toBe(list.length);
        for (const [i, a] of groups.entries()) {
          for (const b of groups.slice(i + 1)) {
            const names = (group: typeof a) =>
              [group.primary, ...group.others].flatMap(({ functions }) => functions);
            expect(names(a).filter((one) => names(b).includes(one))).toEqual([]);
          }
        }
      }),
    );
  });
});

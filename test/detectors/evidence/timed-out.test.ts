import { expect, it } from 'vitest';
import { hasTimedOut, timedOutShare } from '../../../detectors/evidence/timed-out.ts';
import { lambdaFunction } from '../../decide/build.ts';

const fn = lambdaFunction({ timeoutSeconds: 60 });

it.each([
  [60_000, true],
  [59_000, true],
  [50_000, false],
  [Number.NaN, false],
  [undefined, false],
])('a longest run of %s ms of 60 s: %s', (longestMs, expected) => {
  expect(hasTimedOut(fn, longestMs)).toBe(expected);
});

it('gives what the failed runs took, of all', () => {
  expect(timedOutShare(fn, 1, 120_000)).toBe(0.5);
  expect(timedOutShare(fn, 3, 120_000)).toBe(1);
});

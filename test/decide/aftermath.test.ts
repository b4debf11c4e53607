import { describe, expect, it } from 'vitest';
import { isAftermath } from '../../src/decide/aftermath.ts';
import { decide } from '../../src/decide/tick.ts';
import type { DetectorId } from '../../src/model/finding.ts';
import type { Incident } from '../../src/model/incident.ts';
import { MINUTE_MS } from '../../src/model/time.ts';
import { finding, input, later, NOW, only } from './build.ts';

/** A retry loop that people were told of and that is over since `minutes`. */
function resolved(minutes: number): { readonly incidents: readonly Incident[]; readonly at: number } {
  const opened = decide(input(), [finding()]);
  const at = 12 + minutes;
  return { incidents: decide(later(12, opened.incidents), []).incidents, at };
}

const backlog = (detector: DetectorId, now: number) =>
  finding({
    detector,
    onsetAt: now - 5 * MINUTE_MS,
    lastEvidenceAt: now,
    persistenceMinutes: 60,
    mayBeBacklog: true,
  });

describe('what an incident leaves behind', () => {
  it.each<DetectorId>(['traffic-amplification', 'concurrency-runaway', 'cost-anomaly'])(
    'a backlog that is worked off shows as %s: not a return, not news',
    (detector) => {
      const { incidents, at } = resolved(20);
      const next = later(at, incidents);
      const result = decide(next, [backlog(detector, next.now)]);
      expect(only(result.incidents)).toMatchObject({ state: 'resolved', reopened: 0 });
      expect(result.alerts).toEqual([]);
      expect(result.decisions).toContainEqual(
        expect.objectContaining({ outcome: 'inhibit', reason: 'inhibited-by-cause' }),
      );
    },
  );

  it('goes on where as much goes on arriving, whatever the loop has become', () => {
    const opened = decide(input(), [finding()]);
    const next = later(30, opened.incidents);
    const surge = { ...backlog('traffic-amplification', next.now), mayBeBacklog: false };
    expect(only(decide(next, [surge]).incidents)).toMatchObject({ state: 'critical', reopened: 0 });
  });

  it('keeps the waste of the loop as it was when only its backlog is left', () => {
    const opened = decide(input(), [finding()]);
    const next = later(3, opened.incidents);
    const { incidents } = decide(next, [backlog('traffic-amplification', next.now)]);
    expect(only(incidents).burn.wastedUsd).toBe(only(opened.incidents).burn.wastedUsd);
  });

  it('the loop itself, back again, re-opens', () => {
    const { incidents, at } = resolved(20);
    const next = later(at, incidents);
    expect(only(decide(next, [backlog('retry-loop', next.now)]).alerts).transition).toBe('reopened');
  });

  it.each([
    ['began during it', NOW - 5 * MINUTE_MS, true],
    ['began after it: the mending made it slow', NOW + 30 * MINUTE_MS, false],
  ])('slow invocations that %s', (_, onsetAt, expected) => {
    const incident = only(resolved(0).incidents);
    expect(isAftermath(finding({ detector: 'duration-regression', onsetAt }), incident)).toBe(expected);
  });

  it('says nothing about an incident of which nobody was told, or of its own kind', () => {
    const pending = only(decide(input(), [finding({ nats: 8 })]).incidents);
    const surge = finding({ detector: 'traffic-amplification' });
    expect(isAftermath(surge, pending)).toBe(false);
    const told = only(decide(input(), [finding({ detector: 'concurrency-runaway' })]).incidents);
    expect(isAftermath(surge, told)).toBe(false);
  });
});

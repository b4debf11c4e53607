import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TickInput } from '../../src/decide/contract.ts';
import { groupByCause } from '../../src/decide/group.ts';
import { isShared, joinShared } from '../../src/decide/shared-cause.ts';
import { decide } from '../../src/decide/tick.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Incident } from '../../src/model/incident.ts';
import { MINUTE_MS } from '../../src/model/time.ts';
import { finding, input, lambdaFunction, later, NOW, only, window } from './build.ts';

const NAMES = ['api', 'billing', 'cart', 'delivery', 'export'] as const;

function failing(name: string, overrides: Partial<Finding> = {}): Finding {
  return finding({ detector: 'error-storm', functions: [name], queues: [], ...overrides });
}

function fleet(): TickInput {
  const functions = NAMES.map((name) => lambdaFunction({ name, eventSources: [] }));
  return input({ window: window({ functions }) });
}

function joined(findings: readonly Finding[], openIncidents: readonly Incident[] = []) {
  return joinShared(groupByCause(findings), { openIncidents, window: fleet().window });
}

describe('a dependency that many functions share', () => {
  it('three that begin to fail within minutes of each other are one cause that names them', () => {
    const causes = joined([
      failing('api'),
      failing('billing', { onsetAt: NOW - 10 * MINUTE_MS }),
      failing('cart', { onsetAt: NOW - 14 * MINUTE_MS }),
    ]);
    const { primary } = only(causes);
    expect([...primary.functions].sort()).toEqual(['api', 'billing', 'cart']);
    expect(primary.onsetAt).toBe(NOW - 14 * MINUTE_MS);
    expect(primary.evidence[0]?.text).toContain('3 functions are in trouble');
  });

  it.each([
    ['two may be chance', [failing('api'), failing('billing')]],
    [
      'they began hours apart',
      NAMES.map((name, i) => failing(name, { onsetAt: NOW - (20 + 30 * i) * MINUTE_MS })),
    ],
    ['the evidence is thin', NAMES.map((name) => failing(name, { nats: 8 }))],
    [
      'it is not a kind of trouble that a dependency makes',
      NAMES.map((name) => failing(name, { detector: 'traffic-amplification' })),
    ],
  ])('stays one cause each where %s', (_, findings) => {
    const causes = joined(findings);
    expect(causes).toHaveLength(findings.length);
    expect(causes.some(({ primary }) => isShared(primary))).toBe(false);
  });

  it('takes in those whose evidence is still thin', () => {
    const causes = joined([
      ...NAMES.slice(0, 4).map((name) => failing(name)),
      failing('export', { nats: 8 }),
    ]);
    expect(only(causes).primary.functions).toHaveLength(5);
  });

  it('names some, and counts the rest', () => {
    const many = Array.from({ length: 200 }, (_, i) => failing(`fn-${String(i).padStart(3, '0')}`));
    const [line] = only(joined(many)).primary.evidence;
    expect(line?.text).toContain('200 functions are in trouble');
    expect(line?.text).toContain('and 192 more');
    expect((line?.text ?? '').length).toBeLessThan(250);
  });

  it('does not depend on the order of the findings, and loses none', () => {
    const one = fc.record({
      functions: fc.tuple(fc.constantFrom(...NAMES)),
      onset: fc.integer({ min: 1, max: 40 }),
      nats: fc.constantFrom(8, 20, 40),
      detector: fc.constantFrom('error-storm', 'retry-loop', 'throttle-storm', 'duration-regression'),
    });
    const toFinding = (drawn: typeof one extends fc.Arbitrary<infer T> ? T : never) =>
      failing(drawn.functions[0], { ...drawn, onsetAt: NOW - drawn.onset * MINUTE_MS });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 10 }), fc.nat(), (drawn, seed) => {
        const shuffled = drawn
          .map((value, i) => ({ value, key: Math.imul(i + 1, seed | 1) % 97 }))
          .sort((a, b) => a.key - b.key)
          .map(({ value }) => value);
        const shape = (list: typeof drawn) =>
          joined(list.map(toFinding)).map(({ primary }) => [
            primary.detector,
            primary.functions,
            primary.nats,
          ]);
        expect(shape(shuffled)).toEqual(shape(drawn));
        const named = new Set(joined(drawn.map(toFinding)).flatMap(({ primary }) => primary.functions));
        for (const { functions } of drawn) expect(named).toContain(functions[0]);
      }),
    );
  });
});

describe('the incident of a shared cause', () => {
  const all = NAMES.map((name) => failing(name));

  it('is told once, and priced with every function of it', () => {
    const { alerts, incidents } = decide(fleet(), all);
    const { incident } = only(alerts);
    expect(incident.id).toContain('-fleet-');
    expect(incidents).toHaveLength(1);
    const alone = only(decide(fleet(), [failing('api')]).alerts).incident;
    expect(incident.burn.wastedUsdPerHour).toBeCloseTo(5 * alone.burn.wastedUsdPerHour, 6);
    expect(incident.recommendation.lever).toBe('none');
  });

  it('prices each function by its own share of waste', () => {
    const none = new Float64Array(180);
    const some = decide(fleet(), [...all.slice(0, 2), failing('cart', { wastedShare: none })]);
    const alone = only(decide(fleet(), [failing('api')]).alerts).incident;
    expect(only(some.alerts).incident.burn.wastedUsd).toBeCloseTo(2 * alone.burn.wastedUsd, 6);
  });

  it('mutes those who were told of alone, and frees each once the cause has ended', () => {
    const first = decide(fleet(), [failing('api')]);
    const alone = only(first.incidents);
    const during = decide(later(1, first.incidents, fleet()), all);
    expect(only(during.alerts).incident.id).toContain('-fleet-');
    expect(during.decisions).toContainEqual(
      expect.objectContaining({ incidentId: alone.id, outcome: 'inhibit', reason: 'inhibited-by-cause' }),
    );
    // All is quiet again: both are over, each with its own word.
    const after = decide(later(40, during.incidents, fleet()), []);
    expect(after.alerts.map(({ transition }) => transition)).toEqual(['resolved', 'resolved']);
    // What begins then is the function's own again.
    const onsetAt = NOW + 90 * MINUTE_MS;
    const next = decide(later(100, after.incidents, fleet()), [
      failing('api', { onsetAt, lastEvidenceAt: onsetAt + 9 * MINUTE_MS }),
    ]);
    expect(only(next.alerts)).toMatchObject({ transition: 'reopened', incident: { id: alone.id } });
  });

  it('lasts while any of its functions has the same trouble, and takes in who notices late', () => {
    const first = decide(fleet(), all);
    const lateOnset = NOW - 4 * MINUTE_MS;
    const next = decide(later(6, first.incidents, fleet()), [
      failing('rare', { onsetAt: lateOnset, lastEvidenceAt: NOW + 5 * MINUTE_MS }),
    ]);
    const incident = only(next.incidents);
    expect(incident.id).toBe(only(first.incidents).id);
    expect(incident.functions).toContain('rare');
    expect(next.alerts).toEqual([]);
  });

  it('frees a member whose new trouble begins much later', () => {
    const first = decide(fleet(), all);
    const onsetAt = NOW + 100 * MINUTE_MS;
    const at = later(110, first.incidents, fleet());
    const still = failing('billing', { lastEvidenceAt: at.now - MINUTE_MS });
    const own = failing('api', { onsetAt, lastEvidenceAt: at.now - MINUTE_MS });
    const next = decide(at, [still, own]);
    const { incident } = only(next.alerts);
    expect(incident.functions).toEqual(['api']);
    expect(incident.id).not.toContain('-fleet-');
  });

  it('every mute ends with its cause, whatever was muted', () => {
    fc.assert(
      fc.property(fc.subarray([...NAMES], { minLength: 1 }), (told) => {
        const before = decide(
          fleet(),
          told.slice(0, 2).map((name) => failing(name)),
        );
        const during = decide(later(1, before.incidents, fleet()), all);
        const after = decide(later(60, during.incidents, fleet()), []);
        expect(after.incidents.every(({ state }) => state === 'resolved')).toBe(true);
      }),
    );
  });
});

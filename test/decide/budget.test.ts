import { describe, expect, it } from 'vitest';
import { groupByCause } from '../../src/decide/group.ts';
import { decide } from '../../src/decide/tick.ts';
import type { BudgetBurn, Finding } from '../../src/model/finding.ts';
import type { Incident } from '../../src/model/incident.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/model/time.ts';
import { finding, input, lambdaFunction, later, NOW, only, window } from './build.ts';

const fleet = ['big', 'small', 'tiny'].map((name) => lambdaFunction({ name, eventSources: [] }));

function budget(burn: Partial<BudgetBurn> = {}, changes: Partial<Finding> = {}): Finding {
  return finding({
    detector: 'budget-burn-rate',
    functions: ['big', 'small', 'tiny'],
    queues: [],
    wastedShare: null,
    blipMinutes: 0,
    budget: { name: 'the account', isOfMany: true, pace: 3, goneAt: NOW + 9 * DAY_MS, ...burn },
    ...changes,
  });
}
const loopOf = (name: string) => finding({ functions: [name], queues: [] });

describe('budgets among the causes', () => {
  it('do not unite the troubles of their functions', () => {
    const causes = groupByCause([budget(), loopOf('small'), loopOf('tiny')]);
    expect(
      causes.map(({ primary, others }) => [primary.detector, primary.functions[0], others.length]),
    ).toEqual([
      ['retry-loop', 'small', 0],
      ['retry-loop', 'tiny', 0],
      ['budget-burn-rate', 'big', 0],
    ]);
  });

  it('are explained by what their largest spender does wrong, and bring no other function into it', () => {
    const { primary, others } = only(groupByCause([loopOf('big'), budget()]));
    expect(primary.detector).toBe('retry-loop');
    expect(only(others)).toMatchObject({ detector: 'budget-burn-rate', functions: ['big'] });
  });

  it('are not explained by what is only suspected', () => {
    expect(groupByCause([{ ...loopOf('big'), nats: 5 }, budget()])).toHaveLength(2);
  });
});

describe('an incident of a budget', () => {
  const base = input({ window: window({ functions: fleet }) });

  it('names no function where it is about many, and is a warning', () => {
    const { incidents, alerts, actions } = decide(base, [budget()]);
    expect(only(incidents)).toMatchObject({
      detector: 'budget-burn-rate',
      functionName: null,
      budget: 'the account',
      severity: 'warning',
      recommendation: { lever: 'none', command: 'firebreak forecast' },
    });
    expect(only(incidents).id).toMatch(/^budget-burn-rate-the-account-/);
    expect(only(alerts).transition).toBe('opened');
    expect(actions).toEqual([]);
  });

  it('names the function of a budget that is about one', () => {
    const one = budget({ name: 'big', isOfMany: false }, { functions: ['big'] });
    expect(only(decide(base, [one]).incidents).functionName).toBe('big');
  });

  it('stays one incident, whichever functions spend the most', () => {
    const first = decide(base, [budget()]).incidents;
    const { incidents, alerts } = decide(later(10, first, base), [
      budget({}, { functions: ['tiny'], lastEvidenceAt: NOW + 9 * MINUTE_MS }),
    ]);
    expect(only(incidents).id).toBe(only(first).id);
    expect(alerts).toEqual([]);
  });

  it('is apart from the loop of one of its functions, which keeps its own name', () => {
    const open = decide(base, [budget()]).incidents;
    const { incidents } = decide(later(1, open, base), [budget(), loopOf('small')]);
    expect(incidents.map(({ detector, functionName }) => [detector, functionName]).sort()).toEqual([
      ['budget-burn-rate', null],
      ['retry-loop', 'small'],
    ]);
  });

  it('does not silence the surge of one of its functions', () => {
    const first = decide(base, [budget()]).incidents;
    const surge = finding({
      detector: 'traffic-amplification',
      functions: ['small'],
      queues: [],
      persistenceMinutes: 60,
    });
    const { incidents } = decide(later(1, first, base), [budget({}, { lastEvidenceAt: NOW }), surge]);
    expect(incidents.map(({ detector }) => detector).sort()).toEqual([
      'budget-burn-rate',
      'traffic-amplification',
    ]);
  });

  it('says nothing more while the loop of its largest spender explains it', () => {
    const open = decide(base, [budget()]).incidents;
    const { incidents, alerts } = decide(later(1, open, base), [budget(), loopOf('big')]);
    const loop = incidents.find(({ detector }) => detector === 'retry-loop');
    expect(loop).toMatchObject({ functionName: 'big', functions: ['big'] });
    expect(loop?.budget).toBeUndefined();
    expect(alerts.map(({ incident }) => incident.detector)).toEqual(['retry-loop']);
  });

  it('does not keep the incident of a function open that is quiet again', () => {
    const loops = decide(base, [loopOf('small')]).incidents;
    const hour = later(60, loops, base);
    const { alerts } = decide(hour, [budget({}, { lastEvidenceAt: hour.now - MINUTE_MS })]);
    expect(alerts.map(({ transition, incident }) => `${transition} ${incident.detector}`).sort()).toEqual([
      'opened budget-burn-rate',
      'resolved retry-loop',
    ]);
  });

  it('is over when a day has passed without', () => {
    const open = decide(base, [budget()]).incidents;
    const states = [12, 25].map((hours) => only(decide(later(hours * 60, open, base), []).incidents).state);
    expect(states).toEqual(['open', 'resolved']);
  });

  it.each([
    ['gone within a day, fast, and real money', { pace: 8, goneAt: NOW + 20 * HOUR_MS }, 9e9, 'critical'],
    ['gone already, fast, and real money', { pace: 8, goneAt: null }, 9e9, 'critical'],
    ['gone within a day, but little money', { pace: 8, goneAt: NOW + 20 * HOUR_MS }, 60_000, 'warning'],
    ['gone within a day at the end of a month', { pace: 1.2, goneAt: NOW + 20 * HOUR_MS }, 9e9, 'warning'],
    ['fast, but it lasts for days', { pace: 8, goneAt: NOW + 3 * DAY_MS }, 9e9, 'warning'],
  ] as const)('%s: %s', (_, burn, busyMs, severity) => {
    const spending = input({ window: window({ functions: fleet, busyMs }) });
    const incident: Incident = only(decide(spending, [budget(burn)]).incidents);
    expect(incident.severity).toBe(severity);
  });
});

describe('what an estimate says of itself', () => {
  it('quotes how far estimates were from the bill, and does not apply it', () => {
    const calibration = {
      usageType: 'all',
      billedUsd: 100,
      computedUsd: 97,
      quantityRatio: null,
      days: 7,
      untilAt: NOW - DAY_MS,
      isEstimated: false,
    };
    const plain = only(decide(input(), [finding()]).incidents).burn;
    const base = input();
    const told = only(
      decide({ ...base, baselines: { ...base.baselines, calibration } }, [finding()]).incidents,
    ).burn;
    expect(told.assumptions[0]).toMatch(/^Lambda estimates were 3 % under the bill of the 7 d to 2026-10-/);
    expect({ ...told, assumptions: [] }).toEqual({ ...plain, assumptions: [] });
  });
});

import { describe, expect, it } from 'vitest';
import { alertJson, incidentJson } from '../../src/model/incident-json.ts';
import { alertOf, burnOf, incidentOf, storyOfANight } from '../respond/alert/build.ts';

describe('an incident as JSON', () => {
  it('has every field of the backtest document, instants in ISO 8601', () => {
    expect(incidentJson(storyOfANight().critical.incident)).toMatchObject({
      id: 'retry-loop-orders-worker-20261101-0412',
      detector: 'retry-loop',
      function: 'orders-worker',
      queue: 'orders',
      functions: ['orders-worker'],
      severity: 'critical',
      onsetAt: '2026-11-01T04:12:00Z',
      openedAt: '2026-11-01T04:15:00Z',
      criticalAt: '2026-11-01T04:17:00Z',
      resolvedAt: null,
      burn: { usdPerHour: 64, wastedUsd: 5.11, projectedUsd: 5885, endsBy: '2026-11-05T04:12:00Z' },
      recommendation: { lever: 'disable-event-source', command: 'firebreak kill orders-worker' },
    });
  });

  it('says null for what has not happened, never ends or does not concern a function', () => {
    const incident = incidentOf({ functionName: null, openedAt: null, burn: burnOf({ endsAt: null }) });
    expect(incidentJson(incident)).toMatchObject({ function: null, openedAt: null, burn: { endsBy: null } });
  });

  it.each([
    [14.2, { receivesPerDelete: 14.2, nothingDeleted: false }],
    [Number.POSITIVE_INFINITY, { receivesPerDelete: null, nothingDeleted: true }],
    [null, { receivesPerDelete: null, nothingDeleted: false }],
  ])('tells no delete at all from cannot say: %s', (receivesPerDelete, expected) => {
    const incident = incidentOf({ amplification: { receivesPerDelete, invocationsPerUnit: null } });
    expect(incidentJson(incident).amplification).toMatchObject(expected);
  });

  it('rounds dollars to a millionth, and has no figure that is not finite', () => {
    const burn = burnOf({
      usdPerHour: 0.1 + 0.2,
      wastedUsd: Number.NaN,
      projectedUsd: Number.POSITIVE_INFINITY,
    });
    expect(incidentJson(incidentOf({ burn })).burn).toMatchObject({
      usdPerHour: 0.3,
      wastedUsd: null,
      projectedUsd: null,
    });
  });

  it('survives the way through JSON unchanged', () => {
    const json = alertJson(
      alertOf({ incident: incidentOf({ loss: { lost: 3, lostPerHour: 1.5, expiresAt: 0 } }) }),
    );
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
    expect(json.incident.loss).toEqual({ lost: 3, lostPerHour: 1.5, expiresAt: '1970-01-01T00:00:00Z' });
  });
});

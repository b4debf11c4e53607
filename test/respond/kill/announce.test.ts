import { describe, expect, it } from 'vitest';
import { announce, killAlert } from '../../../src/respond/kill/announce.ts';
import { memoryStore } from '../../../src/store/memory-store.ts';
import { AT, incidentOf, killOf } from '../../store/samples.ts';

const incident = incidentOf();
const killed = killOf({ state: 'killed', killedAt: AT, incidentId: incident.id });
const restored = { ...killed, state: 'restored' as const, restoredAt: AT + 60_000 };

describe('who was told of the incident is told of the kill', () => {
  it.each([
    ['killed', killed, `${incident.id}#killed#${AT / 1000}`],
    ['restored', restored, `${incident.id}#restored#${AT / 1000 + 60}`],
  ])('%s', async (transition, record, key) => {
    const store = memoryStore();
    await store.putIncident(incident);
    await announce(record, store);
    expect(await store.outbox()).toMatchObject([
      {
        key,
        transition,
        reason: 'kill-switch-used',
        incident,
        account: killed.account,
        region: killed.region,
      },
    ]);
  });

  it('with the lever that was pulled, whichever was advised', () => {
    const alert = killAlert({ ...killed, lever: 'reserved-concurrency-zero' }, incident);
    expect(incident.recommendation.lever).toBe('disable-event-source');
    expect(alert?.incident.recommendation.lever).toBe('reserved-concurrency-zero');
  });

  it.each([
    ['belongs to no incident', { ...killed, incidentId: null }],
    ['belongs to one that is not known', { ...killed, incidentId: 'other' }],
  ])('not where the record %s', async (_, record) => {
    const store = memoryStore();
    await store.putIncident(incident);
    expect(await announce(record, store)).toBeNull();
    expect(await store.outbox()).toEqual([]);
  });

  it.each(['recorded', 'restoring'] as const)('not while it is half done: %s', (state) => {
    expect(killAlert({ ...killed, state }, incident)).toBeNull();
  });
});

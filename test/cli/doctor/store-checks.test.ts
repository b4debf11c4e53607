import { describe, expect, it } from 'vitest';
import type { Check } from '../../../src/cli/doctor/check.ts';
import { storeChecks } from '../../../src/cli/doctor/store-checks.ts';
import { UnavailableError } from '../../../src/model/errors.ts';
import type { KillRecord } from '../../../src/model/kill.ts';
import { memoryStore } from '../../../src/store/memory-store.ts';
import type { TickNote } from '../../../src/store/store.ts';
import { alertOf, killOf } from '../../store/samples.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The checks of a deployed stack's table with this in it. */
async function checksOf(content: {
  readonly tick?: Partial<TickNote>;
  readonly baselinesAgeMs?: number;
  readonly functionCount?: number | null;
  readonly alertAgeMs?: number;
  readonly kill?: KillRecord['state'];
}): Promise<readonly Check[]> {
  const store = memoryStore();
  if (content.tick !== undefined) {
    await store.putTick({ at: NOW - MINUTE, functions: 3, queues: 2, gaps: [], ...content.tick });
  }
  if (content.baselinesAgeMs !== undefined) {
    const builtAt = NOW - content.baselinesAgeMs;
    await store.putBaselines({ builtAt, functions: new Map(), queues: new Map() });
  }
  if (content.alertAgeMs !== undefined) await store.enqueueAlert(alertOf({ at: NOW - content.alertAgeMs }));
  if (content.kill !== undefined) {
    const recordedAt = NOW - HOUR;
    await store.createKill(killOf({ recordedAt }));
    if (content.kill !== 'recorded') {
      await store.updateKill(killOf({ recordedAt, revision: 2, state: content.kill }));
    }
  }
  const { functionCount = 3 } = content;
  return storeChecks({ store, place: 'table firebreak', isDeployed: true, functionCount, now: NOW });
}

describe('the deployed monitor', () => {
  it.each([
    [
      'looks',
      { tick: {}, baselinesAgeMs: HOUR },
      ['tick ok', 'gaps ok', 'inventory ok', 'baselines ok', 'outbox ok'],
    ],
    ['has never looked', {}, ['tick failure']],
    ['has stopped looking', { tick: { at: NOW - 6 * MINUTE } }, ['tick failure']],
    [
      'cannot read something',
      { tick: { gaps: [{ resource: 'orders', operation: 'GetQueueAttributes', reason: 'access denied' }] } },
      ['tick ok', 'gaps warning', 'inventory ok', 'baselines warning', 'outbox ok'],
    ],
    [
      'knows other functions than there are',
      { tick: { functions: 2 }, baselinesAgeMs: 0 },
      ['tick ok', 'gaps ok', 'inventory warning', 'baselines ok', 'outbox ok'],
    ],
    [
      'what there is could not be listed',
      { tick: {}, baselinesAgeMs: 0, functionCount: null },
      ['tick ok', 'gaps ok', 'baselines ok', 'outbox ok'],
    ],
    [
      'has not learnt for three hours',
      { tick: {}, baselinesAgeMs: 3 * HOUR },
      ['tick ok', 'gaps ok', 'inventory ok', 'baselines warning', 'outbox ok'],
    ],
    [
      'could not deliver an alert for an hour',
      { tick: {}, baselinesAgeMs: 0, alertAgeMs: HOUR },
      ['tick ok', 'gaps ok', 'inventory ok', 'baselines ok', 'outbox failure'],
    ],
    [
      'is about to deliver one',
      { tick: {}, baselinesAgeMs: 0, alertAgeMs: MINUTE },
      ['tick ok', 'gaps ok', 'inventory ok', 'baselines ok', 'outbox ok'],
    ],
    [
      'began to stop a function, and was cut short',
      { tick: {}, baselinesAgeMs: 0, kill: 'recorded' as const },
      ['tick ok', 'gaps ok', 'inventory ok', 'baselines ok', 'outbox ok', 'half-done warning'],
    ],
    ['has done so and looks no more', { kill: 'recorded' as const }, ['tick failure', 'half-done warning']],
    [
      'has stopped one, as it should',
      { tick: {}, baselinesAgeMs: 0, kill: 'killed' as const },
      ['tick ok', 'gaps ok', 'inventory ok', 'baselines ok', 'outbox ok'],
    ],
  ])('%s', async (_, content, expected) => {
    const checks = await checksOf(content);
    expect(checks.map(({ id, state }) => `${id} ${state}`)).toEqual(expected);
    for (const { state, fix } of checks) expect(fix === null).toBe(state === 'ok');
  });

  it('a table that cannot be read', async () => {
    const store = {
      ...memoryStore(),
      lastTick: () => Promise.reject(new UnavailableError('store: table firebreak: access denied')),
    };
    const checks = await storeChecks({
      store,
      place: 'table firebreak',
      isDeployed: true,
      functionCount: 1,
      now: NOW,
    });
    expect(checks).toMatchObject([
      { id: 'store', state: 'failure', found: expect.stringContaining('denied') },
    ]);
  });
});

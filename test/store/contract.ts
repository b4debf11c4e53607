import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { AT, alertOf, anyBaselines, anyBill, anyIncident, incidentOf, killOf } from './samples.ts';

/** One set of stored data, and as many stores on it as there are processes. */
export interface Place {
  /** Another store on the same data, as another process would open it. */
  open(): Store;
  close(): Promise<void>;
}

export interface ContractOptions {
  readonly name: string;
  make(): Promise<Place>;
  /** Random cases of each property: an adapter that goes over a wire gets fewer. */
  readonly runs: number;
}

const MINUTE = 60_000;
const KEY = alertOf().key;

/** What every store promises, whatever it is made of. */
export function storeContract({ name, make, runs }: ContractOptions): void {
  describe(`${name}: store contract`, () => {
    let place: Place;
    let store: Store;
    beforeEach(async () => {
      place = await make();
      store = place.open();
    });
    afterEach(() => place.close());

    describe('incidents', () => {
      it('gives back what was put, in every store on the same data', async () => {
        expect(await store.putIncident(incidentOf())).toBe(true);
        expect(await place.open().incident(incidentOf().id)).toEqual(incidentOf());
        expect(await place.open().incidents({ resolvedSince: AT })).toEqual([incidentOf()]);
      });

      it('keeps an onset that was estimated within a minute, fractions of a millisecond and all', async () => {
        const incident = incidentOf({ onsetAt: AT + 1_234.567 });
        await store.putIncident(incident);
        expect(await place.open().incident(incident.id)).toEqual(incident);
      });

      it('has no incident that was never put', async () => {
        expect(await store.incident('retry-loop-x-20261101-0000')).toBeNull();
        expect(await store.incidents({ resolvedSince: 0 })).toEqual([]);
      });

      it('keeps every figure, infinities and NaN included', async () => {
        await fc.assert(
          fc.asyncProperty(anyIncident, async (incident) => {
            const fresh = await make();
            try {
              await fresh.open().putIncident(incident);
              expect(await fresh.open().incident(incident.id)).toEqual(incident);
            } finally {
              await fresh.close();
            }
          }),
          { numRuns: runs },
        );
      });

      it('drops an older evaluation and says so', async () => {
        const newer = incidentOf({ evaluatedAt: AT + 10 * MINUTE, severity: 'critical' });
        const older = incidentOf({ evaluatedAt: AT + 9 * MINUTE, severity: 'warning' });
        await store.putIncident(newer);
        expect(await place.open().putIncident(older)).toBe(false);
        expect(await store.incident(newer.id)).toEqual(newer);
      });

      it('takes the same evaluation again', async () => {
        await store.putIncident(incidentOf());
        expect(await store.putIncident(incidentOf())).toBe(true);
        expect(await store.incidents({ resolvedSince: 0 })).toEqual([incidentOf()]);
      });

      it('ends at the newest evaluation, whatever order concurrent ticks write in', async () => {
        const times = [5, 1, 9, 3, 7, 2, 8];
        await Promise.all(
          times.map((minute) => place.open().putIncident(incidentOf({ evaluatedAt: AT + minute * MINUTE }))),
        );
        expect((await store.incident(incidentOf().id))?.evaluatedAt).toBe(AT + 9 * MINUTE);
        expect(await store.incidents({ resolvedSince: 0 })).toHaveLength(1);
      });

      it('forgets an incident, but not a newer evaluation of it', async () => {
        const incident = incidentOf();
        await store.putIncident({ ...incident, evaluatedAt: AT + 1 });
        expect(await place.open().forgetIncident({ ...incident, evaluatedAt: AT })).toBe(false);
        expect(await store.incident(incident.id)).not.toBeNull();
        expect(await place.open().forgetIncident({ ...incident, evaluatedAt: AT + 2 })).toBe(true);
        expect(await store.incident(incident.id)).toBeNull();
        expect(await store.incidents({ resolvedSince: 0 })).toEqual([]);
        expect(await store.forgetIncident(incident)).toBe(true);
        expect(await store.putIncident(incident)).toBe(true);
        expect(await store.incident(incident.id)).toEqual(incident);
      });

      it('lists what is not resolved, and what was resolved since', async () => {
        await store.putIncident(incidentOf({ id: 'pending', state: 'pending' }));
        await store.putIncident(incidentOf({ id: 'open', state: 'open' }));
        await store.putIncident(incidentOf({ id: 'lately', state: 'resolved', resolvedAt: AT }));
        await store.putIncident(incidentOf({ id: 'long-ago', state: 'resolved', resolvedAt: AT - 1 }));
        const ids = (await store.incidents({ resolvedSince: AT })).map(({ id }) => id);
        expect([...ids].sort()).toEqual(['lately', 'open', 'pending']);
      });

      it('keeps apart names that differ in case only, and names that are no file names', async () => {
        const ids = [
          'Orders',
          'orders',
          '../orders',
          'a/b',
          'a\\b',
          '.',
          '..',
          'ordérs',
          '__proto__',
          'x'.repeat(200),
        ];
        for (const id of ids) await store.putIncident(incidentOf({ id }));
        const found = (await place.open().incidents({ resolvedSince: 0 })).map(({ id }) => id);
        expect([...found].sort()).toEqual([...ids].sort());
      });
    });

    describe('alerts and deliveries', () => {
      const claim = (channel = 'slack', now = AT, until = AT + MINUTE) => ({ key: KEY, channel, now, until });

      it('keeps an alert in the outbox until it is taken out', async () => {
        await store.enqueueAlert(alertOf());
        await store.enqueueAlert(alertOf());
        expect(await place.open().outbox()).toEqual([alertOf()]);
        await store.dequeueAlert(KEY);
        await store.dequeueAlert(KEY);
        expect(await place.open().outbox()).toEqual([]);
      });

      it('gives the outbox oldest first', async () => {
        await store.enqueueAlert(alertOf({ key: 'a#late', at: AT + 2 }));
        await store.enqueueAlert(alertOf({ key: 'z#early', at: AT + 1 }));
        expect((await store.outbox()).map(({ key }) => key)).toEqual(['z#early', 'a#late']);
      });

      it('gives a claim to one caller, and to each channel apart', async () => {
        expect(await store.claimDelivery(claim('slack'))).toBe('claimed');
        expect(await place.open().claimDelivery(claim('slack'))).toBe('busy');
        expect(await store.claimDelivery(claim('slack'))).toBe('busy');
        expect(await store.claimDelivery(claim('sns'))).toBe('claimed');
      });

      it('gives a claim to exactly one of many at once, fresh and after it expired', async () => {
        for (const now of [AT, AT + MINUTE, AT + 2 * MINUTE]) {
          const answers = await Promise.all(
            Array.from({ length: 8 }, () => place.open().claimDelivery(claim('slack', now, now + MINUTE))),
          );
          expect([...answers].sort()).toEqual([...Array(7).fill('busy'), 'claimed']);
        }
      });

      it('gives the claim to the next caller once it is released', async () => {
        await store.claimDelivery(claim());
        await store.releaseDelivery({ key: KEY, channel: 'slack' });
        expect(await place.open().claimDelivery(claim())).toBe('claimed');
        expect(await store.claimDelivery(claim())).toBe('busy');
      });

      it('does not let a late release take the claim of the next holder', async () => {
        const next = place.open();
        await store.claimDelivery(claim('slack', AT, AT + MINUTE));
        expect(await next.claimDelivery(claim('slack', AT + MINUTE, AT + 5 * MINUTE))).toBe('claimed');
        await store.releaseDelivery({ key: KEY, channel: 'slack' });
        expect(await place.open().claimDelivery(claim('slack', AT + 2 * MINUTE, AT + 3 * MINUTE))).toBe(
          'busy',
        );
      });

      it('says "delivered" ever after, released, dequeued or enqueued again', async () => {
        await store.enqueueAlert(alertOf());
        await store.claimDelivery(claim());
        await store.markDelivered({ key: KEY, channel: 'slack', deliveredAt: AT + 1 });
        expect(await place.open().claimDelivery(claim('slack', AT + 9 * MINUTE, AT + 10 * MINUTE))).toBe(
          'delivered',
        );
        await store.releaseDelivery({ key: KEY, channel: 'slack' });
        await store.dequeueAlert(KEY);
        await store.enqueueAlert(alertOf());
        expect(await place.open().claimDelivery(claim())).toBe('delivered');
        expect(await store.claimDelivery(claim('sns'))).toBe('claimed');
      });

      it('goes on after hundreds of failed attempts', async () => {
        for (let attempt = 0; attempt < 120; attempt++) {
          const now = AT + attempt * MINUTE;
          expect(await store.claimDelivery(claim('slack', now, now + MINUTE))).toBe('claimed');
          expect(await store.claimDelivery(claim('slack', now, now + MINUTE))).toBe('busy');
        }
      });
    });

    describe('kill records', () => {
      it('keeps a record through its life, and the function is free again once it is restored', async () => {
        expect(await store.openKill('orders-worker')).toBeNull();
        expect(await store.createKill(killOf())).toBe(true);
        expect(await place.open().openKill('orders-worker')).toEqual(killOf());
        const killed = killOf({ revision: 2, state: 'killed', killedAt: AT });
        expect(await place.open().updateKill(killed)).toBe(true);
        expect(await store.openKill('orders-worker')).toEqual(killed);
        expect(await store.updateKill({ ...killed, revision: 3, state: 'restored', restoredAt: AT })).toBe(
          true,
        );
        expect(await place.open().openKill('orders-worker')).toBeNull();
        expect(await place.open().createKill(killOf({ id: 'second', recordedAt: AT + 60 * MINUTE }))).toBe(
          true,
        );
        expect((await store.kills()).map(({ id, state }) => [id, state])).toEqual([
          [killOf().id, 'restored'],
          ['second', 'recorded'],
        ]);
      });

      it('keeps the functions apart', async () => {
        await store.createKill(killOf());
        expect(await store.createKill(killOf({ functionName: 'Orders-Worker', id: 'other' }))).toBe(true);
        expect((await store.openKill('Orders-Worker'))?.id).toBe('other');
        expect(await store.openKill('orders')).toBeNull();
      });

      it('refuses a second open record and keeps the first', async () => {
        await store.createKill(killOf());
        expect(await place.open().createKill(killOf({ id: 'second' }))).toBe(false);
        expect(await store.openKill('orders-worker')).toEqual(killOf());
      });

      it('creates exactly one record of many at once', async () => {
        const answers = await Promise.all(
          Array.from({ length: 8 }, (_, index) => place.open().createKill(killOf({ id: `kill-${index}` }))),
        );
        expect(answers.filter(Boolean)).toHaveLength(1);
        expect((await store.openKill('orders-worker'))?.id).toBe(`kill-${answers.indexOf(true)}`);
        expect(await store.kills()).toHaveLength(1);
      });

      it('makes exactly one of many changes to the same revision', async () => {
        await store.createKill(killOf());
        const answers = await Promise.all(
          Array.from({ length: 8 }, (_, index) =>
            place.open().updateKill(killOf({ revision: 2, state: 'killed', reason: `${index}` })),
          ),
        );
        expect(answers.filter(Boolean)).toHaveLength(1);
        expect((await store.openKill('orders-worker'))?.reason).toBe(`${answers.indexOf(true)}`);
      });

      it.each([
        ['of an older revision', { revision: 2 }],
        ['that skips a revision', { revision: 4 }],
        ['of another record', { revision: 3, id: 'another' }],
        ['of a function that has none', { revision: 3, functionName: 'billing' }],
      ])('refuses a change %s', async (_, changes) => {
        await store.createKill(killOf());
        await store.updateKill(killOf({ revision: 2, state: 'killed' }));
        expect(await store.updateKill(killOf({ state: 'restoring', ...changes }))).toBe(false);
        expect(await store.openKill('orders-worker')).toEqual(killOf({ revision: 2, state: 'killed' }));
      });

      it('refuses to change a restored record', async () => {
        await store.createKill(killOf());
        await store.updateKill(killOf({ revision: 2, state: 'restored', restoredAt: AT }));
        expect(await store.updateKill(killOf({ revision: 3, state: 'killed' }))).toBe(false);
        expect((await store.kills()).map(({ state }) => state)).toEqual(['restored']);
      });

      it('keeps "no reservation" and a reservation of 0 apart', async () => {
        for (const [index, prior] of [null, 0, 1, 250].entries()) {
          const record = killOf({
            functionName: `f${index}`,
            steps: [{ kind: 'reserved-concurrency-zero', priorReservedConcurrency: prior }],
          });
          await store.createKill(record);
          expect((await place.open().openKill(`f${index}`))?.steps).toEqual(record.steps);
        }
      });
    });

    describe('baselines', () => {
      it('has none before the first', async () => expect(await store.baselines()).toBeNull());

      it('gives back the newest put, every figure of it', async () => {
        await fc.assert(
          fc.asyncProperty(anyBaselines, async (baselines) => {
            await store.putBaselines(baselines);
            expect(await place.open().baselines()).toEqual(baselines);
          }),
          { numRuns: runs },
        );
      });

      it('gives one of two that were put at once, not a mixture', async () => {
        const [first, second] = fc.sample(anyBaselines, { numRuns: 2, seed: 7 });
        if (first === undefined || second === undefined) throw new Error('no sample');
        await Promise.all([place.open().putBaselines(first), place.open().putBaselines(second)]);
        expect([first, second]).toContainEqual(await store.baselines());
      });
    });

    describe('the note of the bill', () => {
      it('has none before the first', async () => expect(await store.bill()).toBeNull());

      it('gives back the newest put, every figure of it', async () => {
        await fc.assert(
          fc.asyncProperty(anyBill, async (note) => {
            await store.putBill(note);
            expect(await place.open().bill()).toEqual(note);
          }),
          { numRuns: runs },
        );
      });
    });

    describe('notebooks', () => {
      it('has none before the first', async () => expect(await store.notebook('reading')).toBeNull());

      it.each([
        ['nothing', ''],
        ['lines', 'first\nsecond\n'],
        ['more than one item holds', 'äöü 0123456789'.repeat(60_000)],
      ])('gives back the text that was put: %s', async (_, text) => {
        await store.putNotebook('reading', { at: AT, text });
        expect(await place.open().notebook('reading')).toBe(text);
        expect(await place.open().notebook('spend-tick')).toBeNull();
      });

      it('keeps the newest, whatever order they come in', async () => {
        await store.putNotebook('spend-tick', { at: AT, text: 'older' });
        await place.open().putNotebook('spend-tick', { at: AT + MINUTE, text: 'newest' });
        await store.putNotebook('spend-tick', { at: AT - MINUTE, text: 'oldest' });
        expect(await place.open().notebook('spend-tick')).toBe('newest');
      });
    });

    describe('the note of the last tick', () => {
      const note = (at: number) => ({
        at,
        functions: 3,
        queues: 2,
        gaps: [{ resource: 'orders', operation: 'GetQueueAttributes', reason: 'AccessDenied' }],
      });

      it('has none before the first', async () => expect(await store.lastTick()).toBeNull());

      it('keeps the newest, whatever order they come in', async () => {
        await store.putTick(note(AT));
        await place.open().putTick(note(AT + MINUTE));
        await store.putTick(note(AT - MINUTE));
        expect(await place.open().lastTick()).toEqual(note(AT + MINUTE));
      });
    });
  });
}

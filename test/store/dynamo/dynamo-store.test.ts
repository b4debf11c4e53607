import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FunctionBaseline } from '../../../src/model/baseline.ts';
import { dynamoStore } from '../../../src/store/dynamo/dynamo-store.ts';
import { storeContract } from '../contract.ts';
import { AT, alertOf, incidentOf, killOf } from '../samples.ts';
import { type FakeDynamo, fakeDynamo } from './fake-dynamo.ts';

const DAY_SECONDS = 86_400;

storeContract({
  name: 'DynamoDB',
  runs: 4,
  make: async () => {
    const fake = await fakeDynamo();
    return { open: () => dynamoStore('firebreak', fake.client()), close: () => fake.close() };
  },
});

describe('DynamoDB store', () => {
  let fake: FakeDynamo;
  beforeEach(async () => {
    fake = await fakeDynamo();
  });
  afterEach(() => fake.close());
  const open = (warn?: (message: string) => void) =>
    dynamoStore('firebreak', fake.client(), warn === undefined ? {} : { warn });

  it('lets what is over expire, and never what is open', async () => {
    const store = open();
    await store.putIncident(incidentOf({ id: 'open', state: 'open' }));
    await store.putIncident(incidentOf({ id: 'over', state: 'resolved', resolvedAt: AT }));
    await store.createKill(killOf());
    await store.createKill(killOf({ functionName: 'billing' }));
    await store.updateKill(
      killOf({ functionName: 'billing', revision: 2, state: 'restored', restoredAt: AT }),
    );
    await store.enqueueAlert(alertOf({ at: AT }));
    await store.markDelivered({ key: 'k', channel: 'slack', deliveredAt: AT });

    const expiryDays = Object.fromEntries(
      fake
        .items()
        .map((item) => [
          `${item['pk']?.S} ${item['sk']?.S}`,
          item['expiresAt'] === undefined ? null : (Number(item['expiresAt'].N) - AT / 1000) / DAY_SECONDS,
        ]),
    );
    expect(expiryDays).toEqual({
      'INCIDENT open': null,
      'INCIDENT over': 2,
      'INCIDENT#PAST over': 90,
      'KILL open#orders-worker': null,
      [`KILL restored#billing#${killOf().id}#${killOf().recordedAt}`]: 400,
      [`OUTBOX ${alertOf().key}`]: 14,
      'DELIVERY#k slack': 30,
    });
  });

  it('reads at each tick only what is open or was resolved lately, however long it has run', async () => {
    const store = dynamoStore('firebreak', fake.client(), { now: () => AT });
    const yesterday = AT - DAY_SECONDS * 1000;
    await store.putIncident(incidentOf({ id: 'open', state: 'open' }));
    await store.putIncident(incidentOf({ id: 'over', state: 'resolved', resolvedAt: yesterday - 1 }));
    fake.expire(yesterday + 3 * DAY_SECONDS * 1000);
    const queriesOf = async (resolvedSince: number) => {
      const before = fake.calls.get('Query') ?? 0;
      const ids = (await store.incidents({ resolvedSince })).map(({ id }) => id);
      return { ids: [...ids].sort(), queries: (fake.calls.get('Query') ?? 0) - before };
    };
    expect(await queriesOf(yesterday)).toEqual({ ids: ['open'], queries: 1 });
    expect(await queriesOf(0)).toEqual({ ids: ['open', 'over'], queries: 2 });
    expect((await store.incident('over'))?.state).toBe('resolved');
  });

  it('takes what came back for what it is, though it is among the past too', async () => {
    const store = open();
    await store.putIncident(incidentOf({ state: 'resolved', resolvedAt: AT }));
    await store.putIncident(
      incidentOf({ state: 'open', reopened: 1, evaluatedAt: incidentOf().evaluatedAt + 1 }),
    );
    expect(await store.incidents({ resolvedSince: 0 })).toMatchObject([{ state: 'open', reopened: 1 }]);
  });

  it('keeps baselines of 1,500 functions, in parts, and leaves no old parts behind', async () => {
    const functions = new Map(
      Array.from({ length: 1_500 }, (_, index) => [`function-${index}`, baselineOf(index)]),
    );
    const store = open();
    await store.putBaselines({ builtAt: AT, functions, queues: new Map() });
    const items = fake.items().length;
    expect(items).toBeGreaterThan(2);
    await store.putBaselines({ builtAt: AT + 1, functions, queues: new Map() });
    expect(fake.items()).toHaveLength(items);
    expect(await open().baselines()).toEqual({ builtAt: AT + 1, functions, queues: new Map() });
  });

  it('takes no damage from a lost answer: the call that is repeated meets itself', async () => {
    const store = open();
    fake.loseAnswers('PutItem', 1);
    expect(await store.createKill(killOf())).toBe(true);
    fake.loseAnswers('PutItem', 1);
    expect(await store.updateKill(killOf({ revision: 2, state: 'killed' }))).toBe(true);
    fake.loseAnswers('PutItem', 1);
    expect(await store.claimDelivery({ key: 'k', channel: 'slack', now: AT, until: AT + 1 })).toBe('claimed');
    expect(fake.calls.get('PutItem')).toBe(6);
  });

  it('says which table is missing', async () => {
    const store = dynamoStore('firebraek', fake.client());
    await expect(store.openKill('f')).rejects.toThrow(
      'store: DynamoDB GetItem on table firebraek failed: there is no such table in this account and region',
    );
  });

  it('passes over an item that a person spoilt, and says which', async () => {
    const warnings: string[] = [];
    const store = open((message) => warnings.push(message));
    await store.putIncident(incidentOf({ id: 'healthy' }));
    await store.putIncident({ ...incidentOf({ id: 'spoilt' }), reopened: 'twice' as unknown as number });
    expect((await store.incidents({ resolvedSince: 0 })).map(({ id }) => id)).toEqual(['healthy']);
    expect(warnings).toEqual([
      expect.stringMatching(/^item INCIDENT \/ spoilt of table firebreak is damaged/),
    ]);
    await expect(store.incident('spoilt')).rejects.toThrow('INCIDENT / spoilt');
  });
});

function baselineOf(seed: number): FunctionBaseline {
  const hours = Float64Array.from({ length: 24 }, (_, hour) => Math.sin(seed * 24 + hour) * 1000);
  return {
    activeHours: seed,
    hours: 336,
    isOfWeekend: false,
    invocationsPerHour: seed * 1.1,
    errorShare: 1 / (seed + 3),
    errorShareP95: 1 / (seed + 2),
    throttleShare: 0,
    durationMs: Number.NaN,
    durationP95Ms: 120.5,
    durationMaximumP95Ms: 900,
    concurrencyByHour: hours,
    invocationsByHour: hours,
    gbSecondsByHour: hours,
    invocationsMaximum: seed,
    gbSecondsMaximum: seed / 7,
    concurrencyMaximum: 12,
  };
}

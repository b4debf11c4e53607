import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Alert } from '../../../src/model/alert.ts';
import { MINUTE_MS } from '../../../src/model/time.ts';
import { deliver, type Outbox } from '../../../src/respond/alert/deliver.ts';
import type { Channel, SendResult } from '../../../src/respond/channel.ts';
import { memoryStore } from '../../../src/store/memory-store.ts';
import { alertOf, ONSET_AT } from './build.ts';

/** What happens at one await: before or after the operation took effect, an error or the death of the process. */
type Fault = 'none' | 'throw-before' | 'throw-after' | 'die-before' | 'die-after' | 'refuse';

const NEVER = new Promise<never>(() => undefined);

/** A world of one store, two channels, processes that may die at any await, and a clock. */
function worldOf(faults: readonly Fault[], permanentlyBroken: Channel['name'] | null) {
  const store = memoryStore();
  let step = 0;
  let isCalm = false;
  let now = ONSET_AT + 10 * MINUTE_MS;
  /** Accepted by a channel, per alert and channel. */
  const accepted = new Map<string, number>();
  /** Sends whose record the process could not make, or whose claim the store did not answer: duplicates they excuse. */
  const excuses = new Map<string, number>();
  const count = (map: Map<string, number>, id: string, by: number) => map.set(id, (map.get(id) ?? 0) + by);
  const nextFault = (): Fault => (isCalm ? 'none' : (faults[step++] ?? 'none'));

  function processOf() {
    let die = (): void => undefined;
    let isDead = false;
    const recorded = new Set<string>();
    const death = new Promise<'died'>((resolve) => {
      die = () => {
        isDead = true;
        resolve('died');
      };
    });
    async function guarded<Value>(run: () => Promise<Value>): Promise<Value> {
      const fault = nextFault();
      if (isDead) return NEVER;
      if (fault === 'die-before') die();
      if (isDead) return NEVER;
      if (fault === 'throw-before') throw new Error('injected');
      const value = await run();
      if (fault === 'die-after') die();
      if (isDead) return NEVER;
      if (fault === 'throw-after') throw new Error('injected');
      return value;
    }
    const outbox: Outbox = {
      enqueueAlert: (alert) => guarded(() => store.enqueueAlert(alert)),
      outbox: () => guarded(() => store.outbox()),
      claimDelivery: async (claim) => {
        const id = `${claim.key}@${claim.channel}`;
        try {
          return await guarded(() => store.claimDelivery(claim));
        } catch (error) {
          count(excuses, id, 1);
          throw error;
        }
      },
      releaseDelivery: (claim) => guarded(() => store.releaseDelivery(claim)),
      markDelivered: (delivery) =>
        guarded(async () => {
          await store.markDelivered(delivery);
          // Recorded, perhaps for the second time: the excuse that the send was given is taken back, once.
          const id = `${delivery.key}@${delivery.channel}`;
          if (!recorded.has(id)) count(excuses, id, -1);
          recorded.add(id);
        }),
      dequeueAlert: (key) => guarded(() => store.dequeueAlert(key)),
    };
    const channel = (name: Channel['name']): Channel => ({
      name,
      send: async ({ key }) => {
        if (name === permanentlyBroken) return { ok: false, retryable: false, failure: 'no_service' };
        const fault = nextFault();
        if (fault === 'die-before') die();
        if (isDead) return NEVER;
        if (fault === 'throw-before') throw new Error('injected');
        if (fault === 'refuse')
          return { ok: false, retryable: true, failure: 'http-500' } satisfies SendResult;
        await Promise.resolve();
        count(accepted, `${key}@${name}`, 1);
        count(excuses, `${key}@${name}`, 1);
        if (fault === 'die-after') die();
        return isDead ? NEVER : { ok: true };
      },
    });
    return { outbox, channels: [channel('slack'), channel('sns')], death };
  }

  return {
    store,
    accepted,
    excuses,
    calm: () => {
      isCalm = true;
    },
    tick: () => {
      now += MINUTE_MS;
    },
    /** One pass of one process; `null` where it died. */
    pass: async (alerts: readonly Alert[]) => {
      const { outbox, channels, death } = processOf();
      const report = await Promise.race([
        deliver(alerts, { store: outbox, channels, now: () => now }),
        death,
      ]);
      return report === 'died' ? null : report;
    },
  };
}

const fault = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Fault>('none') },
  {
    weight: 5,
    arbitrary: fc.constantFrom<Fault>('throw-before', 'throw-after', 'die-before', 'die-after', 'refuse'),
  },
);

const scenario = fc.record({
  faults: fc.array(fault, { minLength: 20, maxLength: 150 }),
  /** Alerts that each tick decides. */
  ticks: fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 5 }),
  /** Ticks that a second process runs too, at the same time. */
  isDoubled: fc.boolean(),
  broken: fc.constantFrom<Channel['name'] | null>(null, null, 'slack'),
});

it('whatever fails, and wherever a process dies: nothing is lost, and nothing is sent twice without cause', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ faults, ticks, isDoubled, broken }) => {
      const world = worldOf(faults, broken);
      const decided: Alert[] = [];
      // As the tick does: what could not be recorded is decided again.
      let undecided: readonly Alert[] = [];
      const pass = async (): Promise<void> => {
        world.tick();
        const alerts = undecided;
        const reports = await Promise.all([world.pass(alerts), ...(isDoubled ? [world.pass(alerts)] : [])]);
        const saved = reports
          .flatMap((report) => report?.outcomes ?? [])
          .filter(({ isRecorded }) => isRecorded);
        const keys = new Set(saved.map(({ alert }) => alert.key));
        undecided = undecided.filter(({ key }) => !keys.has(key));
      };
      for (const [tick, count] of ticks.entries()) {
        for (let nth = 0; nth < count; nth++) {
          const alert = alertOf({ key: `a${tick}-${nth}#opened`, at: ONSET_AT + tick * MINUTE_MS });
          decided.push(alert);
          undecided = [...undecided, alert];
        }
        await pass();
      }
      world.calm();
      // Long enough for a dead process's claims (2 min) to run out.
      for (let tick = 0; tick < 4; tick++) await pass();

      expect(await world.store.outbox()).toEqual([]);
      for (const { key } of decided) {
        for (const channel of ['slack', 'sns']) {
          const id = `${key}@${channel}`;
          const times = world.accepted.get(id) ?? 0;
          if (channel === broken) {
            expect(times).toBe(0);
          } else {
            expect(times, `${id} was sent`).toBeGreaterThanOrEqual(1);
            expect(times, `${id} was not sent twice without cause`).toBeLessThanOrEqual(
              1 + Math.max(0, world.excuses.get(id) ?? 0),
            );
          }
        }
      }
    }),
    { numRuns: 400 },
  );
});

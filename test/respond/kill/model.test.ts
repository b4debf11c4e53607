import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FirebreakError, RefusedError } from '../../../src/model/errors.ts';
import type { KillDeps } from '../../../src/respond/kill/deps.ts';
import { executeKill } from '../../../src/respond/kill/execute.ts';
import { executeRestore, type OnDrift } from '../../../src/respond/kill/restore.ts';
import { type MemoryData, memoryData, memoryStore } from '../../../src/store/memory-store.ts';
import { CAUSE, depsOf, FUNCTION, planOf, WHERE } from './builders.ts';
import { type FakeLambda, type FakeSettings, type Fault, fakeLambda } from './fake-lambda.ts';

/** What the people who own the function want: as it was at first, and as they changed it since. Never what a kill made of it. */
interface Model {
  wanted: FakeSettings;
}
interface Real {
  readonly lambda: FakeLambda;
  readonly data: MemoryData;
}
type Step = fc.AsyncCommand<Model, Real>;

const MAPPINGS = ['a', 'b', 'c'];

/** Runs a command that may be cut off by a fault; `cut`: it was, or was refused. */
async function attempt(
  { lambda, data }: Real,
  faults: readonly (Fault | null)[],
  command: (deps: KillDeps) => Promise<unknown>,
): Promise<'done' | 'refused' | 'cut'> {
  lambda.faults = [...faults];
  try {
    await command(depsOf(lambda, data));
    return 'done';
  } catch (error) {
    if (!(error instanceof FirebreakError)) throw error;
    return error instanceof RefusedError ? 'refused' : 'cut';
  } finally {
    lambda.faults = [];
  }
}

const kill = (hard: boolean, faults: readonly (Fault | null)[]): Step => ({
  toString: () => `kill${hard ? ' --hard' : ''} ${JSON.stringify(faults)}`,
  check: () => true,
  async run(_, real) {
    const settings = real.lambda.settings();
    const outcome = await attempt(real, faults, (deps) => executeKill(planOf(settings, hard), CAUSE, deps));
    if (outcome !== 'done') return;
    const stopped = real.lambda.settings();
    expect(Object.values(stopped.mappings)).not.toContain(true);
    if (hard) expect(stopped.reservedConcurrency).toBe(0);
    expect((await memoryStore(real.data).openKill(FUNCTION))?.state).toBe('killed');
  },
});

const restore = (onDrift: OnDrift, faults: readonly (Fault | null)[]): Step => ({
  toString: () => `restore ${onDrift} ${JSON.stringify(faults)}`,
  check: () => true,
  async run(model, real) {
    const before = real.lambda.settings();
    const hadRecord = (await memoryStore(real.data).openKill(FUNCTION)) !== null;
    const outcome = await attempt(real, faults, (deps) => executeRestore({ ...WHERE, onDrift }, deps));
    if (outcome === 'refused') expect(real.lambda.settings()).toEqual(before);
    if (outcome !== 'done' || !hadRecord) return;
    expect(await memoryStore(real.data).openKill(FUNCTION)).toBeNull();
    if (onDrift !== 'overwrite') expect(real.lambda.settings()).toEqual(model.wanted);
    // What was overwritten is what the person asked to have overwritten.
    else model.wanted = real.lambda.settings();
  },
});

/** Somebody deploys, or turns a knob in the console. To what a kill makes of it nobody can tell apart from the kill. */
const change = (id: string, enabled: boolean): Step => ({
  toString: () => `${id} set ${enabled ? 'enabled' : 'disabled'}`,
  check: () => true,
  async run(model, { lambda, data }) {
    if (!enabled && data.kills.some(({ state }) => state !== 'restored')) return;
    if (lambda.settings().mappings[id] === undefined) return;
    lambda.setMapping(id, enabled);
    model.wanted = { ...model.wanted, mappings: { ...model.wanted.mappings, [id]: enabled } };
  },
});

const reserve = (reservedConcurrency: number | null): Step => ({
  toString: () => `reserved concurrency set ${reservedConcurrency}`,
  check: () => true,
  async run(model, { lambda, data }) {
    if (reservedConcurrency === 0 && data.kills.some(({ state }) => state !== 'restored')) return;
    lambda.setReservedConcurrency(reservedConcurrency);
    model.wanted = { ...model.wanted, reservedConcurrency };
  },
});

const faults = fc.oneof(
  { weight: 2, arbitrary: fc.constant<(Fault | null)[]>([]) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.nat(12), fc.constantFrom<Fault>('before', 'after', 'busy'))
      .map(([at, fault]) => [...Array<null>(at).fill(null), fault]),
  },
);
const reservation = fc.constantFrom(null, 0, 1, 5, 250);
const steps = [
  fc.tuple(fc.boolean(), faults).map(([hard, failing]) => kill(hard, failing)),
  fc
    .tuple(fc.constantFrom<OnDrift>('refuse', 'keep', 'overwrite'), faults)
    // One that overwrites is not cut off here: how far it got would have to be modelled too.
    .map(([onDrift, failing]) => restore(onDrift, onDrift === 'overwrite' ? [] : failing)),
  fc.tuple(fc.constantFrom(...MAPPINGS), fc.boolean()).map(([id, enabled]) => change(id, enabled)),
  reservation.map(reserve),
];
const start: fc.Arbitrary<FakeSettings> = fc.record({
  mappings: fc.dictionary(fc.constantFrom(...MAPPINGS), fc.boolean(), { noNullPrototype: true }),
  reservedConcurrency: reservation,
});

it('kills, restores, crashes and deployments in any order: in the end the function is as its people want it', async () => {
  await fc.assert(
    fc.asyncProperty(start, fc.commands(steps, { maxCommands: 25 }), async (initial, commands) => {
      const real: Real = { lambda: fakeLambda(initial, { settleReads: 1 }), data: memoryData() };
      const model: Model = { wanted: initial };
      await fc.asyncModelRun(() => ({ model, real }), commands);
      await executeRestore({ ...WHERE, onDrift: 'keep' }, depsOf(real.lambda, real.data));
      expect(real.lambda.settings()).toEqual(model.wanted);
      expect(await memoryStore(real.data).openKill(FUNCTION)).toBeNull();
    }),
    { numRuns: 600 },
  );
});

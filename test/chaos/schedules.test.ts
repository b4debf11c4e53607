import { expect, it } from 'vitest';
import type { KillEvent } from '../../src/handlers/kill-event.ts';
import { FirebreakError } from '../../src/model/errors.ts';
import { HOUR_MS } from '../../src/model/time.ts';
import { executeRestore } from '../../src/respond/kill/restore.ts';
import { chance, createRng, integer, pick, type Rng } from '../../src/simulate/random.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import type { FakeSettings } from '../respond/kill/fake-lambda.ts';
import { ACCOUNT, FUNCTION, MAPPING } from './account.ts';
import { automaticKills, lost, mixedKeys, twice, watchOutbox } from './ledger.ts';
import type { Ended, Fate, Fault, Seam } from './seams.ts';
import { minute, type World, world } from './world.ts';

/** CHAOS_SEED runs one schedule again, CHAOS_SCHEDULES another number of them. */
const ONE = process.env['CHAOS_SEED'];
const SCHEDULES = ONE === undefined ? Number(process.env['CHAOS_SCHEDULES'] ?? 10_000) : 1;
const FIRST_SEED = Number(ONE ?? 1);

const JUMP_MS_MAX = 3 * HOUR_MS;
/** Minutes until the claim of a process that died is over, and one more. */
const CALM_MINUTES = 3;

it(`${SCHEDULES} schedules of faults: no alert is lost, no kill repeated, none that cannot be restored`, async () => {
  for (let seed = FIRST_SEED; seed < FIRST_SEED + SCHEDULES; seed++) {
    try {
      await play(seed);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`seed ${seed} (CHAOS_SEED=${seed} plays it again): ${why}`, { cause });
    }
  }
}, 240_000);

/** What the function's people want of its settings: as they were, and as deployments changed them since. */
interface Model {
  wanted: FakeSettings;
  restores: number;
  /** The clock went ahead: cool-downs may be over. */
  hasJumped: boolean;
}

async function play(seed: number): Promise<void> {
  const rng = createRng(seed);
  const made = world({
    loopMinutes: 4 + integer(rng, 0, 3),
    settleReads: integer(rng, 0, 2),
    kill: { canary: chance(rng, 0.3), cooldownMinutes: pick(rng, [0, 60]) },
  });
  const model: Model = { wanted: made.account.lambda.settings(), restores: 0, hasJumped: false };
  made.fate = fateOf(rng);
  const told = watchOutbox(made);
  let setBackMs = 0;
  for (let minutes = 2 + integer(rng, 0, 2); minutes > 0; minutes--) {
    const events = chance(rng, 0.3) ? [happening(rng, made, model)] : [];
    const ended = minute(made, { ticks: chance(rng, 0.2) ? 2 : 1, kills: chance(rng, 0.2) ? 2 : 1 });
    checkEnded(await ended);
    await Promise.all(events);
    if (!chance(rng, 0.1)) continue;
    const jumpMs = integer(rng, -JUMP_MS_MAX, JUMP_MS_MAX);
    made.jump(jumpMs);
    setBackMs += Math.max(0, -jumpMs);
    model.hasJumped ||= jumpMs > 0;
  }
  made.fate = () => null;
  made.revoked = null;
  made.config = { ...made.config, kill: { ...made.config.kill, mode: 'observe' } };
  made.account.isFixed = true;
  for (let calm = 0; calm < CALM_MINUTES; calm++) checkEnded(await minute(made));
  await checkRestorable(made, model);
  // What was being sent when a process died waits for as long as the clock was set back.
  made.jump(setBackMs);
  checkEnded(await minute(made));
  checkTold(made, told);
  checkKills(made, model);
}

function checkEnded(ended: readonly Ended<unknown>[]): void {
  for (const one of ended) {
    if (one.kind === 'threw' && !(one.error instanceof FirebreakError)) throw one.error;
  }
}

const FAULTS: readonly Fault[] = ['fails', 'answer-lost', 'busy', 'dies-before', 'dies-after'];

/** Every call may go wrong; those of AWS may also be busy. */
function fateOf(rng: Rng): Fate {
  const share = pick(rng, [0.02, 0.06, 0.15]);
  return (seam: Seam) => {
    if (!chance(rng, share)) return null;
    const fault = pick(rng, FAULTS);
    return fault === 'busy' && !seam.startsWith('port.') ? 'fails' : fault;
  };
}

/** What people do meanwhile, in the middle of it all. */
async function happening(rng: Rng, made: World, model: Model): Promise<void> {
  const { lambda } = made.account;
  switch (integer(rng, 0, 5)) {
    case 0:
      checkEnded([await made.kill(byHand(chance(rng, 0.5)))]);
      return;
    case 1:
    case 2: {
      const ended = await made.kill(restoreOf(chance(rng, 0.5)));
      checkEnded([ended]);
      model.restores += 1;
      return;
    }
    case 3:
      // A deployment resets what the template says.
      lambda.setMapping(MAPPING, true);
      return;
    case 4: {
      const limit = pick(rng, [null, 7, 30]);
      lambda.setLimit(MAPPING, limit);
      lambda.setMapping(MAPPING, true);
      model.wanted = {
        mappings: model.wanted.mappings,
        reservedConcurrency: model.wanted.reservedConcurrency,
        ...(limit === null ? {} : { limits: { [MAPPING]: limit } }),
      };
      return;
    }
    default:
      made.account.isFixed = true;
  }
}

const byHand = (hard: boolean): KillEvent => ({
  kind: 'kill',
  functionName: FUNCTION,
  requestedBy: 'jane',
  reason: 'by hand',
  incidentId: null,
  hard,
});
const restoreOf = (canary: boolean): KillEvent => ({
  kind: 'restore',
  functionName: FUNCTION,
  requestedBy: 'jane',
  onDrift: 'refuse',
  canary,
});

/** What is stopped comes back exactly; a setting that a deployment changed stays as that wanted it. */
async function checkRestorable(made: World, model: Model): Promise<void> {
  const { lambda } = made.account;
  const deps = {
    store: memoryStore(made.data),
    port: lambda.port,
    now: made.now,
    sleep: async () => undefined,
  };
  await executeRestore({ functionName: FUNCTION, ...ACCOUNT, onDrift: 'keep' }, deps);
  expect(await memoryStore(made.data).openKill(FUNCTION), 'a kill that cannot be restored').toBeNull();
  expect(lambda.settings(), 'restored to something else').toEqual(model.wanted);
}

function checkTold(made: World, told: ReadonlySet<string>): void {
  expect(lost(made, told), 'lost').toEqual([]);
  expect(
    twice(made).filter(({ isExcused }) => !isExcused),
    'sent twice without cause',
  ).toEqual([]);
  expect(mixedKeys(made), 'one key for two things').toEqual([]);
}

/** An automatic kill follows another only where that was restored in between, and the cool-down is over. */
function checkKills(made: World, { restores, hasJumped }: Model): void {
  const automatic = automaticKills(made);
  const isCoolingDown = made.config.kill.cooldownMinutes > 0 && !hasJumped;
  const most = isCoolingDown ? 1 : 1 + restores + canaries(automatic);
  expect(automatic.length, 'a kill was repeated').toBeLessThanOrEqual(most);
}

/** Canaries that passed put their function back by themselves. */
function canaries(kills: readonly { readonly canary?: object }[]): number {
  return kills.filter(({ canary }) => canary !== undefined).length;
}

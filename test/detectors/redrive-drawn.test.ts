import { expect, it } from 'vitest';
import { redrivePingPong } from '../../detectors/redrive-ping-pong.ts';
import {
  chance,
  createRng,
  integer,
  logBetween,
  pick,
  poisson,
  type Rng,
} from '../../src/simulate/random.ts';
import { NO_HISTORY, type Scene, told, windowOf } from './build.ts';

const MINUTES = 180;
const DRAWN = 1_000;

/** A dead-letter queue that somebody empties every so many minutes, and what becomes of the dead letters then. */
interface Emptied {
  readonly everyMinutes: number;
  /** Whether they are sent to the source again, where each fails again. */
  readonly isRedriven: boolean;
  /** Messages a minute at the source, and the share of them that cannot be processed. */
  readonly perMinute: number;
  readonly failingShare: number;
  /** Messages that wait in the dead-letter queue at the beginning. */
  readonly waiting: number;
}

/** Three hours of it, minute by minute. The depth is read at the beginning or at the end of a minute. */
function sceneOf(rng: Rng, emptied: Emptied): Scene {
  const { everyMinutes, isRedriven, perMinute, failingShare } = emptied;
  const visibilityTimeoutSeconds = pick(rng, [30, 60, 120]);
  const maxReceiveCount = pick(rng, [1, 3, 5]);
  const backAfter = Math.ceil((maxReceiveCount * visibilityTimeoutSeconds) / 60);
  const first = integer(rng, 0, everyMinutes - 1);
  const isReadFirst = chance(rng, 0.5);
  const rows = { sent: [0], received: [0], held: [0], visible: [0], deleted: [0] };
  const returns = new Map<number, number>();
  let waiting = emptied.waiting;
  let held = 0;
  for (let minute = 0; minute < MINUTES; minute++) {
    const isEmptied = minute % everyMinutes === first;
    const back = returns.get(minute) ?? 0;
    const gone = isEmptied ? waiting + back : 0;
    const fresh = poisson(rng, perMinute);
    const failing = Math.min(fresh, poisson(rng, fresh * failingShare)) + (isRedriven ? gone : 0);
    returns.set(minute + backAfter, failing);
    held += failing - back;
    rows.visible[minute] = isReadFirst || !isEmptied ? waiting + back : 0;
    rows.deleted[minute] = gone;
    rows.sent[minute] = fresh + (isRedriven ? gone : 0);
    rows.received[minute] = (rows.sent[minute] ?? 0) + failing * (maxReceiveCount - 1);
    rows.held[minute] = held;
    waiting = isEmptied ? 0 : waiting + back;
  }
  const { sent, received, held: notVisible, visible, deleted } = rows;
  return {
    queue: { visibilityTimeoutSeconds, redrive: { deadLetterQueue: 'orders-dlq', maxReceiveCount } },
    orders: {
      sent: sent.join(' '),
      received: received.join(' '),
      visible: `0x${MINUTES}`,
      notVisible: notVisible.join(' '),
    },
    deadLetter: { visible: visible.join(' '), notVisible: `0x${MINUTES}`, deleted: deleted.join(' ') },
  };
}

/** Of all windows that are drawn, those in which it is told. */
function toldOf(draw: (rng: Rng) => Emptied): number {
  const rng = createRng(20_261_126);
  return Array.from({ length: DRAWN }, () => windowOf(sceneOf(rng, draw(rng)))).filter(
    (window) => told(redrivePingPong.evaluate(window, NO_HISTORY)).length > 0,
  ).length;
}

it('an archive that empties the queue at whatever pace is not taken for a script', () => {
  const archives = toldOf((rng) => ({
    everyMinutes: Math.round(logBetween(rng, 3, 70)),
    isRedriven: false,
    perMinute: logBetween(rng, 0.2, 40),
    failingShare: logBetween(rng, 0.01, 1),
    waiting: integer(rng, 0, 300),
  }));
  expect(archives).toBe(0);
});

it('a script that moves them again and again is told', () => {
  const scripts = toldOf((rng) => ({
    everyMinutes: Math.round(logBetween(rng, 15, 70)),
    isRedriven: true,
    perMinute: logBetween(rng, 0.2, 40),
    failingShare: 0,
    waiting: integer(rng, 20, 300),
  }));
  expect(scripts).toBeGreaterThan(0.95 * DRAWN);
});

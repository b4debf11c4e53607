import type { DetectorId } from '../../model/finding.ts';
import type { Incident } from '../../model/incident.ts';
import { type Inventory, type LambdaFunction, queuesOf } from '../../model/inventory.ts';
import { type EpochMs, HOUR_MS, MINUTE_MS } from '../../model/time.ts';
import type { Pace } from '../../price/monitor-pace.ts';
import { type RiseKind, riseNats, riseTest } from '../../stats/shift.ts';
import type { DepthHistory } from './depth-history.ts';
import type { ReadingState, Suspect } from './reading-state.ts';
import { newestMinuteAt } from './window-span.ts';

/** Why a function is read at a tick; in full, but for a glance. */
export type Reason =
  | 'stopped'
  | 'incident'
  | 'never-read'
  | 'moved'
  | 'suspect'
  | 'deployed'
  | 'routine'
  | 'glance';

/** Evidence of a rise, in nats, that is worth a reading. It doubles with each time that it was in vain. */
const MOVED_NATS = { depth: 8, arrivals: 5 } as const;
/** Most that one reading gives of it: two that are plain enough decide, and one never does. */
const SHARE_PER_READING = 0.6;
/** Half as many messages again and one more, waiting or in flight. */
const DEPTH: RiseKind = { meanMin: 0.1, factor: 1.5, plus: 1 };
/** In a dead-letter queue hardly anything ever arrives, and what does is trouble: two within hours are enough. */
const ARRIVALS: RiseKind = { meanMin: 0.003, factor: 3, plus: 0.05 };
const DOUBLINGS_MAX = 5;
/** How long something that moved is looked at more often: longer than the slowest decision about failing work takes. */
const SUSPECT_MS = 8 * MINUTE_MS;
/** After so long without a sign, what was in vain before is forgotten. */
const FORGET_MS = 6 * HOUR_MS;
/** Readings this young may be the trouble itself: what is usual is told by older ones. */
const RECENT_MS = 15 * MINUTE_MS;
const USUAL_READINGS_MIN = 5;
/** Trouble begins with deployments. What has no queue whose depth would show it is read this often for this long. */
const DEPLOYED_MS = 30 * MINUTE_MS;
const DEPLOYED_MINUTES = 5;
/** What had an incident may have it again, which is what a slow loop looks like between two of its attempts. */
const AFTER_INCIDENT_MS = HOUR_MS;
/** Between two readings under suspicion once the first minutes of it are over. */
const LATER_MINUTES = 5;
/** A dead-letter queue may have one of its own; deeper chains than this are not followed. */
const CHAIN_MAX = 3;

export interface AttentionInput {
  readonly inventory: Inventory;
  readonly now: EpochMs;
  readonly incidents: readonly Incident[];
  /** Functions that the kill switch has stopped: their messages wait, and may expire. */
  readonly stopped: ReadonlySet<string>;
  readonly reading: ReadingState;
  readonly depths: DepthHistory;
  /** By function. */
  readonly paces: ReadonlyMap<string, Pace>;
  readonly isActive: (fn: LambdaFunction) => boolean;
}

export interface Attention {
  readonly read: ReadonlyMap<string, Reason>;
  readonly suspects: ReadonlyMap<string, Suspect>;
}

/** Which functions are read in full at this tick, and why. */
export function attend(input: AttentionInput): Attention {
  const { inventory, now, reading } = input;
  const troubled = troubledFunctions(inventory, input.incidents);
  const deadLetters = deadLetterQueuesOf(inventory);
  const read = new Map<string, Reason>();
  const suspects = new Map<string, Suspect>();
  for (const fn of inventory.functions) {
    const pace = input.paces.get(fn.name);
    const isStopped = input.stopped.has(fn.name);
    if (isStopped || troubled.has(fn.name) || pace === undefined) {
      read.set(fn.name, isStopped ? 'stopped' : 'incident');
      suspects.set(fn.name, { sinceAt: now, untilAt: now + AFTER_INCIDENT_MS, inVain: 0 });
      continue;
    }
    const known = reading.suspects.get(fn.name);
    const before = known !== undefined && now - known.untilAt < FORGET_MS ? known : undefined;
    const readAt = reading.readAt.get(fn.name);
    if (before !== undefined) suspects.set(fn.name, before);
    const isSuspect = before !== undefined && now < before.untilAt;
    if (readAt === undefined && input.isActive(fn)) {
      read.set(fn.name, 'never-read');
    } else if (readAt === undefined) {
      // Silent so far: its queue may fill all the same.
      if (hasMoved(fn, input, { before, readAt: now - RECENT_MS, deadLetters })) read.set(fn.name, 'moved');
    } else if (isSuspect) {
      const minutes = now - before.sinceAt < SUSPECT_MS ? pace.suspectMinutes : LATER_MINUTES;
      if (isDue(now, readAt, Math.max(minutes, pace.suspectMinutes))) read.set(fn.name, 'suspect');
    } else if (hasMoved(fn, input, { before, readAt, deadLetters })) {
      read.set(fn.name, 'moved');
      suspects.set(fn.name, suspectFrom(now, before));
    } else if (isFresh(fn, now) && isDue(now, readAt, DEPLOYED_MINUTES)) {
      read.set(fn.name, 'deployed');
    } else if (input.isActive(fn) && isDue(now, readAt, pace.readMinutes)) {
      read.set(fn.name, pace.isGlance ? 'glance' : 'routine');
    }
  }
  return { read, suspects };
}

/** A suspicion that begins now, after one that came to nothing. */
export function suspectFrom(now: EpochMs, before: Suspect | undefined): Suspect {
  return { sinceAt: now, untilAt: now + SUSPECT_MS, inVain: before === undefined ? 0 : before.inVain + 1 };
}

/**
 * Ticks come some seconds early or late: half a minute does not make a reading wait for the next tick. A tick that is repeated
 * within its minute reads what it read.
 */
function isDue(now: EpochMs, readAt: EpochMs, minutes: number): boolean {
  const sinceMs = now - readAt;
  return sinceMs < MINUTE_MS / 2 || sinceMs >= (minutes - 0.5) * MINUTE_MS;
}

/** Incidents that name whoever spends most, and say nothing of how it runs. */
const OF_MONEY: ReadonlySet<DetectorId> = new Set(['budget-burn-rate']);

/** Functions with an incident that is not over, or that read a queue which has one. */
export function troubledFunctions(inventory: Inventory, incidents: readonly Incident[]): ReadonlySet<string> {
  const open = incidents.filter(({ state, detector }) => state !== 'resolved' && !OF_MONEY.has(detector));
  const names = new Set(open.flatMap(({ functions }) => functions));
  const queues = new Set(open.flatMap((incident) => incident.queues));
  return new Set(
    inventory.functions.flatMap((fn) =>
      names.has(fn.name) || queuesOf(fn).some((queue) => queues.has(queue)) ? [fn.name] : [],
    ),
  );
}

function isFresh(fn: LambdaFunction, now: EpochMs): boolean {
  const { lastModifiedAt } = fn;
  return lastModifiedAt !== undefined && now - lastModifiedAt < DEPLOYED_MS && queuesOf(fn).length === 0;
}

/** Whether the depth of one of its queues, or the content of one of their dead-letter queues, has risen since it was read. */
function hasMoved(
  fn: LambdaFunction,
  { depths, now }: AttentionInput,
  known: {
    readonly before: Suspect | undefined;
    readonly readAt: EpochMs;
    readonly deadLetters: ReadonlyMap<string, readonly string[]>;
  },
): boolean {
  const { before } = known;
  const doubled = 2 ** Math.min(DOUBLINGS_MAX, before === undefined ? 0 : before.inVain + 1);
  const since = { readAt: known.readAt, now };
  const depth = MOVED_NATS.depth * doubled;
  const arrivals = MOVED_NATS.arrivals * doubled;
  return queuesOf(fn).some(
    (queue) =>
      depthNats(depths, queue, { ...since, needed: depth }) >= depth ||
      (known.deadLetters.get(queue) ?? []).some(
        (name) => arrivalNats(depths, name, { ...since, needed: arrivals }) >= arrivals,
      ),
  );
}

interface Since {
  readonly readAt: EpochMs;
  readonly now: EpochMs;
  /** Evidence that is looked for. */
  readonly needed: number;
}

function depthNats(depths: DepthHistory, queue: string, since: Since): number {
  const columns = depths.queues.get(queue);
  if (columns === undefined) return 0;
  return Math.max(
    nats(pointsOf(depths, columns.visible), since, DEPTH),
    nats(pointsOf(depths, columns.notVisible), since, DEPTH),
  );
}

/** Of a dead-letter queue: messages that came between two readings. */
function arrivalNats(depths: DepthHistory, queue: string, since: Since): number {
  const columns = depths.queues.get(queue);
  if (columns === undefined) return 0;
  const points = pointsOf(depths, columns.visible);
  const rises = points.slice(1).map(({ minute, value }, i) => {
    return { minute, value: Math.max(0, value - (points[i]?.value ?? 0)) };
  });
  return nats(rises, since, ARRIVALS);
}

interface Point {
  readonly minute: EpochMs;
  readonly value: number;
}

function pointsOf({ minutes }: DepthHistory, column: readonly (number | null)[]): Point[] {
  return column.flatMap((value, i) => (value === null ? [] : [{ minute: minutes[i] as number, value }]));
}

function nats(points: readonly Point[], { readAt, now, needed }: Since, kind: RiseKind): number {
  const seen = newestMinuteAt(readAt);
  const recent = newestMinuteAt(now) - RECENT_MS;
  const values = (isWanted: (minute: EpochMs) => boolean) =>
    points.flatMap(({ minute, value }) => (isWanted(minute) ? [value] : []));
  const newer = values((minute) => minute > seen);
  if (newer.length === 0) return 0;
  const older = values((minute) => minute <= recent);
  const test = riseTest(older.length < USUAL_READINGS_MIN ? [] : older, kind);
  return riseNats(newer, test, needed * SHARE_PER_READING);
}

/** Dead-letter queues behind each queue. */
export function deadLetterQueuesOf({ queues }: Inventory): ReadonlyMap<string, readonly string[]> {
  const next = new Map(
    queues.flatMap(({ name, redrive }) =>
      redrive === null ? [] : [[name, redrive.deadLetterQueue] as const],
    ),
  );
  const chains = new Map<string, string[]>();
  for (const { name } of queues) {
    const chain: string[] = [];
    let at = next.get(name);
    while (at !== undefined && chain.length < CHAIN_MAX && !chain.includes(at)) {
      chain.push(at);
      at = next.get(at);
    }
    chains.set(name, chain);
  }
  return chains;
}

/**
 * When a function that is read for the first time is taken to have been read, so that not all are due again at once: up to
 * one interval ago, by its name.
 */
export function staggered(name: string, now: EpochMs, readMinutes: number): EpochMs {
  return now - Math.floor(readMinutes * phaseOf(name)) * MINUTE_MS;
}

/** 0 to 1, the same for the same name, and spread evenly over names. */
export function phaseOf(name: string): number {
  let hash = 2_166_136_261;
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619);
  return (hash >>> 8) / 2 ** 24;
}

/** Newest depth of a queue that any tick has read; `null`: none has. */
export function latestDepth(depths: DepthHistory, name: string): number | null {
  const columns = depths.queues.get(name);
  if (columns === undefined) return null;
  for (let i = columns.visible.length - 1; i >= 0; i--) {
    const visible = columns.visible[i];
    if (visible !== null && visible !== undefined) return visible + (columns.notVisible[i] ?? 0);
  }
  return null;
}

import * as z from 'zod';
import { type EpochMs, MINUTE_MS } from '../../model/time.ts';
import { type QueueDepth, type QueueSeries, WINDOW_MINUTES } from '../../model/window.ts';
import type { Span } from './metric-request.ts';
import { newestMinuteAt } from './window-span.ts';

/** A map by function or queue name; in JSON its entries, since any name is allowed, `constructor` too. */
export function mapSchema<Value extends z.ZodType>(value: Value) {
  return z
    .array(z.tuple([z.string(), value]))
    .transform(
      (entries): ReadonlyMap<string, z.infer<Value>> => new Map(entries as [string, z.infer<Value>][]),
    );
}

const column = z.array(z.number().nonnegative().nullable());

export const depthHistorySchema = z
  .object({
    /** The minute that each tick was about, oldest first. */
    minutes: z.array(z.number()).max(WINDOW_MINUTES),
    /** By queue, a value per tick; `null`: not read at that tick. */
    queues: mapSchema(z.object({ visible: column, notVisible: column })),
  })
  .refine(
    ({ minutes, queues }) =>
      [...queues.values()].every(
        ({ visible, notVisible }) =>
          visible.length === minutes.length && notVisible.length === minutes.length,
      ),
    'every queue must have one value per tick',
  );

/**
 * Queue depths that earlier ticks read, for as many ticks as a window has minutes. In columns, because a quiet queue is
 * then a run of equal numbers that compresses to nothing.
 */
export type DepthHistory = Readonly<z.infer<typeof depthHistorySchema>>;

export const NO_DEPTHS: DepthHistory = { minutes: [], queues: new Map() };

/** The history with the readings of a tick at `now`. A tick that is repeated within its minute replaces itself. */
export function withDepths(
  history: DepthHistory,
  now: EpochMs,
  depths: ReadonlyMap<string, Pick<QueueDepth, 'visible' | 'notVisible'>>,
): DepthHistory {
  const minute = newestMinuteAt(now);
  const oldest = minute - (WINDOW_MINUTES - 1) * MINUTE_MS;
  const kept = [...history.minutes.keys()].filter((i) => {
    const at = history.minutes[i] as number;
    return at >= oldest && at < minute;
  });
  const names = new Set([...history.queues.keys(), ...depths.keys()]);
  const queues = new Map<string, { visible: (number | null)[]; notVisible: (number | null)[] }>();
  for (const name of names) {
    const before = history.queues.get(name);
    const newest = depths.get(name);
    const visible = [...kept.map((i) => before?.visible[i] ?? null), newest?.visible ?? null];
    const notVisible = [...kept.map((i) => before?.notVisible[i] ?? null), newest?.notVisible ?? null];
    if (visible.some((value) => value !== null)) queues.set(name, { visible, notVisible });
  }
  return { minutes: [...kept.map((i) => history.minutes[i] as number), minute], queues };
}

/** A queue's depths as series of the window; empty where no tick has read them. */
export function depthSeries(
  history: DepthHistory,
  name: string,
  span: Span,
): Pick<QueueSeries, 'attributeVisible' | 'attributeNotVisible'> {
  const columns = history.queues.get(name);
  if (columns === undefined) return {};
  const toSeries = (values: readonly (number | null)[]) => {
    const series = new Float64Array(span.points).fill(Number.NaN);
    history.minutes.forEach((minute, i) => {
      const index = Math.floor((minute - span.startAt) / span.periodMs);
      if (index >= 0 && index < span.points) series[index] = values[i] ?? Number.NaN;
    });
    return series;
  };
  return {
    attributeVisible: toSeries(columns.visible),
    attributeNotVisible: toSeries(columns.notVisible),
  };
}

/** Minutes since a tick read it last: 0 at a tick that is repeated within its minute; `null`: none has. */
export function minutesSinceRead(history: DepthHistory, name: string, now: EpochMs): number | null {
  const visible = history.queues.get(name)?.visible ?? [];
  const newest = visible.findLastIndex((value) => value !== null);
  if (newest < 0) return null;
  return Math.max(0, (newestMinuteAt(now) - (history.minutes[newest] as number)) / MINUTE_MS);
}

/** Whether the queue's depth was the same at every tick, over at least `ticksMin` ticks. */
export function isStill(history: DepthHistory, name: string, ticksMin: number): boolean {
  const columns = history.queues.get(name);
  if (columns === undefined) return false;
  const read = columns.visible.flatMap((visible, i) =>
    visible === null ? [] : [`${visible} ${columns.notVisible[i]}`],
  );
  return read.length >= ticksMin && read.every((depth) => depth === read[0]);
}

import { beforeAll, describe, expect, it } from 'vitest';
import type { Baselines } from '../../src/model/baseline.ts';
import { type EpochMs, MINUTE_MS } from '../../src/model/time.ts';
import { type Series, WINDOW_MINUTES, type Window } from '../../src/model/window.ts';
import type { Source } from '../../src/observe/source.ts';

/** A source with some data in it. */
export interface SourceUnderTest {
  readonly source: Source;
  /** First tick of the suite; it goes on from there minute by minute, and never back. */
  readonly firstTickAt: EpochMs;
  /** How long after a minute ends the source may show it. */
  readonly publishDelayMs: number;
}

const TICKS = 5;

/** What every source promises, whatever is behind it. */
export function sourceContract(name: string, make: () => Promise<SourceUnderTest>): void {
  describe(`${name} keeps the contract of a source`, () => {
    let ticked: readonly Ticked[] = [];
    let publishDelayMs = 0;

    beforeAll(async () => {
      const subject = await make();
      publishDelayMs = subject.publishDelayMs;
      ticked = await ticks(subject);
    });

    it('every series has one value a minute of the window, each a number of zero or more, or NaN', () => {
      for (const { window } of ticked) {
        expect(window.minutes).toBeLessThanOrEqual(WINDOW_MINUTES);
        for (const [where, series] of seriesOf(window)) {
          expect(series.length, where).toBe(window.minutes);
          const odd = [...series].filter((value) => !Number.isNaN(value) && !(value >= 0));
          expect(odd, where).toEqual([]);
        }
      }
    });

    it('has data to look at', () => {
      const last = ticked.at(-1);
      const values = [...seriesOf(last?.window as Window)].flatMap(([, series]) => [...series]);
      expect(values.some((value) => value > 0)).toBe(true);
    });

    it('shows no minute before it has ended and been published', () => {
      for (const { now, window } of ticked) {
        const endAt = window.startAt + window.minutes * MINUTE_MS;
        expect(window.startAt % MINUTE_MS).toBe(0);
        expect(endAt + publishDelayMs).toBeLessThanOrEqual(now);
        expect(endAt + publishDelayMs).toBeGreaterThan(now - MINUTE_MS);
      }
    });

    it('moves on by a minute a tick', () => {
      const ends = ticked.map(({ window }) => window.startAt + window.minutes * MINUTE_MS);
      for (let i = 1; i < ends.length; i++)
        expect((ends[i] as number) - (ends[i - 1] as number)).toBe(MINUTE_MS);
    });

    it('never takes back a datapoint', () => {
      const windows = ticked.map(({ window }) => copyOf(window));
      for (let i = 1; i < windows.length; i++) {
        const [before, after] = [windows[i - 1] as Copy, windows[i] as Copy];
        const shift = (after.startAt - before.startAt) / MINUTE_MS;
        for (const [where, series] of before.series) {
          const later = after.series.get(where);
          if (later === undefined) continue;
          const takenBack = [...series.keys()].filter(
            (minute) =>
              minute >= shift && !Number.isNaN(series[minute]) && Number.isNaN(later[minute - shift]),
          );
          expect(takenBack, where).toEqual([]);
        }
      }
    });

    it('ticking twice at one instant shows the same twice', async () => {
      const { source, firstTickAt } = await make();
      const once = copyOf(await source.window(firstTickAt));
      const twice = copyOf(await source.window(firstTickAt));
      expect(twice).toEqual(once);
    });

    it('has series, depths and move tasks only for what is in its inventory', () => {
      for (const { window } of ticked) {
        const functions = window.inventory.functions.map((fn) => fn.name);
        const queues = window.inventory.queues.map((queue) => queue.name);
        expect(functions).toEqual([...new Set(functions)]);
        expect(queues).toEqual([...new Set(queues)]);
        for (const fn of window.functions.keys()) expect(functions).toContain(fn);
        for (const queue of window.queues.keys()) expect(queues).toContain(queue);
        for (const queue of window.depths.keys()) expect(queues).toContain(queue);
        for (const { queue } of window.moveTasks) expect(queues).toContain(queue);
      }
    });

    it('names no queue that is neither in its inventory nor reported as a gap', () => {
      for (const { window } of ticked) {
        const known = new Set([
          ...window.inventory.queues.map((queue) => queue.name),
          ...window.gaps.map((gap) => gap.resource),
        ]);
        const named = [
          ...window.inventory.functions.flatMap((fn) =>
            fn.eventSources.filter(({ kind }) => kind === 'sqs').map(({ source }) => source),
          ),
          ...window.inventory.queues.flatMap(({ redrive }) => redrive?.deadLetterQueue ?? []),
        ];
        for (const queue of named) expect(known).toContain(queue);
      }
    });

    it('builds baselines of known names, with shares from 0 to 1 and a value for each hour of the day', async () => {
      const { source, firstTickAt } = await make();
      const { inventory } = await source.window(firstTickAt);
      const baselines: Baselines = await source.baselines(firstTickAt, []);
      expect(baselines.builtAt).toBe(firstTickAt);
      for (const [fn, baseline] of baselines.functions) {
        expect(inventory.functions.map(({ name }) => name)).toContain(fn);
        expect(baseline.activeHours).toBeLessThanOrEqual(baseline.hours);
        for (const share of [baseline.errorShare, baseline.errorShareP95, baseline.throttleShare]) {
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(1);
        }
        for (const hours of [
          baseline.concurrencyByHour,
          baseline.invocationsByHour,
          baseline.gbSecondsByHour,
        ]) {
          expect(hours).toHaveLength(24);
        }
      }
      for (const [queue, baseline] of baselines.queues) {
        expect(inventory.queues.map(({ name }) => name)).toContain(queue);
        expect(baseline.failedReceiveShare).toBeGreaterThanOrEqual(0);
        expect(baseline.failedReceiveShare).toBeLessThanOrEqual(1);
      }
    });
  });
}

interface Ticked {
  readonly now: EpochMs;
  readonly window: Window;
}

/** Windows of consecutive ticks. A source may reuse its arrays: what must last is copied by the test. */
async function ticks({ source, firstTickAt }: SourceUnderTest): Promise<readonly Ticked[]> {
  const ticked: Ticked[] = [];
  for (let i = 0; i < TICKS; i++) {
    const now = firstTickAt + i * MINUTE_MS;
    const window = await source.window(now);
    ticked.push({ now, window: { ...window, ...lastingSeries(window) } });
  }
  return ticked;
}

function lastingSeries(window: Window): Pick<Window, 'functions' | 'queues'> {
  return structuredClone({ functions: new Map(window.functions), queues: new Map(window.queues) });
}

function* seriesOf(window: Window): Generator<[string, Series]> {
  for (const [kind, named] of [
    ['function', window.functions],
    ['queue', window.queues],
  ] as const) {
    for (const [name, metrics] of named) {
      for (const [metric, series] of Object.entries(metrics)) {
        if (series !== undefined) yield [`${kind} ${name} ${metric}`, series as Series];
      }
    }
  }
}

interface Copy {
  readonly startAt: EpochMs;
  readonly series: ReadonlyMap<string, readonly number[]>;
  readonly rest: unknown;
}

function copyOf(window: Window): Copy {
  const { startAt, functions: _, queues: __, ...rest } = window;
  return {
    startAt,
    series: new Map([...seriesOf(window)].map(([where, series]) => [where, [...series]])),
    rest: structuredClone({ ...rest, depths: [...window.depths] }),
  };
}

import { describe, expect, it } from 'vitest';
import { type EpochMs, MINUTE_MS } from '../../src/model/time.ts';
import type { Series, Window } from '../../src/model/window.ts';
import { parseTrace } from '../../src/observe/trace/parse.ts';
import { traceSource } from '../../src/observe/trace/trace-source.ts';
import { families } from '../../src/simulate/families/registry.ts';
import type { Scenario } from '../../src/simulate/scenario.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import { createWorld, type LiveWorld } from '../../src/simulate/world.ts';
import { background, FLAT, oneWorker, START } from './build.ts';

const stuck = oneWorker({
  queue: { visibilityTimeoutSeconds: 60 },
  function: { timeoutSeconds: 30 },
  settings: {
    minutes: 240,
    producers: [
      { target: { kind: 'queue', queue: 'jobs' }, traffic: { kind: 'poisson', perMinute: 12, shape: FLAT } },
    ],
    events: [background([{ kind: 'fail', function: 'worker', share: 1, how: 'timeout' }], 30)],
  },
});

function at(minute: number): EpochMs {
  return START + minute * MINUTE_MS;
}

function invocationsIn(world: LiveWorld, minutes: number): number {
  const series =
    world.window(world.now(), minutes).functions.get('worker')?.invocations ?? new Float64Array();
  return series.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : value), 0);
}

describe('stopping and restoring a runaway', () => {
  it('a disabled mapping stops the money, keeps the messages, and the queue is worked off after the fix', () => {
    const world = createWorld(stuck);
    world.advanceTo(at(60));
    expect(invocationsIn(world, 20)).toBeGreaterThan(100);

    world.setEventSourceEnabled('esm-1', false);
    world.advanceTo(at(64));
    const spent = world.spentUsd('worker');
    const waiting = world.conservation('jobs');
    world.advanceTo(at(90));
    expect(invocationsIn(world, 20)).toBe(0);
    expect(world.spentUsd('worker')).toBe(spent);
    expect(world.conservation('jobs').received).toBe(waiting.received);
    expect(world.conservation('jobs').visible).toBeGreaterThan(waiting.visible);
    expect(world.inventory().functions[0]?.eventSources[0]?.enabled).toBe(false);

    world.repair('worker');
    world.setEventSourceEnabled('esm-1', true);
    world.advanceTo(at(120));
    const after = world.conservation('jobs');
    expect(after.balance).toBe(0);
    expect(after.deleted + after.visible + after.inFlight).toBe(after.sent);
    expect(after.visible).toBe(0);
    expect(world.inventory().functions[0]?.lastModifiedAt).toBe(at(90));
  });

  it('reserved concurrency 0 stops it too, and deleting the reservation lets it go on', () => {
    const world = createWorld(stuck);
    world.advanceTo(at(20));
    world.setReservedConcurrency('worker', 0);
    world.advanceTo(at(60));
    expect(invocationsIn(world, 30)).toBe(0);
    expect(world.inventory().functions[0]?.reservedConcurrency).toBe(0);
    world.setReservedConcurrency('worker', null);
    world.advanceTo(at(70));
    expect(invocationsIn(world, 5)).toBeGreaterThan(0);
    expect(world.inventory().functions[0]?.reservedConcurrency).toBeNull();
  });

  it('names what it does not know', () => {
    const world = createWorld(stuck);
    expect(() => world.setEventSourceEnabled('esm-9', false)).toThrow('esm-9');
    expect(() => world.conservation('nowhere')).toThrow('nowhere');
  });
});

describe('the window', () => {
  it('has depths of this moment, and metrics only up to a publish delay ago', () => {
    const world = createWorld(stuck);
    world.advanceTo(at(45));
    const window = world.window(at(45), 180);
    expect(window.startAt).toBe(START);
    expect(window.minutes).toBe(44);
    expect(window.depths.get('jobs')?.readAt).toBe(at(45));
    expect(window.queues.get('jobs')?.sent?.length).toBe(44);
  });

  it('time stands still unless it is told to pass', () => {
    const world = createWorld(stuck);
    world.advanceTo(at(10));
    world.advanceTo(at(5));
    expect(world.now()).toBe(at(10));
  });

  const cases: readonly (readonly [string, Scenario])[] = [
    'retry-timeout',
    'long-jobs',
    'publish-outage',
    'metric-gap',
    'async-retry-storm',
    'stream-poison-record',
    'retry-partial',
  ].map((id) => {
    const scenario = families[id]?.scenario(3, { background: 1, minutes: 480 });
    if (scenario === undefined) throw new Error(`no family ${id}`);
    return [id, scenario] as const;
  });

  it.each(cases)(
    'of %s is at every tick what a replay of its trace reads at that tick',
    async (_, scenario) => {
      const replay = traceSource(parseTrace(JSON.parse(JSON.stringify(simulate(scenario).trace))));
      const world = createWorld(scenario);
      for (let minute = 7; minute <= scenario.minutes; minute += 7) {
        const now = scenario.startAt + minute * MINUTE_MS;
        world.advanceTo(now);
        expectSame(world.window(now, 180), await replay.window(now), `${scenario.name} at minute ${minute}`);
      }
    },
  );
});

/** A replay shows 0 where nothing of a minute has arrived, CloudWatch no datapoint: both mean nothing yet. */
function expectSame(live: Window, replayed: Window, where: string): void {
  expect(live.startAt, where).toBe(replayed.startAt);
  expect(live.minutes, where).toBe(replayed.minutes);
  for (const kind of ['functions', 'queues'] as const) {
    for (const [name, series] of replayed[kind]) {
      const own = live[kind].get(name) as Record<string, Series | undefined> | undefined;
      for (const [metric, values] of Object.entries(series as Record<string, Series>)) {
        const read = (from: Series | undefined) =>
          Array.from(from ?? [], (value) => (Number.isNaN(value) ? 0 : value));
        expect(read(own?.[metric]), `${where}: ${metric} of ${name}`).toEqual(read(values));
      }
    }
  }
}

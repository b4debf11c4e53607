import type { Inventory } from '../model/inventory.ts';
import { type EpochMs, MINUTE_MS } from '../model/time.ts';
import type { QueueDepth, Window } from '../model/window.ts';
import { finishEvent, setEnabled, setReserved } from './effects.ts';
import { advance, startWorld } from './engine.ts';
import { readInventory } from './inventory.ts';
import { queueAt } from './queues.ts';
import { readFunction, readQueue } from './readable.ts';
import { functionAt } from './runtime.ts';
import type { Effect, Scenario } from './scenario.ts';
import { indexOf, type World } from './state.ts';
import { type Conservation, conservationOf } from './truth.ts';

/** A running world: time passes only by `advanceTo`, and settings can be changed in between as in an AWS account. */
export interface LiveWorld {
  readonly scenario: Scenario;
  /** Present instant of the world. */
  now(): EpochMs;
  /** Lets everything happen that is due until `at`. Going back is not possible and does nothing. */
  advanceTo(at: EpochMs): void;
  /** The newest `minutes` minutes whose datapoints are published at `now`; fewer at the start of the world. */
  window(now: EpochMs, minutes: number): Window;
  /** Inventory with the settings as they are now. */
  inventory(): Inventory;
  setEventSourceEnabled(id: string, enabled: boolean): void;
  /** `null`: deletes the reservation. */
  setReservedConcurrency(functionName: string, concurrency: number | null): void;
  /** Deploys a fix: everything that goes wrong with the function, its queues and its traffic is over. */
  repair(functionName: string): void;
  conservation(queueName: string): Conservation;
  /** True dollars so far, work that is running included as far as it has run. */
  spentUsd(functionName: string): number;
  wastedUsd(functionName: string): number;
  /** Events handled so far: what performance is measured in. */
  events(): number;
}

/** A world at the start of `scenario`; `seed` replaces the scenario's own. */
export function createWorld(scenario: Scenario, seed = scenario.seed): LiveWorld {
  const world = startWorld({ ...scenario, seed });
  const { startAt } = scenario;
  return {
    scenario: world.scenario,
    now: () => startAt + world.now,
    advanceTo: (at) => advance(world, at - startAt),
    window: (now, minutes) => readWindow(world, now, minutes),
    inventory: () => readInventory(world),
    setEventSourceEnabled: (id, enabled) => {
      if (!setEnabled(world, id, enabled)) throw new RangeError(`no event source mapping "${id}"`);
      advance(world, world.now);
    },
    setReservedConcurrency: (name, concurrency) =>
      setReserved(world, functionAt(world, indexOf(world.functionIndex, name)), concurrency ?? -1),
    repair: (name) => repair(world, name),
    conservation: (name) => conservationOf(queueAt(world, indexOf(world.queueIndex, name))),
    spentUsd: (name) => sumUntilNow(world, functionAt(world, indexOf(world.functionIndex, name)).record.usd),
    wastedUsd: (name) =>
      sumUntilNow(world, functionAt(world, indexOf(world.functionIndex, name)).record.wastedUsd),
    events: () => world.events,
  };
}

/** Cost is booked when an invocation starts, over the minutes it will run: what lies ahead is left out. */
function sumUntilNow(world: World, series: Float64Array): number {
  const whole = Math.floor(world.now / MINUTE_MS);
  let sum = 0;
  for (let minute = 0; minute < Math.min(whole, series.length); minute++) sum += series[minute] as number;
  return sum + (series[whole] ?? 0) * ((world.now % MINUTE_MS) / MINUTE_MS);
}

function readWindow(world: World, now: EpochMs, wanted: number): Window {
  const { startAt } = world.scenario;
  const sinceStart = now - startAt;
  const newest = Math.floor((sinceStart - world.publishDelayMs) / MINUTE_MS);
  const minutes = Math.max(0, Math.min(wanted, newest));
  const from = newest - minutes;
  const reading = { now: sinceStart, from, minutes };
  const depths = new Map<string, QueueDepth>();
  for (const queue of world.queues) {
    depths.set(queue.spec.name, {
      readAt: now,
      visible: queue.visible.count,
      notVisible: queue.inFlight.count,
    });
  }
  return {
    startAt: startAt + from * MINUTE_MS,
    minutes,
    inventory: readInventory(world),
    functions: new Map(
      world.functions.map(({ spec, record }) => [spec.name, readFunction(world, spec.name, record, reading)]),
    ),
    queues: new Map(
      world.queues.map(({ spec, record }) => [spec.name, readQueue(world, spec.name, record, reading)]),
    ),
    depths,
    moveTasks: world.moveTasks
      .filter(({ recorded }) => recorded)
      .map((task) => ({
        queue: queueAt(world, task.queue).spec.name,
        startedAt: startAt + task.startedAt,
        status: task.status,
        moved: task.moved,
      })),
    gaps: [],
  };
}

function repair(world: World, name: string): void {
  const state = functionAt(world, indexOf(world.functionIndex, name));
  const queues = world.sources
    .filter((source) => source.function === state.index)
    .map((source) => queueAt(world, source.queue).spec.name);
  const concerned = new Set([name, ...queues]);
  for (const [index, event] of world.scenario.events.entries()) {
    if (event.effects.some((effect) => concerned.has(subjectOf(effect)))) finishEvent(world, index);
  }
  state.lastModifiedAt = world.scenario.startAt + Math.round(world.now);
  state.idleCount = 0;
}

/** The function, queue or stream that an effect is about; empty where it is about everything. */
function subjectOf(effect: Effect): string {
  switch (effect.kind) {
    case 'poison':
    case 'visibility':
    case 'redrive':
    case 'copies':
      return effect.queue;
    case 'poison-record':
    case 'write-back':
      return effect.stream;
    case 'traffic':
      return effect.target;
    case 'gap':
      return effect.scope;
    case 'shift-rhythm':
      return '';
    default:
      return effect.function;
  }
}

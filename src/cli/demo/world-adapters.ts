import { WINDOW_MINUTES } from '../../model/window.ts';
import { abnormalSpans } from '../../observe/abnormal-span.ts';
import type { Source } from '../../observe/source.ts';
import type { KillPort } from '../../respond/kill/port.ts';
import type { LiveWorld } from '../../simulate/world.ts';
import { buildBaselines } from '../../stats/baseline.ts';
import { hourlyHistory } from '../../stats/hourly-history.ts';

/** The simulated account as a source of ticks. */
export function worldSource(world: LiveWorld): Source {
  return {
    window: (now) => Promise.resolve(world.window(now, WINDOW_MINUTES)),
    baselines: (now, incidents) => {
      const history = hourlyHistory(world.window(now, world.scenario.minutes));
      const abnormal = abnormalSpans(incidents, now);
      return Promise.resolve(buildBaselines({ builtAt: now, history, abnormal }));
    },
  };
}

/** The simulated account as what the kill switch acts on. */
export function worldKillPort(world: LiveWorld): KillPort {
  const sourceOf = (id: string) =>
    world
      .inventory()
      .functions.flatMap(({ eventSources }) => eventSources)
      .find((source) => source.id === id);
  const fn = (name: string) => world.inventory().functions.find((candidate) => candidate.name === name);
  return {
    getEventSource: (id) => {
      const source = sourceOf(id);
      if (source === undefined) return Promise.resolve('gone');
      const { enabled, maximumConcurrency } = source;
      const state = enabled ? 'Enabled' : 'Disabled';
      // The simulated account has no call that changes a limit.
      return Promise.resolve({ enabled, isSettled: true, state, maximumConcurrency, canBeLimited: false });
    },
    setEventSourceEnabled: (id, enabled) => Promise.resolve(world.setEventSourceEnabled(id, enabled)),
    setMaximumConcurrency: (id) => Promise.reject(new Error(`${id} cannot be limited`)),
    getReservedConcurrency: (name) => {
      const found = fn(name);
      return Promise.resolve(found === undefined ? 'gone' : found.reservedConcurrency);
    },
    putReservedConcurrency: (name, reserved) => Promise.resolve(world.setReservedConcurrency(name, reserved)),
    deleteReservedConcurrency: (name) => Promise.resolve(world.setReservedConcurrency(name, null)),
  };
}

import { WINDOW_MINUTES } from '../../model/window.ts';
import { abnormalSpanOf } from '../../observe/abnormal-span.ts';
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
      const abnormal = incidents.map((incident) => abnormalSpanOf(incident, now));
      return Promise.resolve(buildBaselines({ builtAt: now, history, abnormal }));
    },
  };
}

/** The simulated account as what the kill switch acts on. */
export function worldKillPort(world: LiveWorld): KillPort {
  const enabledOf = (id: string) =>
    world
      .inventory()
      .functions.flatMap(({ eventSources }) => eventSources)
      .find((source) => source.id === id)?.enabled;
  const fn = (name: string) => world.inventory().functions.find((candidate) => candidate.name === name);
  return {
    getEventSource: (id) => {
      const enabled = enabledOf(id);
      if (enabled === undefined) return Promise.resolve('gone');
      return Promise.resolve({ enabled, isSettled: true, state: enabled ? 'Enabled' : 'Disabled' });
    },
    setEventSourceEnabled: (id, enabled) => Promise.resolve(world.setEventSourceEnabled(id, enabled)),
    getReservedConcurrency: (name) => {
      const found = fn(name);
      return Promise.resolve(found === undefined ? 'gone' : found.reservedConcurrency);
    },
    putReservedConcurrency: (name, reserved) => Promise.resolve(world.setReservedConcurrency(name, reserved)),
    deleteReservedConcurrency: (name) => Promise.resolve(world.setReservedConcurrency(name, null)),
  };
}

import { HOUR_MS, MINUTE_MS } from '../../../src/model/time.ts';
import type { Rng } from '../random.ts';
import {
  addBlock,
  addDecay,
  dailyBump,
  dayIndex,
  hourOfDay,
  labelNear,
  places,
  type Shape,
  type ShapeMaker,
  timeline,
  wander,
} from '../shape.ts';

/** Hourly temperature of an office: the sun, the season, the weather, and a heating that fails. */
function officeTemperature(rng: Rng): Shape {
  const length = 7267;
  const at = timeline(rng, length, HOUR_MS);
  const weather = wander(rng, length, 0.985, 1.6);
  const season = rng.between(1, 3);
  const values = at.map(
    (instant, i) =>
      71 +
      season * Math.sin((i / length) * 2 * Math.PI) +
      2.2 * dailyBump(instant, 15, 1) +
      (weather[i] ?? 0) +
      rng.normal(0, 0.35),
  );
  const labels = places(rng, length, 2);
  for (const place of labels) {
    addDecay(values, place, rng.pick([-1, 1]) * rng.between(5, 12), rng.between(0.9, 0.985));
  }
  return { name: 'office temperature', at, values, labels: near(rng, labels, length) };
}

/** A scaling group under a weekly load, then misconfigured: it stays high. */
function scalingGroupCpu(rng: Rng): Shape {
  const length = 18050;
  const at = timeline(rng, length, 5 * MINUTE_MS);
  const slow = wander(rng, length, 0.98, 4);
  const onset = Math.floor(length * rng.between(0.7, 0.85));
  const lasts = rng.whole(800, 1700);
  const values = at.map((instant, i) => {
    const weekend = isWeekend(instant) ? 0.7 : 1;
    const usual = 32 + 14 * weekend * dailyBump(instant, 20, 1) + (slow[i] ?? 0) + rng.normal(0, 5);
    return Math.min(100, Math.max(0, i >= onset && i < onset + lasts ? usual + rng.between(15, 35) : usual));
  });
  for (let i = 0; i < 25; i++)
    addBlock(values, rng.whole(0, length - 20), rng.whole(1, 6), rng.between(10, 30));
  return { name: 'scaling group CPU', at, values, labels: [onset + rng.whole(-200, 700)] };
}

/** Latency near one level; failures make it spike. */
function requestLatency(rng: Rng): Shape {
  const length = 4032;
  const slow = wander(rng, length, 0.98, 0.7);
  const values = slow.map((drift) => 45 + drift + rng.normal(0, 1.6));
  for (let i = 0; i < length; i++) if (rng.chance(1 / 500)) addBlock(values, i, 1, rng.between(5, 14));
  const labels = places(rng, length, 3);
  for (const place of labels) addBlock(values, place, rng.whole(1, 10), rng.between(8, 50));
  return {
    name: 'request latency',
    at: timeline(rng, length, 5 * MINUTE_MS),
    values,
    labels: near(rng, labels, length),
  };
}

/** A large machine that warms, cools, is serviced, and fails after a slow decline. */
function machineTemperature(rng: Rng): Shape {
  const length = 22695;
  const slow = wander(rng, length, 0.9985, 7);
  const quick = wander(rng, length, 0.97, 2.2);
  const values = slow.map((drift, i) => 88 + drift + (quick[i] ?? 0) + rng.normal(0, 0.9));
  const labels = places(rng, length, rng.whole(3, 4));
  for (const place of labels) {
    const lead = rng.whole(0, 250);
    const depth = rng.between(25, 80);
    for (let i = 0; i < lead; i++) {
      const at = place - lead + i;
      values[at] = (values[at] ?? 0) - 0.35 * depth * (i / lead);
    }
    addDecay(values, place, -depth, rng.between(0.97, 0.993));
  }
  for (let i = 0; i < rng.whole(3, 8); i++) {
    addDecay(values, rng.whole(0, length - 100), -rng.between(8, 25), rng.between(0.9, 0.98));
  }
  return {
    name: 'machine temperature',
    at: timeline(rng, length, 5 * MINUTE_MS),
    values: values.map((value) => Math.max(2, value)),
    labels: near(rng, labels, length, 0.006),
  };
}

/** Half-hourly taxi rides: strong day and week; holidays, a race, a storm. */
function taxiRides(rng: Rng): Shape {
  const length = 10320;
  const at = timeline(rng, length, 30 * MINUTE_MS);
  const slow = wander(rng, length, 0.995, 0.05);
  const badDays = places(rng, length, 5);
  const faults = badDays.map((place) => ({
    from: Math.floor(place / 48) * 48,
    points: rng.whole(16, 60),
    factor: rng.pick([0.15, 0.4, 0.55, 0.65, 1.35, 1.5]),
  }));
  const values = at.map((instant, i) => {
    const day = dayIndex(instant) % 7;
    const night = isWeekend(instant) ? 0.62 : 0.3;
    const morning = isWeekend(instant) ? 0.25 : 0.75;
    const rhythm =
      0.28 +
      morning * dailyBump(instant, 9, 5) +
      0.9 * dailyBump(instant, 19, 2.2) +
      night * dailyBump(instant, 0.5, 6);
    const week = 1 + 0.05 * Math.sin((day / 7) * 2 * Math.PI);
    const fault = faults.find((one) => i >= one.from && i < one.from + one.points);
    return Math.round(
      17000 * rhythm * week * (1 + (slow[i] ?? 0) + rng.normal(0, 0.03)) * (fault?.factor ?? 1),
    );
  });
  return {
    name: 'taxi rides',
    at,
    values,
    labels: near(
      rng,
      faults.map((fault) => fault.from + 12),
      length,
      0.003,
    ),
  };
}

/** How long a key is held, or the time between two: heavy noise, then another hand. */
function keyStrokes(length: number, name: string): ShapeMaker {
  return (rng) => {
    const at = timeline(rng, length, 5 * MINUTE_MS);
    const level = rng.between(0.05, 0.15);
    const busy = (instant: number): boolean => hourOfDay(instant) > 9 && hourOfDay(instant) < 18;
    const values = at.map((instant) =>
      busy(instant) || rng.chance(0.2)
        ? level * Math.exp(rng.normal(0, 0.4)) * (rng.chance(0.02) ? rng.pareto(1.2) : 1)
        : 0,
    );
    const labels = places(rng, length, 2);
    for (const place of labels) {
      const factor = rng.between(1.6, 4);
      for (let i = place; i < Math.min(length, place + rng.whole(15, 90)); i++) {
        values[i] = Math.max(values[i] ?? 0, level * rng.between(0.5, 1)) * factor;
      }
    }
    return { name, at, values, labels: near(rng, labels, length) };
  };
}

function isWeekend(at: number): boolean {
  const day = dayIndex(at) % 7;
  return day === 2 || day === 3;
}

function near(rng: Rng, labels: readonly number[], length: number, spread?: number): number[] {
  return labels.map((place) => labelNear(rng, place, length, spread));
}

export const knownCause: readonly ShapeMaker[] = [
  officeTemperature,
  scalingGroupCpu,
  requestLatency,
  machineTemperature,
  taxiRides,
  keyStrokes(1882, 'key hold'),
  keyStrokes(5315, 'key up-down'),
];

import { HOUR_MS, MINUTE_MS } from '../../../src/model/time.ts';
import type { Rng } from '../random.ts';
import {
  addBlock,
  addDecay,
  dailyBump,
  dayIndex,
  mostSalient,
  type Shape,
  type ShapeMaker,
  timeline,
  wander,
} from '../shape.ts';

/** Hourly cost per click or per thousand views of an ad exchange. */
function adCost(name: string, rhythm: number): ShapeMaker {
  return (rng) => {
    const length = rng.whole(1530, 1650);
    const at = timeline(rng, length, HOUR_MS);
    const level = rng.between(0.08, 0.6);
    const slow = wander(rng, length, 0.97, 0.2);
    const noise = rng.between(0.1, 0.25);
    const values = at.map(
      (instant, i) =>
        level * (1 + rhythm * dailyBump(instant, 18, 1)) * Math.exp((slow[i] ?? 0) + rng.normal(0, noise)),
    );
    const events = Array.from({ length: rng.whole(8, 20) }, () => {
      const event = { place: rng.whole(20, length - 5), salience: level * rng.pareto(1.6) };
      addBlock(values, event.place, rng.whole(1, 3), event.salience * rng.between(0.8, 1));
      return event;
    });
    return { name, at, values, labels: mostSalient(rng, events, rng.whole(0, 3), length) };
  };
}

/** Instants of a roadside sensor: five minutes apart or a few times that, with holes. */
function irregular(rng: Rng, length: number): Float64Array {
  let at = timeline(rng, 1, 0)[0] ?? 0;
  return Float64Array.from({ length }, () => {
    at += 5 * MINUTE_MS * (rng.chance(0.7) ? 1 : rng.whole(2, 4));
    if (rng.chance(1 / 300)) at += rng.whole(1, 8) * HOUR_MS;
    return at;
  });
}

function occupancy(rng: Rng): Shape {
  const length = rng.whole(2380, 2500);
  const at = irregular(rng, length);
  const events: { place: number; salience: number }[] = [];
  const level = rng.between(5, 9);
  const values = at.map((instant) => {
    const weekend = dayIndex(instant) % 7 === 2 || dayIndex(instant) % 7 === 3 ? 0.5 : 1;
    const rush = weekend * (dailyBump(instant, 12.5, 12) + dailyBump(instant, 21.5, 12));
    return Math.max(0, level * (0.2 + rush) * Math.exp(rng.normal(0, 0.35)));
  });
  for (let i = 0; i < rng.whole(8, 20); i++) {
    const event = { place: rng.whole(20, length - 10), salience: level * rng.pareto(2) };
    addBlock(values, event.place, rng.whole(1, 6), event.salience);
    events.push(event);
  }
  return { name: 'occupancy', at, values, labels: mostSalient(rng, events, rng.whole(1, 2), length) };
}

function speed(rng: Rng): Shape {
  const length = rng.whole(1127, 2500);
  const at = irregular(rng, length);
  const values = at.map((instant) => {
    const jam = dailyBump(instant, 21.5, 25) * rng.between(0, 12);
    return Math.round(rng.between(64, 72) - jam + rng.normal(0, 2));
  });
  const events = Array.from({ length: rng.whole(5, 14) }, () => {
    const event = { place: rng.whole(20, length - 10), salience: 7 * rng.pareto(1.6) };
    addBlock(values, event.place, rng.whole(1, 9), -Math.min(48, event.salience) * rng.between(0.7, 1));
    return event;
  });
  const labels = mostSalient(rng, events, rng.whole(1, 4), length);
  return { name: 'speed', at, values: values.map((value) => Math.max(3, value)), labels };
}

function travelTime(rng: Rng): Shape {
  const length = rng.whole(2160, 2500);
  const at = irregular(rng, length);
  const level = rng.between(100, 250);
  const values = at.map((instant) =>
    Math.round(level * (1 + 0.8 * dailyBump(instant, 21, 10)) * Math.exp(rng.normal(0, 0.25))),
  );
  const events = Array.from({ length: rng.whole(15, 40) }, () => {
    const event = { place: rng.whole(20, length - 10), salience: level * rng.pareto(1.7) };
    addBlock(values, event.place, rng.whole(1, 3), Math.min(5000, event.salience));
    return event;
  });
  return { name: 'travel time', at, values, labels: mostSalient(rng, events, rng.whole(1, 3), length) };
}

/** Mentions of a company: counts by day and night, and bursts of news, a few of them large. */
function mentions(rng: Rng): Shape {
  const length = rng.whole(15820, 15910);
  const at = timeline(rng, length, 5 * MINUTE_MS);
  const base = rng.pick([2, 5, 10, 25, 80]);
  const sharp = rng.between(0.5, 2);
  const slow = wander(rng, length, 0.995, 0.25);
  const over = rng.between(0.2, 0.6);
  const values = at.map((instant, i) => {
    const weekend = dayIndex(instant) % 7 === 2 || dayIndex(instant) % 7 === 3 ? 0.6 : 1;
    const rate = base * weekend * (0.25 + dailyBump(instant, 18, sharp)) * Math.exp(slow[i] ?? 0);
    return rng.poisson(rate * Math.exp(rng.normal(0, over)));
  });
  const events = Array.from({ length: rng.whole(30, 90) }, () => {
    const event = { place: rng.whole(10, length - 40), salience: base * 1.6 * rng.pareto(1.15) };
    burst(rng, values, event.place, event.salience);
    return event;
  });
  const labels = mostSalient(rng, events, rng.whole(2, 4), length);
  return { name: 'mentions', at, values: values.map(Math.round), labels };
}

/** News arrives at once or builds up for some points, and fades. */
function burst(rng: Rng, values: Float64Array, place: number, height: number): void {
  const rise = rng.chance(0.6) ? 0 : rng.whole(1, 12);
  for (let i = 1; i <= rise; i++) {
    const index = place - i;
    values[index] = (values[index] ?? 0) + height * (1 - i / (rise + 1)) * rng.between(0.3, 0.9);
  }
  addDecay(values, place, height, rng.chance(0.4) ? rng.between(0.05, 0.5) : rng.between(0.5, 0.97));
}

function times(count: number, maker: ShapeMaker): ShapeMaker[] {
  return Array.from({ length: count }, () => maker);
}

export const adExchange: readonly ShapeMaker[] = [
  ...times(3, adCost('cost per click', 0.1)),
  ...times(3, adCost('cost per thousand', 0.8)),
];

export const traffic: readonly ShapeMaker[] = [
  ...times(2, occupancy),
  ...times(3, speed),
  ...times(2, travelTime),
];

export const tweets: readonly ShapeMaker[] = times(10, mentions);

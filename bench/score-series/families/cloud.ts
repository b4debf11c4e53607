import { MINUTE_MS } from '../../../src/model/time.ts';
import type { Rng } from '../random.ts';
import {
  addBlock,
  addDecay,
  dailyBump,
  labelNear,
  mostSalient,
  places,
  type Shape,
  type ShapeMaker,
  timeline,
  wander,
} from '../shape.ts';

/** Cloud metrics: five-minute points for two weeks. */
const STEP_MS = 5 * MINUTE_MS;
const LENGTH = 4032;

/** An idle machine: a few quantised levels near zero, single spikes, and now and then something larger. */
function idleCpu(rng: Rng): Shape {
  const quantum = rng.between(0.05, 0.08);
  const values = new Float64Array(LENGTH).map(
    () => quantum * (1 + (rng.chance(0.5) ? 1 : 0) + (rng.chance(0.03) ? rng.whole(1, 3) : 0)),
  );
  for (let i = 0; i < LENGTH; i++) {
    if (rng.chance(1 / 400)) addBlock(values, i, rng.whole(1, 2), quantum * rng.between(3, 9));
  }
  const labels = places(rng, LENGTH, rng.whole(1, 2));
  for (const place of labels) {
    if (rng.chance(0.6)) addBlock(values, place, rng.whole(1, 4), quantum * rng.between(12, 40));
    else addBlock(values, place, rng.whole(60, 400), quantum * rng.between(1, 2.5));
  }
  return { name: 'idle CPU', at: timeline(rng, LENGTH, STEP_MS), values, labels: near(rng, labels) };
}

/** A steady level with noise, whose level moves. */
function steadyCpu(rng: Rng): Shape {
  const level = rng.pick([1.8, 6, 14, 40]);
  const noise = level * rng.between(0.02, 0.08);
  const slow = wander(rng, LENGTH, 0.995, noise * rng.between(0.3, 1.2));
  const values = slow.map((drift) => Math.max(0, level + drift + rng.normal(0, noise)));
  confuse(rng, values, noise * 5, rng.whole(2, 10));
  const labels = places(rng, LENGTH, rng.whole(1, 2));
  for (const place of labels) {
    const kind = rng.whole(0, 2);
    if (kind === 0)
      addBlock(values, place, rng.chance(0.5) ? LENGTH : rng.whole(60, 600), noise * rng.between(2, 10));
    else if (kind === 1) addBlock(values, place, rng.whole(1, 12), noise * rng.between(8, 30));
    else addDecay(values, place, -level * rng.between(0.2, 0.8), rng.between(0.8, 0.99));
  }
  return { name: 'steady CPU', at: timeline(rng, LENGTH, STEP_MS), values, labels: near(rng, labels) };
}

/** A busy machine that never rests, with dips. */
function saturatedCpu(rng: Rng): Shape {
  const values = wander(rng, LENGTH, 0.9, 1.2).map((noise) => Math.min(100, 93 + noise + rng.normal(0, 1)));
  const dips = Array.from({ length: rng.whole(3, 12) }, () => ({
    place: rng.whole(50, LENGTH - 20),
    salience: rng.pareto(1.5) * 6,
  }));
  for (const dip of dips) addBlock(values, dip.place, rng.whole(1, 8), -Math.min(85, dip.salience));
  const shift = places(rng, LENGTH, 1);
  for (const place of shift) addBlock(values, place, rng.whole(80, 900), -rng.between(3, 20));
  const labels = [...mostSalient(rng, dips, rng.whole(0, 1), LENGTH), ...near(rng, shift)];
  return { name: 'saturated CPU', at: timeline(rng, LENGTH, STEP_MS), values, labels };
}

/** Nearly nothing with bursts, then it climbs and stays at the top. */
function runawayCpu(rng: Rng): Shape {
  const values = new Float64Array(LENGTH).map(() => Math.abs(rng.normal(1, 0.6)));
  for (let i = 0; i < LENGTH; i++)
    if (rng.chance(1 / 150)) addBlock(values, i, rng.whole(1, 20), rng.between(2, 60));
  const onset = Math.floor(LENGTH * rng.between(0.6, 0.9));
  const climb = rng.whole(1, 150);
  for (let i = onset; i < LENGTH; i++) {
    values[i] = Math.min(99.8, ((i - onset) / climb) * 95 + Math.abs(rng.normal(3, 2)));
  }
  return { name: 'runaway CPU', at: timeline(rng, LENGTH, STEP_MS), values, labels: near(rng, [onset]) };
}

/** A job that starts every so often; anomalies: it is missing, it runs far longer, or far higher. */
function periodicJobCpu(rng: Rng): Shape {
  const period = rng.whole(24, 300);
  const height = rng.between(15, 30);
  const lasts = rng.whole(1, 4);
  const labels = places(rng, LENGTH, rng.whole(1, 3));
  const values = new Float64Array(LENGTH).map(() => 2.3 + Math.abs(rng.normal(0, 0.15)));
  const skipped = new Set(labels.filter(() => rng.chance(0.3)).map((place) => Math.floor(place / period)));
  for (let i = 0; i < LENGTH; i += period) {
    const place = i + rng.whole(0, 2);
    if (!skipped.has(Math.floor(i / period))) addBlock(values, place, lasts, height * rng.between(0.7, 1.2));
  }
  for (const place of labels) {
    if (skipped.has(Math.floor(place / period))) continue;
    if (rng.chance(0.5)) addBlock(values, place, rng.whole(1, 3), height * rng.between(1.3, 3));
    else addBlock(values, place, rng.whole(10, 120), height * rng.between(0.4, 1));
  }
  return { name: 'periodic job CPU', at: timeline(rng, LENGTH, STEP_MS), values, labels: near(rng, labels) };
}

/** Bytes written or received: zeros and heavy bursts over nine orders of magnitude. */
function burstyBytes(rng: Rng): Shape {
  const quiet = rng.chance(0.5) ? 0 : rng.between(1e3, 1e5);
  const events: { place: number; salience: number }[] = [];
  const values = new Float64Array(LENGTH).map((_, i) => {
    const burst = rng.chance(1 / rng.whole(30, 60)) ? 2e6 * rng.pareto(rng.between(0.9, 1.5)) : 0;
    if (burst > 0) events.push({ place: i, salience: Math.min(burst, 5e8) });
    return quiet * Math.exp(rng.normal(0, 0.2)) + Math.min(burst, 7e8);
  });
  const labels = mostSalient(rng, events, rng.whole(1, 3), LENGTH);
  if (rng.chance(0.4)) {
    const place = places(rng, LENGTH, 1)[0] ?? LENGTH >> 1;
    for (let i = place; i < Math.min(LENGTH, place + rng.whole(30, 200)); i++) {
      values[i] = (values[i] ?? 0) + 4e6 * Math.exp(rng.normal(0, 0.5));
    }
    labels.push(place);
  }
  return { name: 'bursty bytes', at: timeline(rng, LENGTH, STEP_MS), values, labels };
}

/** Requests behind a load balancer: counts with a daily rhythm and bursts. */
function requestCount(rng: Rng): Shape {
  const at = timeline(rng, LENGTH, STEP_MS);
  const base = rng.between(20, 100);
  const top = rng.between(0, 24);
  const slow = wander(rng, LENGTH, 0.97, 0.25);
  const values = at.map((instant, i) =>
    rng.poisson(base * (0.3 + dailyBump(instant, top, 1.2)) * Math.exp((slow[i] ?? 0) + rng.normal(0, 0.25))),
  );
  const events = Array.from({ length: rng.whole(6, 16) }, () => {
    const event = { place: rng.whole(100, LENGTH - 20), salience: base * rng.pareto(1.6) * 1.2 };
    addDecay(values, event.place, Math.round(event.salience), rng.between(0.1, 0.9));
    return event;
  });
  const labels = mostSalient(rng, events, rng.whole(1, 2), LENGTH);
  return { name: 'request count', at, values: values.map(Math.round), labels };
}

/** A group's load, smooth by day and night, which drops out. */
function groupLoad(rng: Rng): Shape {
  const at = timeline(rng, LENGTH, STEP_MS);
  const top = rng.between(0, 24);
  const level = rng.between(20, 40);
  const swing = level * rng.between(0.1, 0.5);
  const slow = wander(rng, LENGTH, 0.99, level * 0.05);
  const values = at.map(
    (instant, i) => level + swing * dailyBump(instant, top, 1) + (slow[i] ?? 0) + rng.normal(0, level * 0.03),
  );
  confuse(rng, values, level * 0.2, rng.whole(1, 6));
  const labels = places(rng, LENGTH, rng.whole(1, 3));
  for (const place of labels) {
    const kind = rng.whole(0, 2);
    if (kind === 0) addBlock(values, place, rng.whole(3, 60), -level * rng.between(0.4, 1));
    else if (kind === 1) addBlock(values, place, rng.whole(3, 300), level * rng.between(0.3, 1));
    else addDecay(values, place, level * rng.between(0.5, 1.5), rng.between(0.8, 0.97));
  }
  return {
    name: 'group load',
    at,
    values: values.map((value) => Math.max(0, value)),
    labels: near(rng, labels),
  };
}

/** Spikes that nobody labelled. */
function confuse(rng: Rng, values: Float64Array, height: number, count: number): void {
  for (let i = 0; i < count; i++) {
    const sign = rng.chance(0.8) ? 1 : -1;
    addBlock(values, rng.whole(0, LENGTH - 10), rng.whole(1, 4), sign * height * rng.between(0.5, 1.6));
  }
}

function near(rng: Rng, labels: readonly number[]): number[] {
  return labels.map((place) => labelNear(rng, place, LENGTH));
}

/** Seventeen series, as many as the benchmark has of this kind. */
export const cloud: readonly ShapeMaker[] = [
  idleCpu,
  idleCpu,
  idleCpu,
  steadyCpu,
  steadyCpu,
  steadyCpu,
  steadyCpu,
  saturatedCpu,
  runawayCpu,
  runawayCpu,
  periodicJobCpu,
  periodicJobCpu,
  burstyBytes,
  burstyBytes,
  burstyBytes,
  requestCount,
  groupLoad,
];

import { DAY_MS, MINUTE_MS } from '../../../src/model/time.ts';
import type { Rng } from '../random.ts';
import { hourOfDay, type Shape, type ShapeMaker, timeline } from '../shape.ts';

/** Two weeks of five-minute points: 20 by night and 80 by day, with what goes wrong on one of the days. */
const LENGTH = 4032;
const PER_DAY = 288;
const NIGHT = 20;
const DAY = 80;

type DayFault = 'none' | 'flat-middle' | 'jump-up' | 'jump-down' | 'no-jump';

function squareWave(fault: DayFault, noise: number, name: string): ShapeMaker {
  return (rng) => {
    const raw = timeline(rng, LENGTH, 5 * MINUTE_MS);
    // From midnight, as a person would make it.
    const startAt = Math.floor((raw[0] ?? 0) / DAY_MS) * DAY_MS;
    const at = raw.map((_, i) => startAt + i * 5 * MINUTE_MS);
    const badDay = rng.whole(7, 12);
    const dayFrom = rng.whole(7, 10);
    const dayTo = rng.whole(17, 20);
    const values = at.map((instant, i) => {
      const isDay = hourOfDay(instant) >= dayFrom && hourOfDay(instant) < dayTo;
      const usual = isDay ? DAY : NIGHT;
      const level = Math.floor(i / PER_DAY) === badDay && isDay ? faulty(fault, usual) : usual;
      return level + (isDay ? 2.5 : 1) * noise * rng.between(-1, 1);
    });
    const labels = fault === 'none' ? [] : [badDay * PER_DAY + rng.whole(0, dayFrom * 12 + 12)];
    return { name, at, values, labels };
  };
}

function faulty(fault: DayFault, usual: number): number {
  switch (fault) {
    case 'none':
      return usual;
    case 'flat-middle':
      return (DAY + NIGHT) / 2;
    case 'jump-up':
      return 2 * DAY;
    case 'jump-down':
      return -NIGHT;
    case 'no-jump':
      return NIGHT;
  }
}

function flat(name: string, value: (rng: Rng) => number): ShapeMaker {
  return (rng) => ({
    name,
    at: timeline(rng, LENGTH, 5 * MINUTE_MS),
    values: new Float64Array(LENGTH).map(() => value(rng)),
    labels: [],
  });
}

/** Mostly nothing, a spike of one height now and then, and then far more of them. */
function spikeDensity(rng: Rng): Shape {
  const onset = Math.floor(LENGTH * rng.between(0.4, 0.8));
  const lasts = rng.whole(200, 500);
  const height = rng.between(15, 25);
  const gap = rng.whole(60, 140);
  const values = new Float64Array(LENGTH);
  for (let i = 0; i < LENGTH; ) {
    values[i] = height;
    const dense = i >= onset && i < onset + lasts;
    i += Math.max(2, Math.round((dense ? gap / rng.between(4, 8) : gap) * rng.between(0.7, 1.3)));
  }
  return {
    name: 'spike density',
    at: timeline(rng, LENGTH, 5 * MINUTE_MS),
    values,
    labels: [onset + rng.whole(0, 40)],
  };
}

/** Small noise with single spikes, and once a whole group of high ones. */
function balancerSpikes(rng: Rng): Shape {
  const onset = Math.floor(LENGTH * rng.between(0.4, 0.85));
  const lasts = rng.whole(30, 120);
  const values = new Float64Array(LENGTH).map((_, i) => {
    const calm = Math.abs(rng.normal(0.05, 0.03));
    if (i >= onset && i < onset + lasts) return calm + rng.between(0.8, 2.5);
    return rng.chance(1 / 80) ? calm + rng.between(0.3, 1.6) : calm;
  });
  return {
    name: 'load balancer spikes',
    at: timeline(rng, LENGTH, 5 * MINUTE_MS),
    values,
    labels: [onset + rng.whole(-20, lasts)],
  };
}

export const artificialNoAnomaly: readonly ShapeMaker[] = [
  squareWave('none', 0, 'daily, no noise'),
  squareWave('none', 0, 'perfect square wave'),
  squareWave('none', 4, 'daily, small noise'),
  flat('flat line', () => 45),
  flat('noise', (rng) => rng.between(-10, 10)),
];

export const artificialWithAnomaly: readonly ShapeMaker[] = [
  squareWave('flat-middle', 4, 'flat middle'),
  squareWave('jump-up', 4, 'jump up'),
  squareWave('jump-down', 4, 'jump down'),
  squareWave('no-jump', 4, 'no jump'),
  spikeDensity,
  balancerSpikes,
];

import { DAY_MS, HOUR_MS, MINUTE_MS } from '../model/time.ts';
import { isWeekend } from '../model/week.ts';
import { callAsync, callDirect } from './callers.ts';
import { EVENT, plan } from './event-heap.ts';
import { FLAG } from './messages.ts';
import { queueAt, sendMessage } from './queues.ts';
import { normal, poisson, uniform } from './random.ts';
import { functionAt } from './runtime.ts';
import type { TrafficShape } from './scenario.ts';
import type { ProducerState, World } from './state.ts';

/** The slow noise of a rate: what it keeps from one minute to the next. */
const NOISE_KEPT = 0.98;

/** Factor of a rate at an instant of the scenario: daily rhythm, weekend and growth, without noise. */
export function rhythm(world: World, shape: TrafficShape, at: number): number {
  const instant = world.scenario.startAt + at;
  const hour = (instant % DAY_MS) / HOUR_MS - world.rhythmShiftHours;
  const daily = 1 + shape.dailyAmplitude * Math.cos(((hour - shape.peakHour) / 12) * Math.PI);
  const growth = shape.growthPerDay === undefined ? 1 : (1 + shape.growthPerDay) ** (at / DAY_MS);
  return daily * growth * (isWeekend(instant) ? shape.weekendFactor : 1);
}

/** Draws how many arrivals the coming minute has and plans the first. */
export function onProducerMinute(world: World, producer: ProducerState): void {
  const { traffic } = producer.spec;
  const at = world.now;
  if (traffic.kind === 'schedule') {
    const minute = Math.round(at / MINUTE_MS);
    if (minute < traffic.offsetMinutes || (minute - traffic.offsetMinutes) % traffic.everyMinutes !== 0)
      return;
    producer.left = Math.round(traffic.count * producer.factor);
    // At once is a millisecond apart.
    producer.leftStepMs = Math.max(1, (traffic.spreadSeconds * 1000) / Math.max(1, producer.left));
    if (producer.left > 0)
      plan(world.heap, at + uniform(producer.rng) * 1_000, EVENT.arrival, producer.index);
    return;
  }
  const { shape } = traffic;
  producer.noise =
    NOISE_KEPT * producer.noise + Math.sqrt(1 - NOISE_KEPT ** 2) * shape.noiseSigma * normal(producer.rng);
  const mean = traffic.perMinute * rhythm(world, shape, at) * Math.exp(producer.noise) * producer.factor;
  producer.left = poisson(producer.rng, mean);
  producer.leftUntil = at + MINUTE_MS;
  producer.leftStepMs = 0;
  planArrival(world, producer);
}

/** The next of the arrivals that are left, evenly spread at random over what is left of the minute. */
function planArrival(world: World, producer: ProducerState): void {
  if (producer.left <= 0) return;
  if (producer.leftStepMs > 0) {
    plan(world.heap, world.now + producer.leftStepMs, EVENT.arrival, producer.index);
    return;
  }
  const span = producer.leftUntil - world.now;
  const step = span * (1 - uniform(producer.rng) ** (1 / producer.left));
  plan(world.heap, world.now + step, EVENT.arrival, producer.index);
}

export function onArrival(world: World, producer: ProducerState): void {
  producer.left--;
  planArrival(world, producer);
  const { kind } = producer.spec.target;
  if (kind === 'queue') send(world, producer);
  else if (kind === 'direct') callDirect(world, producer, { attempt: 0, cause: -1 });
  else callAsync(world, functionAt(world, producer.target), -1);
}

function send(world: World, producer: ProducerState): void {
  const queue = queueAt(world, producer.target);
  sendMessage(world, queue, { flags: 0, cause: -1, hops: 0, delayMs: 0 });
  for (let copy = 0; copy < producer.copies; copy++) {
    sendMessage(world, queue, {
      flags: FLAG.superfluous,
      cause: producer.copiesCause,
      hops: 0,
      delayMs: 0,
    });
  }
}

import type { Inventory } from '../../model/inventory.ts';
import { DAY_MS, type EpochMs, MINUTE_MS } from '../../model/time.ts';
import type { ReadGap, Window } from '../../model/window.ts';
import { readMetricData } from './metric-data.ts';
import { requestsFor } from './metric-request.ts';
import { byName, functionSeries, keyOf, queueSeries } from './series.ts';
import { BASE_METRICS, QUEUE_METRICS } from './series-plan.ts';
import type { Wire } from './wire.ts';

/** Datapoints of a minute are kept for 15 days (CloudWatch concepts, "Metrics retention", 2026-08). */
export const MINUTES_KEPT_MS = 15 * DAY_MS;

/**
 * The series of an incident's functions and queues over any span, read again: what a report draws. CloudWatch is the only
 * one that keeps them. Depths are those of the metrics, as attributes cannot be asked for the past.
 */
export async function readIncidentWindow(
  wire: Wire,
  inventory: Inventory,
  span: { readonly startAt: EpochMs; readonly minutes: number; readonly gaps: readonly ReadGap[] },
): Promise<Window> {
  const requests = [
    ...inventory.functions.flatMap(({ name }) => requestsFor('AWS/Lambda', name, BASE_METRICS)),
    ...inventory.queues.flatMap(({ name }) => requestsFor('AWS/SQS', name, QUEUE_METRICS)),
  ];
  const answer = await readMetricData(wire, requests, {
    startAt: span.startAt,
    points: span.minutes,
    periodMs: MINUTE_MS,
  });
  const values = byName([answer]);
  return {
    startAt: span.startAt,
    minutes: span.minutes,
    inventory,
    functions: new Map(
      inventory.functions.map(({ name }) => [
        name,
        functionSeries(values.get(keyOf('AWS/Lambda', name)), undefined),
      ]),
    ),
    queues: new Map(
      inventory.queues.map(({ name }) => [name, queueSeries(values.get(keyOf('AWS/SQS', name)))]),
    ),
    depths: new Map(),
    moveTasks: [],
    gaps: [...span.gaps, ...answer.gaps],
  };
}

import { DETECTOR_IDS, type DetectorId } from '../model/finding.ts';

/**
 * Which finding is the cause where several are about the same function or queue: the earlier in this list explains the
 * later, which become its evidence. A queue's retries cause errors, throttles, concurrency and cost, never the reverse.
 */
export const CAUSE_FIRST: readonly DetectorId[] = [
  'recursion',
  'visibility-loop',
  'redrive-ping-pong',
  'retry-loop',
  'stream-poison-record',
  'async-retry-storm',
  'throttle-storm',
  'error-storm',
  'dead-letter-flood',
  'duration-regression',
  'concurrency-runaway',
  'traffic-amplification',
  'cost-anomaly',
  'budget-burn-rate',
];

const RANK = new Map(DETECTOR_IDS.map((id) => [id, CAUSE_FIRST.indexOf(id)]));

/** Sorts causes before what they cause. */
export function byCause(a: DetectorId, b: DetectorId): number {
  return (RANK.get(a) ?? 0) - (RANK.get(b) ?? 0);
}

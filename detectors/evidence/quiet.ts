import { settleMinutes } from './attempts.ts';
import type { Consumer } from './consumer.ts';

/** A minute adds 5 nats at the most, and 15 decide: fewer failing minutes or messages than this cannot. */
const DECISIVE = 3;

/**
 * Whether too little has failed in the window for any decision: most consumers, most of the time. Cheap, since every
 * consumer is asked at every tick. What cannot be read is not quiet.
 */
export function isQuiet({ fn, source, lambda, sqs }: Consumer, minutes: number): boolean {
  const { received, deleted } = sqs;
  const { errors, throttles } = lambda;
  if (received === undefined || deleted === undefined || errors === undefined) return false;
  let failing = 0;
  for (let i = 0; i < minutes; i++) {
    if ((errors[i] as number) > 0 || (throttles !== undefined && (throttles[i] as number) > 0)) failing++;
  }
  if (failing >= DECISIVE) return false;
  // Where Errors tell, only the minutes whose Errors are not complete yet are left to look at.
  const from = source.partialBatchResponses ? 0 : Math.max(0, minutes - 2 * settleMinutes(fn));
  let undeleted = 0;
  for (let i = from; i < minutes; i++) {
    const difference = (received[i] as number) - (deleted[i] as number);
    if (!Number.isNaN(difference)) undeleted += difference;
  }
  return undeleted < DECISIVE;
}

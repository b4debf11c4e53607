import { asyncRetryStorm } from './async-retry-storm.ts';
import { budgetBurnRate } from './budget-burn-rate.ts';
import { concurrencyRunaway } from './concurrency-runaway.ts';
import { costAnomaly } from './cost-anomaly.ts';
import { deadLetterFlood } from './dead-letter-flood.ts';
import type { Detector } from './detector.ts';
import { durationRegression } from './duration-regression.ts';
import { errorStorm } from './error-storm.ts';
import { recursion } from './recursion.ts';
import { redrivePingPong } from './redrive-ping-pong.ts';
import { retryLoop } from './retry-loop.ts';
import { streamPoisonRecord } from './stream-poison-record.ts';
import { throttleStorm } from './throttle-storm.ts';
import { trafficAmplification } from './traffic-amplification.ts';
import { visibilityLoop } from './visibility-loop.ts';

/** Every detector, in no order that matters. */
export const DETECTORS: readonly Detector[] = [
  retryLoop,
  asyncRetryStorm,
  concurrencyRunaway,
  costAnomaly,
  deadLetterFlood,
  durationRegression,
  errorStorm,
  recursion,
  redrivePingPong,
  streamPoisonRecord,
  throttleStorm,
  trafficAmplification,
  visibilityLoop,
  budgetBurnRate,
];

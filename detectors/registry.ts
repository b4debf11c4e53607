import type { Detector } from './detector.ts';
import { retryLoop } from './retry-loop.ts';

/** Every detector, in no order that matters. */
export const DETECTORS: readonly Detector[] = [retryLoop];

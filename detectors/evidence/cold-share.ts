import { median } from '../../src/stats/series.ts';
import type { Attempts } from './attempts.ts';
import { usualShare } from './shares.ts';

/**
 * Without any history one attempt in so many is taken to fail: who can say that it does not (assumption). Each that
 * succeeds before the first failure counts as much: Laplace's rule of succession.
 */
const PRIOR_ATTEMPTS = 100;

/** A function that fails more often than this from its first minute on is worth a word, history or not. */
const USUAL_SHARE_MAX = 0.15;

/** So many quarters of an hour make a norm; in a window that is shorter nothing is known yet. */
const BLOCKS_MIN = 3;

const BLOCK_MINUTES = 15;
const BLOCK_ATTEMPTS_MIN = 10;

/**
 * What is normal for a function without history: how often it fails in a usual quarter of an hour of the window, and two
 * standard errors more. Bounded, so that an incident that fills the window does not become the norm.
 */
export function coldShare(data: Attempts): number {
  const { attempts, failed } = data;
  if (attempts.length < BLOCKS_MIN * BLOCK_MINUTES) return USUAL_SHARE_MAX;
  const shares: number[] = [];
  let total = 0;
  for (let from = 0; from + BLOCK_MINUTES <= attempts.length; from += BLOCK_MINUTES) {
    let tried = 0;
    let lost = 0;
    for (let i = from; i < from + BLOCK_MINUTES; i++) {
      tried += attempts[i] as number;
      lost += failed[i] as number;
    }
    if (tried < BLOCK_ATTEMPTS_MIN) continue;
    shares.push(Math.max(0, lost) / tried);
    total += tried;
  }
  const mean = shares.length === 0 ? 0 : median(shares);
  const usual = usualShare({ mean, p95: mean, attempts: total });
  return Math.min(USUAL_SHARE_MAX, Math.max(usual, 1 / (PRIOR_ATTEMPTS + healthyBefore(data))));
}

/** Less that has failed is the jitter of one-minute counts. */
const FAILED_MIN = 0.5;

/** Attempts in the window before anything failed. */
function healthyBefore({ attempts, failed }: Attempts): number {
  let healthy = 0;
  for (let i = 0; i < attempts.length; i++) {
    if ((failed[i] as number) > FAILED_MIN) break;
    healthy += attempts[i] as number;
  }
  return healthy;
}

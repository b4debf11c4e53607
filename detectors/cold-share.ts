import { median } from '../src/stats/series.ts';
import type { Attempts } from './attempts.ts';

/** Without history a function is taken to fail this often at least: who can say that it does not (assumption). */
const PRIOR_FAILED_SHARE = 0.03;

/** A function that fails more often than this from its first minute on is worth a word, history or not. */
const USUAL_SHARE_MAX = 0.15;

/** So many quarters of an hour make a norm; in a window that is shorter nothing is known yet. */
const BLOCKS_MIN = 3;

const BLOCK_MINUTES = 15;
const BLOCK_ATTEMPTS_MIN = 10;

/**
 * What is normal for a function without history: how often it fails in a usual quarter of an hour of the window. Bounded,
 * so that an incident that fills the window does not become the norm.
 */
export function coldShare({ attempts, failed }: Attempts): number {
  const shares: number[] = [];
  for (let from = 0; from + BLOCK_MINUTES <= attempts.length; from += BLOCK_MINUTES) {
    let tried = 0;
    let lost = 0;
    for (let i = from; i < from + BLOCK_MINUTES; i++) {
      tried += attempts[i] as number;
      lost += failed[i] as number;
    }
    if (tried >= BLOCK_ATTEMPTS_MIN) shares.push(Math.max(0, lost) / tried);
  }
  if (attempts.length < BLOCKS_MIN * BLOCK_MINUTES) return USUAL_SHARE_MAX;
  const usual = shares.length === 0 ? 0 : median(shares);
  return Math.min(USUAL_SHARE_MAX, Math.max(PRIOR_FAILED_SHARE, usual));
}

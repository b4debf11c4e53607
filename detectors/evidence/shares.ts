/** `0.4 %`, `37 %`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}

/**
 * What people live with: the mean forgives single bad hours, the 95th percentile does not; the truth lies between. Two
 * standard errors are added, since few attempts say little about a share.
 */
export function usualShare(history: {
  readonly mean: number;
  readonly p95: number;
  readonly attempts: number;
}): number {
  const { mean, p95, attempts } = history;
  const share = Math.max(mean, Math.min(p95, 3 * mean));
  return attempts > 0 ? Math.min(1, share + 2 * Math.sqrt((share * (1 - share)) / attempts)) : share;
}

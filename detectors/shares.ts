/** `0.4 %`, `37 %`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}

/** What people live with: the mean forgives single bad hours, the 95th percentile does not; the truth lies between. */
export function usualShare(mean: number, p95: number): number {
  return Math.max(mean, Math.min(p95, 3 * mean));
}

/** User and system time of this process so far, ms. The machine may be shared: what other processes do is not in it. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Highest resident set of this process so far, MB. */
export function peakRssMB(): number {
  return process.resourceUsage().maxRSS / 1024;
}

/** CPU time of `work`, ms, and what it returned. */
export async function timed<T>(
  work: () => T | Promise<T>,
): Promise<{ readonly ms: number; readonly value: T }> {
  const from = cpuMs();
  const value = await work();
  return { ms: cpuMs() - from, value };
}

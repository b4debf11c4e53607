export interface SimulatedClock {
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** Time passes in it only while everybody sleeps: then it is the instant at which the first of them wakes. */
export function simulatedClock(): SimulatedClock {
  let now = 0;
  const sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  let isDue = false;
  const wakeTheFirst = () => {
    isDue = false;
    sleepers.sort((a, b) => a.at - b.at);
    const first = sleepers.shift();
    if (first === undefined) return;
    now = Math.max(now, first.at);
    first.wake();
    schedule();
  };
  const schedule = () => {
    if (isDue || sleepers.length === 0) return;
    isDue = true;
    setImmediate(wakeTheFirst);
  };
  return {
    now: () => now,
    sleep: (ms) =>
      new Promise((wake) => {
        sleepers.push({ at: now + ms, wake });
        schedule();
      }),
  };
}

/**
 * The emulator's clock runs faster than the real one, so that minutes of metrics fit into seconds of test. Both
 * agreed at `originAt`. Tests hand the same clock to firebreak (`Io.now`, `Io.sleep`).
 */
export interface EmulatedClock {
  readonly originAt: number;
  readonly speed: number;
}

/** The emulated instant, epoch ms. */
export function emulatedNow(clock: EmulatedClock): number {
  return Math.round(clock.originAt + (Date.now() - clock.originAt) * clock.speed);
}

/** Real milliseconds that pass while `emulatedMs` pass there. */
export function realMs(clock: EmulatedClock, emulatedMs: number): number {
  return emulatedMs / clock.speed;
}

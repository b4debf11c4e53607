// Loaded into every function's process: there, too, `Date` tells the emulated time. Timers stay real.
const speed = Number(process.env.FIREBREAK_EMULATOR_SPEED);
const originAt = Number(process.env.FIREBREAK_EMULATOR_ORIGIN_SECONDS) * 1_000;
const RealDate = Date;
const now = () => Math.round(originAt + (RealDate.now() - originAt) * speed);

globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(now());
    else super(...args);
  }
  static now() {
    return now();
  }
};

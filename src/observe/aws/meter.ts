import type { Operation } from './calls.ts';

/** What was asked for, and for how long it was under way, all calls added up. */
export interface Taken {
  readonly count: number;
  readonly ms: number;
}
export interface Measured {
  readonly depths: Taken;
  readonly metrics: Taken;
}

const NOTHING: Taken = { count: 0, ms: 0 };
export const NOTHING_MEASURED: Measured = { depths: NOTHING, metrics: NOTHING };

/** Which calls are worth spreading over several readers: their number grows with the fleet at every tick. */
const MEASURED: Partial<Readonly<Record<Operation, keyof Measured>>> = {
  GetQueueAttributes: 'depths',
  GetMetricData: 'metrics',
};

/** How long reading takes, without the time that calls wait for their turn. */
export interface Meter {
  took(operation: Operation, count: number, ms: number): void;
  /** What another reader measured. */
  add(other: Measured): void;
  measured(): Measured;
  /** What was measured before counts half from now on. */
  age(): void;
}

export function meter(): Meter {
  let measured = NOTHING_MEASURED;
  return {
    took(operation, count, ms) {
      const kind = MEASURED[operation];
      if (kind !== undefined) measured = sum(measured, { ...NOTHING_MEASURED, [kind]: { count, ms } });
    },
    add(other) {
      measured = sum(measured, other);
    },
    measured: () => measured,
    age() {
      measured = { depths: half(measured.depths), metrics: half(measured.metrics) };
    },
  };
}

function sum(a: Measured, b: Measured): Measured {
  const of = (kind: keyof Measured) => ({
    count: a[kind].count + b[kind].count,
    ms: a[kind].ms + b[kind].ms,
  });
  return { depths: of('depths'), metrics: of('metrics') };
}

function half({ count, ms }: Taken): Taken {
  return { count: count / 2, ms: ms / 2 };
}

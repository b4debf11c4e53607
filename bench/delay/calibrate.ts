import { RULES, type Rule } from './oracle.ts';
import type { BenignCase, LoopCase } from './worker.ts';

/** Loops fail mostly; a poisoned share fails now and then. The oracle is told which, so each has a rule of its own. */
export type LoopClass = 'loop' | 'poison';

export function classOf({ told }: LoopCase): LoopClass {
  return told.after >= 0.5 ? 'loop' : 'poison';
}

export interface Calibrated {
  readonly rule: Rule;
  readonly index: number;
  /** Alarms on the benign seeds. */
  readonly alarms: number;
}

/** A case the oracle never decides counts as this many minutes when its rule is chosen. */
const MISSED_MINUTES = 240;

/**
 * The fastest rule, in the mean over the very cases it is compared on, that raises no more alarms than firebreak does
 * on the benign seeds; `null`: none does.
 */
export function calibrate(input: {
  readonly kind: LoopClass;
  readonly loops: readonly LoopCase[];
  readonly benign: readonly BenignCase[];
  readonly alarmsAllowed: number;
}): Calibrated | null {
  const mine = input.loops.filter((one) => classOf(one) === input.kind);
  let best: (Calibrated & { readonly mean: number }) | null = null;
  RULES.forEach((rule, index) => {
    const alarms = input.benign.reduce((sum, one) => sum + (one.oracleAlarms[input.kind][index] ?? 0), 0);
    if (alarms > input.alarmsAllowed) return;
    const total = mine.reduce((sum, one) => sum + (one.oracleMinutes[index] ?? MISSED_MINUTES), 0);
    const mean = total / Math.max(1, mine.length);
    if (best === null || mean < best.mean) best = { rule, index, alarms, mean };
  });
  return best;
}

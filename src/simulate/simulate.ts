import { advance, closeBooks, startWorld } from './engine.ts';
import type { Scenario } from './scenario.ts';
import { type TraceDocument, writeTrace } from './trace.ts';
import { type TruthDocument, writeTruth } from './truth.ts';

export interface Simulation {
  readonly trace: TraceDocument;
  readonly truth: TruthDocument;
  /** Events handled: what performance is measured in. */
  readonly events: number;
}

/** Runs a scenario to its end. The same scenario and seed give the same trace and truth, to the byte. */
export function simulate(scenario: Scenario, seed = scenario.seed): Simulation {
  const world = startWorld({ ...scenario, seed });
  advance(world, world.endAt);
  closeBooks(world);
  return { trace: writeTrace(world), truth: writeTruth(world), events: world.events };
}

import type { Baselines } from '../src/model/baseline.ts';
import type { DetectorId, Finding } from '../src/model/finding.ts';
import type { Window } from '../src/model/window.ts';

/** `namespace/metric/statistic`, as in CloudWatch: what a detector reads, and so what it costs to read. */
export type MetricRef = `${'AWS/Lambda' | 'AWS/SQS'}/${string}/${'Sum' | 'Average' | 'Maximum'}`;

/** A pure function of what is readable: no clock, no I/O, no configuration, no severity, no money. */
export interface Detector {
  readonly id: DetectorId;
  /** One sentence: what goes wrong. */
  readonly doc: string;
  readonly requires: readonly MetricRef[];
  evaluate(window: Window, baselines: Baselines): Finding[];
}

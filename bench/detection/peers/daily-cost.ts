import { DAY_MS } from '../../../src/model/time.ts';
import type { TruthDocument } from '../../../src/simulate/truth.ts';
import { namesOf, trueExcessUsd } from '../../score.ts';
import type { Page } from '../page.ts';

/** Nobody looks at a bill for less. */
const USD_MIN = 1;

/**
 * A cost tool at its best: it finds every incident that wastes a dollar in the trace and is never wrong, but its data are a day
 * late (Cost Explorer and Cost Anomaly Detection: "up to 24 hours", AWS Cost Management user guide, 2026).
 */
export function dailyCostPages(truth: TruthDocument): readonly Page[] {
  return truth.positives
    .filter((positive) => trueExcessUsd(truth, positive) >= USD_MIN)
    .map((positive) => ({
      at: Date.parse(positive.onset) + DAY_MS,
      resources: [...namesOf(positive)],
      what: 'the bill of yesterday',
    }));
}

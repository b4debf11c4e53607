import { DAY_MS, type EpochMs } from '../../model/time.ts';
import { createEventGate } from './events.ts';
import { dayView, departureView, levelView, seasonView, spreadView } from './local-views.ts';
import { noveltyView } from './novelty-view.ts';
import { createSeasonalBaseline } from './seasonal-baseline.ts';
import { lasting, type Point, type View } from './view.ts';

/** Scores one series, point by point. A score depends on that point and the ones before it, on nothing later. */
export interface AnomalyScorer {
  /**
   * 0 (as usual, or part of an event already reported) to 1. About S / (S + 5), S being the decades of surprise all views
   * agree on: 0.29 is one point in a hundred, 0.38 one in a thousand. `value` NaN is a missing point: 0, and nothing is
   * learnt from it. `at` NaN is an unknown instant: only the seasons do without it.
   */
  push(at: EpochMs, value: number): number;
}

export interface AnomalyScorerOptions {
  /** Points remembered for what is usual; bounds memory and time per point. Default 10,000 (five weeks of 5 min). */
  readonly historyPoints?: number;
}

const HISTORY_POINTS = 10_000;
const DAY = { periodMs: DAY_MS, slots: 96, keep: 7, minimum: 2 } as const;
const WEEK = { periodMs: 7 * DAY_MS, slots: 168, keep: 4, minimum: 2 } as const;
/** Views that see the same event up to this many points apart are counted together. */
const LASTING_POINTS = 3;
/** Of the power mean over views: 1 asks all of them, infinity the loudest. */
const FUSION_POWER = 2;
/** What the loudest view counts if all others are silent: a missing peak, say, is seen by its season alone. */
const LOUDEST_SHARE = 0.4;
/**
 * Decades taken off per tenfold length of the series so far: in a long series more points are rare by chance alone.
 * Neutral at 2,000 points.
 */
const LENGTH_DECADES = 0.1;
const LENGTH_NEUTRAL_DECADES = Math.log10(2000);
const LENGTH_POINTS_MIN = 100;
/** Decades of surprise at which the score is one half. */
const HALF_SCORE_DECADES = 5;
/** Keeps differences and squares of any two values finite. */
const MAGNITUDE_MAX = 1e150;

interface WeightedView {
  readonly weight: number;
  readonly view: View;
}

/** Works for any regular or irregular series of at least a few dozen points; see docs/anomaly-core.md. */
export function createAnomalyScorer(options: AnomalyScorerOptions = {}): AnomalyScorer {
  const views = createViews(options.historyPoints ?? HISTORY_POINTS);
  const weightTotal = views.reduce((sum, { weight }) => sum + weight, 0);
  const gate = createEventGate();
  const day = createSeasonalBaseline(DAY);
  let points = 0;
  return {
    push(at, value) {
      if (Number.isNaN(value)) return 0;
      const bounded = Math.min(MAGNITUDE_MAX, Math.max(-MAGNITUDE_MAX, value));
      const point: Point = { at, value: bounded, usual: day.expected(at) };
      day.observe(at, bounded);
      points += 1;
      let sum = 0;
      let loudest = 0;
      for (const { weight, view } of views) {
        const decades = view.observe(point);
        sum += weight * decades ** FUSION_POWER;
        loudest = Math.max(loudest, decades);
      }
      const agreed = Math.max((sum / weightTotal) ** (1 / FUSION_POWER), LOUDEST_SHARE * loudest);
      const length = Math.log10(Math.max(LENGTH_POINTS_MIN, points)) - LENGTH_NEUTRAL_DECADES;
      const surprise = gate.admit(agreed - LENGTH_DECADES * length);
      return surprise / (surprise + HALF_SCORE_DECADES);
    },
  };
}

/** Weights were chosen on synthetic series (docs/anomaly-core.md says which); any near them do about as well. */
function createViews(historyPoints: number): readonly WeightedView[] {
  const novelty = (pointsPerBin: number, bins: number, binValue: 'mean' | 'extreme'): View =>
    lasting(
      noveltyView({
        pointsPerBin,
        bins,
        binValue,
        historyPoints,
        historyBins: Math.ceil((2 * historyPoints) / pointsPerBin),
      }),
      pointsPerBin,
    );
  const local = (view: View): View => lasting(view, LASTING_POINTS);
  return [
    { weight: 1.5, view: local(levelView(historyPoints)) },
    { weight: 1.75, view: local(departureView(historyPoints, 1)) },
    { weight: 0.5, view: local(departureView(historyPoints, 20)) },
    { weight: 0.75, view: local(departureView(historyPoints, 100)) },
    { weight: 0.5, view: local(spreadView(historyPoints, 24)) },
    { weight: 1.5, view: local(dayView(historyPoints)) },
    { weight: 0.75, view: local(seasonView(historyPoints, WEEK)) },
    { weight: 1, view: novelty(3, 8, 'mean') },
    { weight: 1, view: novelty(5, 8, 'extreme') },
    { weight: 1, view: novelty(5, 4, 'mean') },
    { weight: 1.5, view: novelty(12, 8, 'mean') },
  ];
}

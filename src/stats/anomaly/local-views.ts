import { createSeasonalBaseline, type SeasonOptions } from './seasonal-baseline.ts';
import { createTail } from './tail.ts';
import type { View } from './view.ts';

/** The value itself: higher or lower than this series ever is. */
export function levelView(historyPoints: number): View {
  const tail = createTail({ sides: 'both', historyPoints });
  return { observe: ({ value }) => tail.observe(value) };
}

/**
 * Distance from an exponential average over about `span` points (a span of 1 is the step from the point before), or from
 * what is usual at this time of day where that is nearer: what either explains is no surprise, so the jump of every
 * morning is none.
 */
export function departureView(historyPoints: number, span: number): View {
  const tail = createTail({ sides: 'both', historyPoints });
  let average = Number.NaN;
  return {
    observe({ value, usual }) {
      if (Number.isNaN(average)) average = value;
      const departure = value - average;
      average += departure / span;
      const fromUsual = Number.isNaN(usual) ? Number.POSITIVE_INFINITY : Math.abs(value - usual);
      return tail.observe(Math.sign(departure) * Math.min(Math.abs(departure), fromUsual));
    },
  };
}

/** Standard deviation of the last `span` points: noisier than usual, or quieter. */
export function spreadView(historyPoints: number, span: number): View {
  const tail = createTail({ sides: 'both', historyPoints });
  const recent: number[] = [];
  return {
    observe({ value }) {
      recent.push(value);
      if (recent.length > span) recent.shift();
      if (recent.length < span) return 0;
      const mean = recent.reduce((sum, each) => sum + each, 0) / span;
      const variance = recent.reduce((sum, each) => sum + (each - mean) ** 2, 0) / span;
      return tail.observe(Math.sqrt(variance));
    },
  };
}

/** Distance from what is usual at this time of day; silent until that is known. */
export function dayView(historyPoints: number): View {
  const tail = createTail({ sides: 'both', historyPoints });
  return { observe: ({ value, usual }) => (Number.isNaN(usual) ? 0 : tail.observe(value - usual)) };
}

/** Distance from what is usual at this time of another season; silent until that is known. */
export function seasonView(historyPoints: number, season: SeasonOptions): View {
  const tail = createTail({ sides: 'both', historyPoints });
  const baseline = createSeasonalBaseline(season);
  return {
    observe({ at, value }) {
      const expected = baseline.expected(at);
      baseline.observe(at, value);
      return Number.isNaN(expected) ? 0 : tail.observe(value - expected);
    },
  };
}

/**
 * One alarm per event. After an alarm nothing is reported for a while unless it is clearly more surprising than what was
 * reported: the same event goes on, and each repetition would be one more interruption.
 */
export interface EventGate {
  /** The surprise where it is news, 0 otherwise. */
  admit(surprise: number): number;
}

/** Points for which an event is held to go on; early in a series a share of what was seen so far. */
const REST_POINTS_MAX = 150;
const REST_SHARE = 0.08;
/** Decades by which a point must outdo the alarm before it. */
const NEWS_DECADES = 0.7;
/** Nothing below this is worth a word: it happens every other point. */
const WORTH_DECADES = 0.3;

export function createEventGate(): EventGate {
  let seen = 0;
  let alarmAt = Number.NEGATIVE_INFINITY;
  let reported = 0;
  return {
    admit(surprise) {
      const index = seen;
      seen += 1;
      if (!(surprise > WORTH_DECADES)) return 0;
      const rest = Math.min(REST_POINTS_MAX, REST_SHARE * index);
      if (index - alarmAt < rest && surprise <= reported + NEWS_DECADES) return 0;
      alarmAt = index;
      reported = surprise;
      return surprise;
    },
  };
}

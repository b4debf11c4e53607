import type { Series } from '../../src/model/window.ts';
import { type Attempts, settleMinutes } from './attempts.ts';
import type { Consumer } from './consumer.ts';
import type { Episode } from './failure-episode.ts';
import { hasTimedOut, timedOutShare } from './timed-out.ts';

/** Above this share of failed invocations their own duration can be told from the healthy ones' natural spread. */
const DISTINCT_SHARE = 0.2;

/**
 * Share of the function's spend that was for nothing, by minute of start, over the whole window: an incident may have
 * begun before the episode that is under way now. Where Errors is complete, failed invocations
 * are counted; what they took is their timeout, or what is left of Duration after the healthy ones took their usual time.
 */
export function wastedShareOf(consumer: Consumer, data: Attempts, episode: Episode): Series {
  const { invocations, errors, durationSumMs, durationMaximumMs: longest } = consumer.lambda;
  const minutes = data.attempts.length;
  const healthyMs = consumer.functionBaseline?.durationMs ?? Number.NaN;
  const completeUntil = minutes - settleMinutes(consumer.fn);
  const shares = new Float64Array(minutes);
  const onset = Math.floor(episode.onsetMinute);
  for (let i = 0; i < minutes; i++) {
    const invoked = invocations?.[i] ?? Number.NaN;
    const wrong = errors?.[i] || 0;
    const tookMs = durationSumMs?.[i] ?? Number.NaN;
    if (consumer.source.partialBatchResponses || i >= completeUntil || !(invoked > 0) || !(tookMs > 0)) {
      shares[i] = shareOf(data, i, i >= onset ? episode.failedShare : 0);
    } else if (wrong > 0 && wrong >= invoked) {
      shares[i] = 1;
    } else if (wrong > 0 && hasTimedOut(consumer.fn, longest?.[i])) {
      shares[i] = timedOutShare(consumer.fn, wrong, tookMs);
    } else if (wrong > 0 && Number.isFinite(healthyMs) && wrong / invoked > DISTINCT_SHARE) {
      shares[i] = Math.min(1, Math.max(0, 1 - ((invoked - wrong) * healthyMs) / tookMs));
    } else {
      shares[i] = wrong / invoked;
    }
  }
  return shares;
}

function shareOf(data: Attempts, i: number, fallback: number): number {
  const tried = data.attempts[i] as number;
  if (tried <= 0) return fallback;
  return Math.min(1, Math.max(0, (data.failed[i] as number) / tried));
}

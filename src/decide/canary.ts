import { attemptsOf, invocationAttempts, settleMinutes } from '../../detectors/evidence/attempts.ts';
import { consumersOf } from '../../detectors/evidence/consumer.ts';
import type { Baselines } from '../model/baseline.ts';
import { formatCount, formatDuration } from '../model/format.ts';
import type { LambdaFunction, Queue } from '../model/inventory.ts';
import type { KillRecord } from '../model/kill.ts';
import { type EpochMs, MINUTE_MS, SECOND_MS } from '../model/time.ts';
import type { Window } from '../model/window.ts';
import { minuteNats, NATS_PER_MINUTE, rateTests } from '../stats/sequential.ts';

/** - `unseen`: neither queue nor function can be read, so nothing is concluded. */
export interface CanaryVerdict {
  readonly kind: 'watching' | 'passed' | 'failed' | 'unseen';
  readonly detail: string;
}

/** Retry cycles that a restore is watched for: a loop shows itself in the second, when what failed comes back. */
const CYCLES = 3;
const WATCH_MS_MIN = 10 * MINUTE_MS;
/** Longer cycles are not waited for: the window shows three hours, and messages should not wait for days. */
const WATCH_MS_MAX = 90 * MINUTE_MS;
/** CloudWatch shows a minute one to two minutes after it is over (see docs/benchmark/delay.md). */
const READABLE_MS = 3 * MINUTE_MS;
/**
 * Evidence that the loop is still there: by Wald's bound a healthy function is stopped again in at most one watch of a
 * thousand (e^-7). At 5 nats a minute it takes two minutes at the least.
 */
const NATS_TO_FAIL = 7;

/** How long a restore of this function is watched: some retry cycles, the run that is under way, and the metrics' delay. */
export function watchMsOf(fn: LambdaFunction | undefined, queues: readonly Queue[]): number {
  const names = new Set(fn?.eventSources.map(({ source }) => source));
  const cycles = queues
    .filter(({ name }) => names.has(name))
    .map(({ visibilityTimeoutSeconds }) => CYCLES * visibilityTimeoutSeconds * SECOND_MS);
  const cyclesMs = Math.min(WATCH_MS_MAX, Math.max(WATCH_MS_MIN, ...cycles));
  return cyclesMs + (fn === undefined ? 0 : settleMinutes(fn) * MINUTE_MS) + READABLE_MS;
}

/**
 * Whether a function that runs again with few copies still fails as a loop does: deliveries since then, failed ones against
 * its usual share, by the sequential test that finds loops. One that passes has been watched to the end.
 */
export function judgeCanary(
  record: KillRecord,
  seen: { readonly window: Window; readonly baselines: Baselines; readonly now: EpochMs },
): CanaryVerdict {
  const { window, baselines, now } = seen;
  const startedAt = record.canary?.startedAt ?? now;
  const from = Math.max(0, Math.ceil((startedAt - window.startAt) / MINUTE_MS));
  const counted = countsSince(record, from, window, baselines);
  if (counted === null) {
    return {
      kind: 'unseen',
      detail: `${record.functionName} and its queue cannot be read: it stays under watch`,
    };
  }
  const { attempts, failed, nats } = counted;
  const seenText = `${formatCount(failed)} of ${formatCount(attempts)} deliveries failed within ${formatDuration(now - startedAt)}`;
  if (nats >= NATS_TO_FAIL) return { kind: 'failed', detail: `the loop is still there: ${seenText}` };
  const watchUntilAt = record.canary?.watchUntilAt ?? Number.POSITIVE_INFINITY;
  if (now < watchUntilAt) return { kind: 'watching', detail: seenText };
  return {
    kind: 'passed',
    detail: attempts === 0 ? 'nothing came that could have failed' : `no sign of the loop: ${seenText}`,
  };
}

interface Counted {
  readonly attempts: number;
  readonly failed: number;
  /** Highest that the evidence ever was. */
  readonly nats: number;
}

/** `null`: nothing of it is readable. */
function countsSince(
  { functionName, steps }: KillRecord,
  from: number,
  window: Window,
  baselines: Baselines,
): Counted | null {
  const tried = new Set(
    steps.flatMap((step) => (step.kind === 'limit-event-source' ? [step.eventSourceId] : [])),
  );
  const usual = baselines.functions.get(functionName);
  const minutes = window.minutes;
  const all = consumersOf(window, baselines)
    .filter(({ fn, source }) => fn.name === functionName && tried.has(source.id))
    .filter(({ sqs }) => sqs.received !== undefined && sqs.deleted !== undefined)
    .map((consumer) => ({
      ...attemptsOf(consumer, minutes),
      normalShare: consumer.queueBaseline?.failedReceiveShareP95 ?? usual?.errorShareP95 ?? 0,
    }));
  const lambda = window.functions.get(functionName);
  if (all.length === 0 && lambda?.invocations !== undefined && lambda.errors !== undefined) {
    const normalShare = usual?.errorShareP95 ?? 0;
    all.push({ ...invocationAttempts(lambda, minutes), normalShare });
  }
  if (all.length === 0) return null;
  const total = { attempts: 0, failed: 0, nats: 0 };
  for (const { attempts, failed, together, normalShare } of all) {
    const test = rateTests(Number.isNaN(normalShare) ? 0 : normalShare).raised;
    let nats = 0;
    for (let i = from; i < minutes; i++) {
      const [tries, failures] = [attempts[i] ?? 0, failed[i] ?? 0];
      total.attempts += tries;
      total.failed += failures;
      nats = Math.max(
        0,
        nats + Math.min(NATS_PER_MINUTE, minuteNats(test, tries / together, failures / together)),
      );
      total.nats = Math.max(total.nats, nats);
    }
  }
  return { ...total, failed: Math.max(0, total.failed) };
}

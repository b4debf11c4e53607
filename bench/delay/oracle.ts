import { attemptsOf } from '../../detectors/evidence/attempts.ts';
import { type Consumer, consumersOf } from '../../detectors/evidence/consumer.ts';
import type { Baselines } from '../../src/model/baseline.ts';
import { MINUTE_MS } from '../../src/model/time.ts';
import { WINDOW_MINUTES, type Window } from '../../src/model/window.ts';
import type { Trace } from '../../src/observe/trace/format.ts';
import { tickAt, traceSource } from '../../src/observe/trace/trace-source.ts';

/** What the oracle is told: the true failing share of delivery attempts without and with the trouble, 0..1. */
export interface Told {
  readonly before: number;
  readonly after: number;
}

/** When it decides: evidence in nats, and minutes of trouble it waits for, counted in one of two ways. */
export interface Rule {
  readonly nats: number;
  readonly persistenceMinutes: number;
  /** `span`: from the first failing minute to the newest; `failing`: only minutes that failed. */
  readonly counting: 'span' | 'failing';
}

export const RULES: readonly Rule[] = (['span', 'failing'] as const).flatMap((counting) =>
  [2, 4, 6, 8, 10, 13, 16, 20, 30].flatMap((nats) =>
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15].map((persistenceMinutes) => ({
      nats,
      persistenceMinutes,
      counting,
    })),
  ),
);

/** First ticks (their instants) at which each rule decided, and how often it did; an index for each of RULES. */
export interface OracleRun {
  readonly firstAt: (number | null)[];
  readonly alarms: number[];
  /** Tick at which the first failure of the trouble could be read at all. */
  readonly readableAt: number | null;
}

const SHARE_MIN = 0.002;
const SHARE_MAX = 0.98;

/**
 * Runs Page's test with the true shares over what was readable at each tick: over delivery attempts as firebreak reads
 * them, and over invocations as they are reported; the stronger of the two counts. Looks at ticks from `fromAt` to `untilAt`.
 */
export async function runOracle(
  trace: Trace,
  input: {
    readonly functionName: string;
    readonly told: Told;
    readonly fromAt: number;
    readonly untilAt: number;
  },
): Promise<OracleRun> {
  const source = traceSource(trace);
  const run: OracleRun = {
    firstAt: RULES.map(() => null),
    alarms: RULES.map(() => 0),
    readableAt: null,
  };
  const ringing = RULES.map(() => false);
  let baselines: Baselines | null = null;
  let readableAt: number | null = null;
  for (let period = 0; period < trace.periods; period++) {
    const now = tickAt(trace, period);
    // A window is all there is to know: ticks before the onset need not be looked at.
    if (now < input.fromAt) continue;
    if (now > input.untilAt) break;
    if (baselines === null || period % 60 === 0) baselines = await source.baselines(now, []);
    const window = await source.window(now);
    const consumer = consumersOf(window, baselines).find(({ fn }) => fn.name === input.functionName);
    if (consumer === undefined) break;
    const states = statesOf(consumer, window, input.told);
    if (
      now >= input.fromAt &&
      readableAt === null &&
      states.some(({ lastFailing }) => isSince(lastFailing, window, input.fromAt))
    )
      readableAt = now;
    RULES.forEach((rule, i) => {
      const rings = states.some((state) => decides(state, rule));
      if (rings && ringing[i] !== true && now >= input.fromAt) {
        run.alarms[i] = (run.alarms[i] ?? 0) + 1;
        run.firstAt[i] ??= now;
      }
      ringing[i] = rings;
    });
  }
  return { ...run, readableAt };
}

function isSince(minute: number, window: Window, at: number): boolean {
  return minute >= 0 && window.startAt + (minute + 1) * MINUTE_MS > at;
}

interface State {
  readonly nats: number;
  readonly spanMinutes: number;
  readonly failingMinutes: number;
  readonly lastFailing: number;
}

function decides(state: State, rule: Rule): boolean {
  const minutes = rule.counting === 'span' ? state.spanMinutes : state.failingMinutes;
  return state.nats >= rule.nats && minutes >= rule.persistenceMinutes;
}

function statesOf(consumer: Consumer, window: Window, told: Told): State[] {
  const { minutes } = window;
  const deliveries = attemptsOf(consumer, minutes);
  return [page(deliveries.attempts, deliveries.failed, told), reported(consumer, minutes, told)];
}

function reported({ lambda }: Consumer, minutes: number, told: Told): State {
  const attempts = new Float64Array(minutes);
  const failed = new Float64Array(minutes);
  for (let i = 0; i < minutes; i++) {
    const throttles = lambda.throttles?.[i] || 0;
    attempts[i] = (lambda.invocations?.[i] || 0) + throttles;
    failed[i] = (lambda.errors?.[i] || 0) + throttles;
  }
  return page(attempts, failed, told);
}

/** Page's test; a minute may add whatever it says, since the persistence rule stands between it and an alarm. */
function page(attempts: Float64Array, failed: Float64Array, told: Told): State {
  const before = Math.min(0.5, Math.max(SHARE_MIN, told.before));
  const after = Math.min(SHARE_MAX, Math.max(2 * before, told.after));
  const natsIfFailed = Math.log(after / before);
  const natsIfNot = Math.log((1 - after) / (1 - before));
  let nats = 0;
  let first = -1;
  let lastFailing = -1;
  let failingMinutes = 0;
  for (let i = 0; i < Math.min(attempts.length, WINDOW_MINUTES); i++) {
    const lost = failed[i] as number;
    const change = lost * natsIfFailed + Math.max(0, (attempts[i] as number) - lost) * natsIfNot;
    if (nats === 0 && change > 0) {
      first = i;
      failingMinutes = 0;
    }
    nats = Math.min(NATS_MAX, Math.max(0, nats + change));
    if (change > 0) {
      lastFailing = i;
      failingMinutes++;
    }
  }
  const spanMinutes = nats > 0 ? lastFailing - first + 1 : 0;
  return { nats, spanMinutes, failingMinutes: nats > 0 ? failingMinutes : 0, lastFailing };
}

/** As in firebreak: a long incident must not take hours to be forgotten. */
const NATS_MAX = 60;

/** True failing share of a function's delivery attempts over [from, to) of the trace, from final values. */
export function trueShare(
  trace: Trace,
  names: { readonly functionName: string; readonly queueName: string },
  span: { readonly from: number; readonly to: number },
): number {
  const lambda = trace.functions.get(names.functionName);
  const sqs = trace.queues.get(names.queueName);
  const sum = (series: { readonly final: Float64Array } | undefined) => {
    let total = 0;
    for (let i = Math.max(0, span.from); i < Math.min(trace.periods, span.to); i++)
      total += series?.final[i] || 0;
    return total;
  };
  const throttles = sum(lambda?.throttles);
  const tried = sum(lambda?.invocations) + throttles;
  const byInvocation = tried > 0 ? (sum(lambda?.errors) + throttles) / tried : 0;
  const received = sum(sqs?.received);
  const byMessage = received > 0 ? Math.max(0, 1 - sum(sqs?.deleted) / received) : 0;
  return Math.max(byInvocation, byMessage);
}

import { DEFAULT_CONFIG } from '../../src/model/config.ts';
import type { Incident } from '../../src/model/incident.ts';
import { MINUTE_MS } from '../../src/model/time.ts';
import type { Trace } from '../../src/observe/trace/format.ts';
import { parseTrace } from '../../src/observe/trace/parse.ts';
import { backtest } from '../../src/replay/backtest.ts';
import { families } from '../../src/simulate/families/registry.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import type { TruthDocument } from '../../src/simulate/truth.ts';
import { serveTasks } from '../common/pool.ts';
import { scoreIncidents, trueExcessUsd, trueUsdPerHour } from '../score.ts';
import { runOracle, type Told, trueShare } from './oracle.ts';

export interface DelayTask {
  readonly family: string;
  readonly seed: number;
}

/** A case of a loop; minutes are since the onset. */
export interface LoopCase extends DelayTask {
  readonly kind: 'loop';
  readonly told: Told;
  readonly visibilityMinutes: number;
  readonly params: Readonly<Record<string, number | string | boolean | null>>;
  readonly readableMinutes: number | null;
  readonly openedMinutes: number | null;
  readonly criticalMinutes: number | null;
  /** By the oracle's rules. */
  readonly oracleMinutes: readonly (number | null)[];
  readonly excessUsd: number;
  /** Estimate / truth - 1; `null`: nothing to compare. */
  readonly burnAtPage: number | null;
  readonly burnAtEnd: number | null;
  readonly wasted: number | null;
}

export interface BenignCase extends DelayTask {
  readonly kind: 'benign';
  readonly alarms: number;
  /** By the oracle's rules, told of a loop and of a small share of poison. */
  readonly oracleAlarms: { readonly loop: readonly number[]; readonly poison: readonly number[] };
}

export type DelayResult = LoopCase | BenignCase | (DelayTask & { readonly kind: 'nothing' });

/** What the oracle takes a loop and a poisoned share for, where there is none to be told of. */
export const TYPICAL = { loop: 0.95, poison: 0.25 } as const;

/** What the oracle does not see in so many minutes it does not find. */
const LOOK_MINUTES = 720;

/** Below this much of either, an error of some per cent is a rounding error. */
const USD_PER_HOUR_MIN = 0.001;
const WASTED_USD_MIN = 0.05;

serveTasks(async ({ family: id, seed }: DelayTask): Promise<DelayResult> => {
  const family = families[id];
  if (family === undefined) throw new RangeError(`no family ${id}`);
  const { trace: document, truth } = simulate(family.scenario(seed, { background: 0 }));
  const trace = parseTrace(document);
  const result = await backtest(trace, { config: DEFAULT_CONFIG });
  if (!family.positive) return benign({ family: id, seed }, trace, truth, result.incidents);
  const { matches } = scoreIncidents(truth, result.incidents);
  const match = matches[0];
  if (match?.positive.function == null || match.positive.queue === null)
    return { family: id, seed, kind: 'nothing' };
  const { positive, onsetAt, hits } = match;
  const functionName = positive.function as string;
  const queueName = positive.queue as string;
  const names = { functionName, queueName };
  const onset = Math.floor((onsetAt - trace.startAt) / MINUTE_MS);
  const end =
    positive.end === null ? trace.periods : Math.ceil((Date.parse(positive.end) - trace.startAt) / MINUTE_MS);
  const told = {
    before: trueShare(trace, names, { from: 0, to: onset }),
    after: trueShare(trace, names, { from: onset + 1, to: end }),
  };
  const oracle = await runOracle(trace, {
    functionName,
    told,
    fromAt: onsetAt,
    untilAt: onsetAt + LOOK_MINUTES * MINUTE_MS,
  });
  const since = (at: number | null) => (at === null ? null : (at - onsetAt) / MINUTE_MS);
  const excessUsd = trueExcessUsd(truth, positive);
  const page = result.alerts.find(({ incident }) =>
    hits.some(({ id: hit, criticalAt }) => hit === incident.id && criticalAt === incident.evaluatedAt),
  );
  const last = hits.filter(({ state }) => state !== 'resolved').at(-1);
  const wastedUsd = hits.reduce((sum, { burn }) => sum + burn.wastedUsd, 0);
  return {
    kind: 'loop',
    family: id,
    seed,
    told,
    params: positive.params,
    visibilityMinutes:
      (trace.inventory.queues.find(({ name }) => name === queueName)?.visibilityTimeoutSeconds ?? 0) / 60,
    readableMinutes: since(oracle.readableAt),
    openedMinutes: since(match.openedAt),
    criticalMinutes: since(match.criticalAt),
    oracleMinutes: oracle.firstAt.map(since),
    excessUsd,
    burnAtPage:
      page === undefined
        ? null
        : ratio(
            page.incident.burn.usdPerHour,
            trueUsdPerHour(truth, functionName, page.at, page.incident.burn),
            USD_PER_HOUR_MIN,
          ),
    burnAtEnd:
      last === undefined
        ? null
        : ratio(
            last.burn.usdPerHour,
            trueUsdPerHour(truth, functionName, last.evaluatedAt, last.burn),
            USD_PER_HOUR_MIN,
          ),
    wasted: match.openedAt === null ? null : ratio(wastedUsd, excessUsd, WASTED_USD_MIN),
  };
});

function ratio(estimate: number, truth: number, least: number): number | null {
  return truth < least ? null : estimate / truth - 1;
}

/** Alarms about functions that read a queue: those that the oracle judges too. */
async function benign(
  task: DelayTask,
  trace: Trace,
  truth: TruthDocument,
  incidents: readonly Incident[],
): Promise<BenignCase> {
  const totals = { loop: [] as number[], poison: [] as number[] };
  const add = (to: number[], alarms: readonly number[]) =>
    alarms.forEach((count, i) => {
      to[i] = (to[i] ?? 0) + count;
    });
  const consumers = trace.inventory.functions.flatMap((fn) =>
    fn.eventSources
      .filter(({ kind }) => kind === 'sqs')
      .map(({ source }) => ({ functionName: fn.name, queueName: source })),
  );
  for (const names of consumers) {
    const before = calmShare(trace, truth, names);
    for (const kind of ['loop', 'poison'] as const) {
      const told = { before, after: TYPICAL[kind] };
      const run = await runOracle(trace, {
        functionName: names.functionName,
        told,
        fromAt: 0,
        untilAt: Number.POSITIVE_INFINITY,
      });
      add(totals[kind], run.alarms);
    }
  }
  const judged = new Set(consumers.map(({ functionName }) => functionName));
  const alarms = incidents.filter(({ functions }) => functions.some((name) => judged.has(name))).length;
  return { ...task, kind: 'benign', alarms, oracleAlarms: totals };
}

/** True failing share outside the harmless events: before the first of them. */
function calmShare(
  trace: Trace,
  truth: TruthDocument,
  names: { readonly functionName: string; readonly queueName: string },
): number {
  const first = truth.benignEvents.filter((event) => event.function === names.functionName)[0];
  const until =
    first === undefined ? trace.periods : Math.floor((Date.parse(first.from) - trace.startAt) / MINUTE_MS);
  return trueShare(trace, names, { from: 0, to: until > 60 ? until : trace.periods });
}

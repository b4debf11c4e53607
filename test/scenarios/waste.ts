import { MINUTE_MS } from '../../src/model/time.ts';
import { REACTION_MS } from '../../src/replay/backtest.ts';
import type { TraceDocument } from '../../src/simulate/trace.ts';
import type { TruthDocument } from '../../src/simulate/truth.ts';
import type { IncidentText } from './format.ts';
import { type Played, toldAt } from './play.ts';

/** A page is acted on after ten minutes, as `firebreak backtest` has it; a warning the next morning (assumption). */
const WARNING_REACTION_MINUTES = 480;
/** Where an incident lasted longer than is simulated it goes on as in its last two hours. */
const TREND_MINUTES = 120;

/** Dollars of an incident, by the ledger of the simulator and the dollars of other services. */
export interface Costs {
  /** Had nobody acted for as long as it really lasted. */
  readonly wastedUsd: number;
  /** Until the first page, or the first warning where there is none; `null`: nobody was told. */
  readonly untilToldUsd: number | null;
  readonly savedUsd: number;
}

export function costsOf({ incident, config, events }: IncidentText, played: Played): Costs {
  const { trace, truth, scenario, result } = played;
  const onset = events[0]?.atMinute ?? 0;
  const end = onset + Math.round(incident.lastedHours * 60);
  const prices = incident.reallyUsdPerInvocation ?? config.downstreamUsdPerInvocation;
  const perMinute = wastePerMinute(trace, truth, prices);
  const until = (minute: number) => {
    const known = Math.min(minute, trace.periods);
    const trend = sum(perMinute, trace.periods - TREND_MINUTES, trace.periods) / TREND_MINUTES;
    return sum(perMinute, onset, known) + Math.max(0, minute - known) * trend;
  };
  const wastedUsd = until(end);
  const [first] = result.incidents;
  if (first === undefined) return { wastedUsd, untilToldUsd: null, savedUsd: 0 };
  const told = (toldAt(first) - scenario.startAt) / MINUTE_MS;
  const reaction = first.criticalAt === null ? WARNING_REACTION_MINUTES : REACTION_MS / MINUTE_MS;
  return {
    wastedUsd,
    untilToldUsd: until(told),
    savedUsd: Math.max(0, wastedUsd - until(told + reaction)),
  };
}

/** Work that failed or need not have been done, with what it costs elsewhere. */
function wastePerMinute(
  trace: TraceDocument,
  truth: TruthDocument,
  usdPerInvocation: Readonly<Record<string, number>>,
): Float64Array {
  const waste = new Float64Array(trace.periods);
  for (const [name, excess] of Object.entries(truth.excessUsdPerMinute)) {
    const cost = truth.costUsdPerMinute[name] ?? [];
    const runs = trace.series.find(
      ({ metric, dimensions }) =>
        metric === 'Invocations' && 'FunctionName' in dimensions && dimensions.FunctionName === name,
    );
    for (const [minute, usd] of excess) {
      const elsewhere = (runs?.values[minute] ?? 0) * (usdPerInvocation[name] ?? 0);
      waste[minute] = (waste[minute] ?? 0) + usd + elsewhere * (usd / (cost[minute] ?? usd));
    }
  }
  return waste;
}

function sum(values: Float64Array, from: number, to: number): number {
  return values
    .slice(Math.max(0, Math.floor(from)), Math.floor(to))
    .reduce((total, value) => total + value, 0);
}

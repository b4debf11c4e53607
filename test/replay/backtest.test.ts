import { describe, expect, it } from 'vitest';
import type { TickResult } from '../../src/decide/contract.ts';
import { tick } from '../../src/decide/tick.ts';
import { DEFAULT_CONFIG } from '../../src/model/config.ts';
import type { Incident } from '../../src/model/incident.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/model/time.ts';
import type { Trace } from '../../src/observe/trace/format.ts';
import { parseTrace } from '../../src/observe/trace/parse.ts';
import { tickAt, traceSource } from '../../src/observe/trace/trace-source.ts';
import { backtest } from '../../src/replay/backtest.ts';
import { costOf } from '../../src/replay/cost.ts';
import { backtestDocument } from '../../src/replay/document.ts';
import { families } from '../../src/simulate/families/registry.ts';
import { simulate } from '../../src/simulate/simulate.ts';

function simulated(family: string, seed: number, minutes = 720) {
  const definition = families[family];
  if (definition === undefined) throw new Error(`no family ${family}`);
  const { trace, truth } = simulate(definition.scenario(seed, { background: 1, minutes }));
  return { trace: parseTrace(trace), truth };
}

const loop = simulated('retry-timeout', 4);

/** Ticks through a trace; `repeat` each tick so often, and leave out the ticks that `skip` names. */
async function ticks(
  trace: Trace,
  options: { readonly repeat?: number; readonly skip?: (period: number) => boolean } = {},
): Promise<readonly TickResult[]> {
  const source = traceSource(trace);
  const results: TickResult[] = [];
  let known: readonly Incident[] = [];
  for (let period = 0; period < trace.periods; period++) {
    if (options.skip?.(period) === true) continue;
    const now = tickAt(trace, period);
    // As the survey does, by the clock: baselines do not depend on which ticks ran.
    const hour = Math.floor((now - MINUTE_MS) / HOUR_MS) * HOUR_MS;
    const baselines = await traceSource(trace).baselines(Math.max(hour, tickAt(trace, 0)), []);
    for (let i = 0; i < (options.repeat ?? 1); i++) {
      const window = await source.window(now);
      const result = tick({ now, window, baselines, openIncidents: known, config: DEFAULT_CONFIG });
      known = result.incidents;
      results.push(result);
    }
  }
  return results;
}

function told(results: readonly TickResult[]): string[] {
  return results.flatMap(({ alerts }) => alerts.map(({ key }) => key));
}

describe('backtest', () => {
  it('gives the same document for the same trace', async () => {
    const run = async () => {
      const result = await backtest(loop.trace, { config: DEFAULT_CONFIG });
      return JSON.stringify(backtestDocument(loop.trace, result, costOf(loop.trace, {})));
    };
    expect(await run()).toBe(await run());
  });

  it('prints what the format promises', async () => {
    const result = await backtest(loop.trace, { config: DEFAULT_CONFIG });
    const document = JSON.parse(JSON.stringify(backtestDocument(loop.trace, result, costOf(loop.trace, {}))));
    expect(document).toMatchObject({ format: 'firebreak-backtest/1', trace: { ticks: 720 } });
    const [incident] = document.incidents;
    expect(incident).toMatchObject({
      detector: 'retry-loop',
      severity: 'critical',
      recommendation: { lever: 'disable-event-source' },
    });
    for (const key of [
      'id',
      'function',
      'queue',
      'functions',
      'onsetAt',
      'openedAt',
      'criticalAt',
      'resolvedAt',
    ]) {
      expect(incident).toHaveProperty(key);
    }
    expect(Object.keys(incident.burn)).toEqual(
      expect.arrayContaining(['usdPerHour', 'wastedUsd', 'projectedUsd', 'endsBy']),
    );
    expect(document.monitorCost.metricRequests).toBeGreaterThan(0);
  });

  it('prices the trace as its ledger does, within 5 %', () => {
    const { totalUsd } = costOf(loop.trace, {});
    expect(Math.abs(totalUsd / loop.truth.totalUsd - 1)).toBeLessThan(0.05);
  });

  it('estimates waste and burn of a running loop within the bounds it promises', async () => {
    const { incidents } = await backtest(loop.trace, { config: DEFAULT_CONFIG });
    const [positive] = loop.truth.positives;
    const incident = incidents.find(({ functionName }) => functionName === positive?.function);
    const wasted = loop.truth.wastedUsd[positive?.function ?? ''] ?? Number.NaN;
    expect(Math.abs((incident?.burn.wastedUsd ?? 0) / wasted - 1)).toBeLessThan(0.2);
  });

  it('says what a page would have saved: what the ledger has from ten minutes after it', async () => {
    const result = await backtest(loop.trace, { config: DEFAULT_CONFIG });
    const { summary } = backtestDocument(loop.trace, result, costOf(loop.trace, {}));
    const [pagedAt = ''] = summary.pagedAt;
    expect(summary).toMatchObject({ pagedAt: [pagedAt], warnings: 0, reactionMinutes: 10 });
    const actedAt = Date.parse(pagedAt) + summary.reactionMinutes * MINUTE_MS;
    const later = Object.values(loop.truth.wastedUsdPerMinute)
      .flat()
      .filter(([period]) => loop.trace.startAt + period * MINUTE_MS >= actedAt)
      .reduce((sum, [, usd]) => sum + usd, 0);
    expect(Math.abs(summary.savedUsd / later - 1)).toBeLessThan(0.2);
    expect(summary.savedUsd).toBeLessThanOrEqual(summary.wastedUsd);
  });

  it('is silent about a quiet fleet', async () => {
    const { trace } = simulated('quiet-fleet', 3);
    expect((await backtest(trace, { config: DEFAULT_CONFIG })).incidents).toEqual([]);
  });
});

describe('crash-only ticks', () => {
  it('running each tick twice changes nothing and tells nothing twice', async () => {
    const once = await ticks(loop.trace);
    const twice = await ticks(loop.trace, { repeat: 2 });
    expect(told(twice)).toEqual(told(once));
    expect(twice.at(-1)?.incidents).toEqual(once.at(-1)?.incidents);
  });

  it('skipping ticks changes nothing but timing', async () => {
    const all = await ticks(loop.trace);
    const some = await ticks(loop.trace, { skip: (period) => period % 3 !== 0 && period < 717 });
    const [whole] = all.at(-1)?.incidents.filter(({ openedAt }) => openedAt !== null) ?? [];
    const [sparse] = some.at(-1)?.incidents.filter(({ openedAt }) => openedAt !== null) ?? [];
    expect(sparse?.functionName).toBe(whole?.functionName);
    expect(sparse?.severity).toBe(whole?.severity);
    expect(Math.abs((sparse?.openedAt ?? 0) - (whole?.openedAt ?? 0))).toBeLessThanOrEqual(3 * MINUTE_MS);
    expect(sparse?.burn.usdPerHour).toBeCloseTo(whole?.burn.usdPerHour ?? 0, 6);
    expect((sparse?.burn.wastedUsd ?? 0) / (whole?.burn.wastedUsd ?? 1)).toBeCloseTo(1, 1);
  });

  it('late data only refines: with everything readable at once, the same incident is found no later', async () => {
    const { trace } = simulate(
      families['retry-timeout']?.scenario(4, { background: 1, minutes: 720 }) as never,
    );
    const prompt = { ...trace, series: trace.series.map((series) => ({ ...series, late: [] })) };
    const early = await backtest(parseTrace(prompt), { config: DEFAULT_CONFIG });
    const late = await backtest(loop.trace, { config: DEFAULT_CONFIG });
    expect(early.incidents.map(({ functionName }) => functionName)).toEqual(
      late.incidents.map(({ functionName }) => functionName),
    );
    expect(early.incidents[0]?.openedAt).toBeLessThanOrEqual(late.incidents[0]?.openedAt ?? 0);
    const ratio = (early.incidents[0]?.burn.wastedUsd ?? 0) / (late.incidents[0]?.burn.wastedUsd ?? 1);
    expect(Math.abs(ratio - 1)).toBeLessThan(0.05);
  });
});

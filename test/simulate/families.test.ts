import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DETECTOR_IDS } from '../../src/model/finding.ts';
import { parseTrace } from '../../src/observe/trace/parse.ts';
import { families } from '../../src/simulate/families/registry.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import type { TraceDocument, TraceSeries } from '../../src/simulate/trace.ts';
import { valuesOf } from './read.ts';

const SMALL = { background: 1, minutes: 480 } as const;
/** Not a claim about speed: room for a busy machine. */
const PATIENCE_MS = 300_000;
const ids = Object.keys(families);

function run(id: string, seed: number) {
  const family = families[id];
  if (family === undefined) throw new Error(`no family ${id}`);
  return simulate(family.scenario(seed, SMALL));
}

/** What is wrong with the late entries of a series; empty: nothing. */
function lateProblems(series: TraceSeries, periods: number): string[] {
  const problems: string[] = [];
  const byPeriod = new Map<number, [number, number | null][]>();
  for (const [period, delay, value] of series.late ?? []) {
    if (period < 0 || period >= periods || delay < 1) problems.push(`[${period}, ${delay}] is out of range`);
    byPeriod.set(period, [...(byPeriod.get(period) ?? []), [delay, value]]);
  }
  for (const [period, entries] of byPeriod) {
    const final = series.values[period] ?? null;
    if (final === null) problems.push(`period ${period} is late but has no value`);
    const delays = entries.map(([delay]) => delay);
    if (delays.some((delay, index) => index > 0 && delay <= (delays[index - 1] ?? 0)))
      problems.push(`delays of period ${period} are not ascending: ${delays}`);
    if (series.stat === 'Sum') {
      const late = entries.reduce((sum, [, value]) => sum + (value ?? Number.NaN), 0);
      if (!(late > 0 && late <= (final ?? 0) + 1e-6))
        problems.push(`period ${period}: ${late} of ${final} late`);
    } else if (series.stat === 'Maximum') {
      const shown = [...entries.map(([, value]) => value ?? 0), final ?? 0];
      if (shown.some((value, index) => index > 0 && value < (shown[index - 1] ?? 0)))
        problems.push(`the Maximum of period ${period} falls: ${shown}`);
    }
  }
  return problems.map((problem) => `${series.metric}/${series.stat}: ${problem}`);
}

/** What of a function's series contradicts CloudWatch's conventions or each other; empty: nothing. */
function conventionProblems(trace: TraceDocument, name: string): string[] {
  const invocations = valuesOf(trace, name, 'Invocations');
  const errors = valuesOf(trace, name, 'Errors');
  const sum = valuesOf(trace, name, 'Duration');
  const average = valuesOf(trace, name, 'Duration', 'Average');
  const maximum = valuesOf(trace, name, 'Duration', 'Maximum');
  const problems: string[] = [];
  for (const [minute, runs] of invocations.entries()) {
    const of = (series: readonly (number | null)[]) => series[minute] ?? null;
    if (runs === 0) problems.push(`minute ${minute}: 0 Invocations instead of no datapoint`);
    if ([errors, sum, average, maximum].some((series) => (of(series) === null) !== (runs === null)))
      problems.push(`minute ${minute}: a datapoint without Invocations, or the reverse`);
    if (runs === null) continue;
    if ((of(errors) ?? 0) > runs) problems.push(`minute ${minute}: more Errors than Invocations`);
    if ((of(maximum) ?? 0) > (of(sum) ?? 0)) problems.push(`minute ${minute}: Maximum above Sum`);
    if (Math.abs((of(average) ?? 0) - (of(sum) ?? 0) / runs) > 0.0501)
      problems.push(`minute ${minute}: Average is not Sum / Invocations`);
  }
  return problems;
}

describe('the registry', () => {
  it('has a positive family for every detector that looks at metrics', () => {
    const covered = new Set(Object.values(families).flatMap(({ detectors }) => detectors.slice(0, 1)));
    // Those two judge dollars of days and months; a trace of a day has no case of its own for them.
    const ofMoney = ['cost-anomaly', 'budget-burn-rate'];
    expect(DETECTOR_IDS.filter((id) => !covered.has(id) && !ofMoney.includes(id))).toEqual([]);
  });

  it('has as many harmless kinds as a fleet has lookalikes: at least twenty', () => {
    expect(Object.values(families).filter(({ positive }) => !positive).length).toBeGreaterThanOrEqual(20);
  });
});

describe.each(ids)('%s', (id) => {
  it('keeps every message, writes a valid trace, and tells the truth about it', () => {
    const { trace, truth } = run(id, 1);
    for (const [queue, counts] of Object.entries(truth.conservation)) {
      expect(counts.balance, `${queue} of ${id}-1 loses messages: ${JSON.stringify(counts)}`).toBe(0);
      expect(Math.min(...Object.values(counts))).toBeGreaterThanOrEqual(0);
    }
    const parsed = parseTrace(JSON.parse(JSON.stringify(trace)));
    expect(parsed.inventory.functions).toHaveLength(trace.functions.length);
    expect(trace.series.flatMap((series) => lateProblems(series, trace.periods))).toEqual([]);
    expect(trace.functions.flatMap(({ name }) => conventionProblems(trace, name))).toEqual([]);
    const isPositive = families[id]?.positive;
    expect(truth.positives.length > 0, `${id}-1 has ${truth.positives.length} positives`).toBe(isPositive);
    const { positives } = truth;
    for (const { function: name, queue } of positives) {
      expect(trace.functions.map((fn) => fn.name)).toContain(name);
      if (queue !== null) expect(trace.queues.map((one) => one.name)).toContain(queue);
    }
    const names = trace.functions.map((fn) => fn.name);
    expect(Object.keys(truth.byFunctionUsd)).toEqual(names);
    for (const name of names) {
      const perMinute = truth.costUsdPerMinute[name] ?? [];
      const sum = perMinute.reduce((a, b) => a + b, 0);
      expect(Math.abs(sum - (truth.byFunctionUsd[name] ?? 0))).toBeLessThan(1e-4 * sum + 1e-9);
      expect(truth.wastedUsd[name]).toBeLessThanOrEqual((truth.excessUsd[name] ?? 0) * (1 + 1e-5));
      expect(truth.excessUsd[name]).toBeLessThanOrEqual((truth.byFunctionUsd[name] ?? 0) * (1 + 1e-5));
    }
  });
});

describe('any family, any seed', () => {
  it(
    'keeps every message',
    () => {
      fc.assert(
        fc.property(fc.constantFrom(...ids), fc.integer({ min: 2, max: 1_000_000 }), (id, seed) => {
          const { truth } = run(id, seed);
          for (const counts of Object.values(truth.conservation)) expect(counts.balance).toBe(0);
        }),
        { numRuns: 25 },
      );
    },
    PATIENCE_MS,
  );

  it(
    'gives the same trace and truth again, to the byte',
    () => {
      fc.assert(
        fc.property(fc.constantFrom(...ids), fc.integer({ min: 1, max: 1_000_000 }), (id, seed) => {
          expect(JSON.stringify(run(id, seed))).toBe(JSON.stringify(run(id, seed)));
        }),
        { numRuns: 4 },
      );
    },
    PATIENCE_MS,
  );

  it('gives another trace for another seed', () => {
    expect(JSON.stringify(run('quiet-fleet', 1).trace)).not.toBe(JSON.stringify(run('quiet-fleet', 2).trace));
  });
});

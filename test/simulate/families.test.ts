import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DETECTOR_IDS } from '../../src/model/finding.ts';
import { parseTrace } from '../../src/observe/trace/parse.ts';
import { families } from '../../src/simulate/families/registry.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import type { TraceDocument, TraceSeries } from '../../src/simulate/trace.ts';

const SMALL = { background: 1, minutes: 480 } as const;
/** Not a claim about speed: room for a busy machine. */
const PATIENCE_MS = 300_000;
const ids = Object.keys(families);

function run(id: string, seed: number) {
  const family = families[id];
  if (family === undefined) throw new Error(`no family ${id}`);
  return simulate(family.scenario(seed, SMALL));
}

/** What was shown before late data came: final minus late for a Sum, the earliest late entry otherwise. */
function checkLate(series: TraceSeries, periods: number): void {
  const lateByPeriod = new Map<number, [number, number | null][]>();
  for (const [period, delay, value] of series.late ?? []) {
    expect(period).toBeGreaterThanOrEqual(0);
    expect(period).toBeLessThan(periods);
    expect(delay).toBeGreaterThanOrEqual(1);
    lateByPeriod.set(period, [...(lateByPeriod.get(period) ?? []), [delay, value]]);
  }
  for (const [period, entries] of lateByPeriod) {
    const final = series.values[period];
    expect(final, `${series.metric} of a late period is null`).not.toBeNull();
    const delays = entries.map(([delay]) => delay);
    expect(delays).toEqual([...new Set(delays)].sort((a, b) => a - b));
    if (series.stat === 'Sum') {
      const late = entries.reduce((sum, [, value]) => sum + (value ?? Number.NaN), 0);
      expect(late).toBeLessThanOrEqual((final ?? 0) + 1e-6);
      expect(late).toBeGreaterThan(0);
    } else if (series.stat === 'Maximum') {
      // What is shown only grows, up to the final value.
      const shown = [...entries.map(([, value]) => value ?? 0), final ?? 0];
      expect(shown).toEqual([...shown].sort((a, b) => a - b));
    }
  }
}

function checkConventions(trace: TraceDocument): void {
  const find = (name: string, metric: string, stat: string) =>
    trace.series.find(
      (one) => one.metric === metric && one.stat === stat && Object.values(one.dimensions)[0] === name,
    )?.values ?? [];
  for (const { name } of trace.functions) {
    const invocations = find(name, 'Invocations', 'Sum');
    const errors = find(name, 'Errors', 'Sum');
    const sum = find(name, 'Duration', 'Sum');
    const average = find(name, 'Duration', 'Average');
    const maximum = find(name, 'Duration', 'Maximum');
    for (const [minute, count] of invocations.entries()) {
      expect(count === 0, `${name} has 0 Invocations instead of no datapoint in minute ${minute}`).toBe(
        false,
      );
      expect(errors[minute] === null).toBe(count === null);
      expect(sum[minute] === null).toBe(count === null);
      if (count === null || count === undefined) continue;
      expect(errors[minute] ?? 0).toBeLessThanOrEqual(count);
      expect(maximum[minute] ?? 0).toBeLessThanOrEqual((sum[minute] ?? 0) + 1e-9);
      expect(Math.abs((average[minute] ?? 0) - (sum[minute] ?? 0) / count)).toBeLessThanOrEqual(0.0501);
    }
  }
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
    for (const series of trace.series) checkLate(series, trace.periods);
    checkConventions(trace);
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
    expect(JSON.stringify(run('retry-throw', 1).trace)).not.toBe(JSON.stringify(run('retry-throw', 2).trace));
  });
});

import { describe, expect, it } from 'vitest';
import { goalsTable } from '../../../bench/common/goal.ts';
import { chartSvg } from '../../../bench/detection/chart.ts';
import {
  bestSinglePeer,
  type DetectionReport,
  mapTools,
  noiseOf,
  ROW_WORDS,
  type Row,
  rowLine,
  rowsOf,
  TOOL_IDS,
  totalOf,
  usdPerMonthOf,
} from '../../../bench/detection/figures.ts';
import { goalsOf } from '../../../bench/detection/goals.ts';
import { section } from '../../../bench/detection/section.ts';
import type { DetectionResult, ToolId } from '../../../bench/detection/worker.ts';

interface Told {
  readonly minutes: number | null;
  readonly usd: number;
  readonly wrong?: number;
}

const NOTHING: Told = { minutes: null, usd: 8 };

/** One trace with one incident that wastes $8. */
function result(seed: number, tools: Partial<Record<ToolId, Told>>): DetectionResult {
  return {
    family: 'retry-throw',
    seed,
    background: 0,
    functions: 2,
    queues: 2,
    functionDays: 10,
    days: 1.5,
    readUsd: 6,
    cpuMs: 600,
    incidents: [
      {
        function: 'orders-worker',
        queue: 'orders',
        wastedUsd: 8,
        floorMinutes: 1.5,
        floorUsd: 0.1,
        lastsMinutes: null,
        params: {},
      },
    ],
    falsePagesOfFirebreak: [],
    tools: mapTools((tool) => {
      const { minutes, usd, wrong = 0 } = tools[tool] ?? NOTHING;
      return { pageMinutes: [minutes], usd: [usd], falsePages: wrong, interruptions: wrong, alarmMetrics: 6 };
    }),
  };
}

const RESULTS = [
  result(1, {
    firebreak: { minutes: 6, usd: 1 },
    'slic-watch': { minutes: 2, usd: 0.25, wrong: 50 },
    'spike-rule': { minutes: 25, usd: 4 },
  }),
  result(2, { firebreak: { minutes: 8, usd: 1.5 }, 'spike-rule': { minutes: 35, usd: 5 } }),
];

function reportOf(results: readonly DetectionResult[]): DetectionReport {
  const noise = noiseOf(results);
  return {
    machine: { cpu: 'any', cores: 2, memoryGB: 8, node: 'v20', commit: 'abc', ranAt: '2026-11-02 00:00' },
    firstSeed: 1,
    seedsPerFamily: results.length,
    traces: results.length,
    cpuMinutes: 1,
    rows: rowsOf(results),
    noise,
    noiseByKind: { 'quiet-fleet': noise },
    usdPerMonth: usdPerMonthOf(results),
    falsePagesOfFirebreak: [],
  };
}

describe('the figures', () => {
  const report = reportOf(RESULTS);

  it('count an incident without a page as never, and what it wastes to the end', () => {
    expect(totalOf(report.rows, 'slic-watch')).toEqual({
      incidents: 2,
      paged: 1,
      medianMinutes: 2,
      p90Minutes: null,
      usd: 8.25,
    });
  });

  it('choose the best peer of each incident afterwards', () => {
    expect(totalOf(report.rows, 'oracle')).toMatchObject({ medianMinutes: 2, p90Minutes: 35, usd: 5.25 });
  });

  it('choose the best single peer, and the best that is as quiet as is asked', () => {
    expect(bestSinglePeer(report, Number.POSITIVE_INFINITY)).toBe('slic-watch');
    const cheapNoise = reportOf([
      result(1, { 'slic-watch': { minutes: 2, usd: 0.25, wrong: 50 }, 'spike-rule': { minutes: 9, usd: 4 } }),
    ]);
    expect(bestSinglePeer(cheapNoise, Number.POSITIVE_INFINITY)).toBe('slic-watch');
    expect(bestSinglePeer(cheapNoise, 100)).toBe('spike-rule');
    expect(
      bestSinglePeer(
        reportOf([
          result(
            1,
            mapTools(() => ({ ...NOTHING, wrong: 90 })),
          ),
        ]),
        100,
      ),
    ).toBe(null);
  });

  it('write an incident as a line with a word for everything', () => {
    const words = rowLine(report.rows[0] as Row).split(' ');
    const of = (name: string) => words[ROW_WORDS.indexOf(name)];
    expect(words).toHaveLength(ROW_WORDS.length);
    expect([of('family'), of('seed'), of('wastedUsd'), of('slic-watch:usd')]).toEqual([
      'retry-throw',
      '1',
      '8',
      '0.25',
    ]);
    expect([of('firebreak:minutes'), of('daily-cost:minutes'), of('oracle:minutes')]).toEqual([
      '6',
      '-',
      '2',
    ]);
  });

  it('price alarms for an account of 100 functions', () => {
    // Six metrics for two functions, $0.10 each.
    expect(report.usdPerMonth['slic-watch']).toBeCloseTo(30, 10);
    // Two dollars a function and day.
    expect(report.usdPerMonth.firebreak).toBeCloseTo(6_000, 10);
  });
});

describe('the section', () => {
  const text = section(reportOf(RESULTS));

  it('has a line for every tool, and says where a peer wins', () => {
    expect(text).toContain('| slic-watch | 1 of 2 (50.0 %) | 2.0 / never |');
    expect(text).toContain('slic-watch pages sooner in 1 of 2 incidents');
    expect(text).toMatch(/Cheaper to run, a month for 100 functions: slic-watch \$30, /);
  });

  it('lists what came late, and what did not come', () => {
    const late = section(reportOf([result(1, { firebreak: { minutes: 30, usd: 6 } })]));
    expect(late).toContain('Paged after more than 20 minutes: 1.');
    const missed = section(reportOf([result(1, {})]));
    expect(missed).toContain('without a page of firebreak: 1.');
  });
});

describe('the goals', () => {
  const goals = (of: typeof RESULTS) => goalsTable(goalsOf(reportOf(of)));

  it('compare dollars with those of the best peer', () => {
    const table = goals(RESULTS);
    expect(table).toMatch(/\| at most the best single peer's: \$8\.25 [^|]+\| \$2\.50 \| met \|/);
    expect(table).toMatch(/chosen afterwards: \$5\.25 \| \$2\.50 \| met \|/);
    expect(table).toMatch(/\| delay to the page, median \| at most 6 min \| [\d.]+ min \| met \|/);
  });

  it('say which are not met', () => {
    expect(goals([result(1, { firebreak: { minutes: 30, usd: 6 } })])).toContain(
      '| delay to the page, median | at most 6 min | 30.0 min | **not met** |',
    );
    expect(goals([result(1, {})])).toContain('| all paged | 0.0 % (0 of 1) | **not met** |');
  });
});

describe('the picture', () => {
  const svg = chartSvg(reportOf(RESULTS));

  it('draws a curve and a dot for every tool, and nothing from outside', () => {
    expect(svg.match(/stroke-width="(1|3)\.5"/g)).toHaveLength(TOOL_IDS.length);
    expect(svg.match(/<circle /g)).toHaveLength(TOOL_IDS.length);
    expect(svg).not.toMatch(/NaN|Infinity|undefined|<script|href/);
  });
});

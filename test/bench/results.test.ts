import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { goalsTable } from '../../bench/common/goal.ts';
import { BENCHMARKS, type Benchmark, goalsOfAll, readResult } from '../../bench/common/results.ts';
import * as dailyCost from '../../bench/daily-cost/section.ts';
import * as delay from '../../bench/delay/section.ts';
import * as falseAlarms from '../../bench/false-alarms/section.ts';
import * as patience from '../../bench/patience/section.ts';
import * as reading from '../../bench/reading/section.ts';
import * as scale from '../../bench/scale/section.ts';
import * as scoreSeries from '../../bench/score-series/section.ts';

const docs = join(import.meta.dirname, '../../docs/benchmark');
const read = (page: string) => readFileSync(join(docs, page), 'utf8');

/** What a page must say of its result. Of the detection benchmark only rounded figures are kept: its goals alone are compared. */
const WORDS: Readonly<Record<Benchmark, () => { readonly goals: unknown; readonly section: string }>> = {
  detection: () => ({ goals: readResult('detection').goals, section: '' }),
  'false-alarms': () => wordsOf(falseAlarms, readResult('false-alarms')),
  delay: () => wordsOf(delay, readResult('delay')),
  patience: () => wordsOf(patience, readResult('patience')),
  'daily-cost': () => wordsOf(dailyCost, readResult('daily-cost')),
  'score-series': () => wordsOf(scoreSeries, readResult('score-series')),
  reading: () => wordsOf(reading, readResult('reading')),
  scale: () => wordsOf(scale, readResult('scale')),
};

function wordsOf<Report>(
  bench: {
    readonly goalsOf: (report: Report) => unknown;
    readonly section: (report: Report) => string;
  },
  report: Report,
) {
  return { goals: bench.goalsOf(report), section: bench.section(report) };
}

describe('the pages about benchmarks say what was measured', () => {
  it.each(BENCHMARKS)('%s', (name) => {
    const kept = readResult<object>(name).goals;
    const { goals, section } = WORDS[name]();
    expect(kept).toEqual(goals);
    const goalsFirst = kept.length === 0 ? '' : `${goalsTable(kept)}\n\n`;
    expect(read(`${name}.md`)).toContain(goalsFirst + section);
  });

  it('the goals of all of them', () => {
    expect(read('README.md')).toContain(goalsOfAll());
  });
});

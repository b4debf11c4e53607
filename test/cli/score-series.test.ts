import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/program.ts';
import { parseSeriesCsv } from '../../src/cli/series-csv.ts';
import { noise } from '../stats/anomaly/series.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { fakeIo } from './fake-io.ts';

const folder = temporaryFolder('score-series');

function file(text: string): string {
  const path = join(folder, 'series.csv');
  writeFileSync(path, text);
  return path;
}

/** Five-minute rows of noise with one spike. */
function csv(length: number, spikeAt = -1): string {
  const rows = Array.from({ length }, (_, i) => {
    const at = new Date(Date.UTC(2026, 10, 2) + i * 300_000).toISOString().slice(0, 19).replace('T', ' ');
    return `${at},${(10 + noise(i) + (i === spikeAt ? 30 : 0)).toFixed(4)}`;
  });
  return `timestamp,value\n${rows.join('\n')}\n`;
}

describe('firebreak score-series', () => {
  it('adds a score to each row, in the order of the file, the highest at the spike', async () => {
    const io = fakeIo();
    const input = csv(900, 800);
    expect(await run(['score-series', file(input)], io)).toBe(0);
    const rows = io.out().trimEnd().split('\n');
    expect(rows[0]).toBe('timestamp,value,anomaly_score');
    expect(rows.map((row) => row.split(',').slice(0, 2).join(','))).toEqual(input.trimEnd().split('\n'));
    const scores = rows.slice(1).map((row) => Number(row.split(',')[2]));
    expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true);
    expect(scores.indexOf(Math.max(...scores))).toBe(800);
    expect(io.err()).toBe('');
  });

  it('prints one JSON document', async () => {
    const io = fakeIo();
    expect(
      await run(
        ['score-series', '--json', file('timestamp,value\n2026-11-02 00:00:00,1e3\n1793577900,\n')],
        io,
      ),
    ).toBe(0);
    expect(JSON.parse(io.out())).toEqual({
      format: 'firebreak-score-series/1',
      points: [
        { timestamp: '2026-11-02 00:00:00', value: 1000, anomalyScore: 0 },
        { timestamp: '1793577900', value: null, anomalyScore: 0 },
      ],
    });
  });

  it('reads standard input for -, and scores a prefix as it scores the whole', () => {
    const main = join(import.meta.dirname, '../../src/cli/main.ts');
    const scored = (input: string): string => {
      const child = spawnSync(process.execPath, ['--import', 'tsx', main, 'score-series', '-'], {
        input,
        encoding: 'utf8',
      });
      expect(child.stderr).toBe('');
      return child.stdout;
    };
    const whole = csv(400, 300);
    const prefix = `${whole.split('\n').slice(0, 321).join('\n')}\n`;
    expect(scored(whole).startsWith(scored(prefix))).toBe(true);
  });

  it('prints the header alone for a file without rows', async () => {
    const io = fakeIo();
    expect(await run(['score-series', file('timestamp,value\n')], io)).toBe(0);
    expect(io.out()).toBe('timestamp,value,anomaly_score\n');
  });

  it.each([
    ['no header', '2026-11-02 00:00:00,1\n', /line 1: the header must name timestamp and value/],
    ['an empty file', '', /line 1: the header must name timestamp and value/],
    [
      'a word for a value',
      'timestamp,value\n2026-11-02 00:00:00,1\n2026-11-02 00:05:00,high\n',
      /line 3: value must be a finite number.*"high"/,
    ],
    [
      'an infinite value',
      'timestamp,value\n2026-11-02 00:00:00,Infinity\n',
      /line 2: value must be a finite number/,
    ],
    ['a word for a timestamp', 'timestamp,value\nnoon,1\n', /line 2: timestamp must be like .*"noon"/],
    ['a day that is none', 'timestamp,value\n2026-02-30 00:00:00,1\n', /line 2: timestamp must be like/],
    [
      'a row with a field too few',
      'timestamp,value\n2026-11-02 00:00:00\n',
      /line 2: 2 fields expected.*not 1/,
    ],
  ])('refuses %s with exit 2 and the line', async (_what, text, message) => {
    const io = fakeIo();
    expect(await run(['score-series', file(text)], io)).toBe(2);
    expect(io.err()).toMatch(message);
    expect(io.out()).toBe('');
  });

  it('refuses a file that is not there with exit 2', async () => {
    const io = fakeIo();
    expect(await run(['score-series', join(folder, 'none.csv')], io)).toBe(2);
    expect(io.err()).toMatch(/cannot read .*none\.csv: ENOENT/);
  });
});

describe('parseSeriesCsv', () => {
  it.each([
    ['2026-11-02 04:12:00', '2026-11-02T04:12:00.000Z'],
    ['2026-11-02 04:12', '2026-11-02T04:12:00.000Z'],
    ['2026-11-02', '2026-11-02T00:00:00.000Z'],
    ['2026-11-02T04:12:00.123456Z', '2026-11-02T04:12:00.123Z'],
    ['2026-11-02T04:12:00+02:00', '2026-11-02T02:12:00.000Z'],
    ['2026-11-02T04:12:00-0130', '2026-11-02T05:42:00.000Z'],
    ['1793577600', '2026-11-02T00:00:00.000Z'],
    ['1793577600000', '2026-11-02T00:00:00.000Z'],
  ])('understands %s', (text, iso) => {
    const [row] = parseSeriesCsv(`timestamp,value\n${text},1\n`, 'x');
    expect(new Date(row?.at ?? Number.NaN).toISOString()).toBe(iso);
  });

  it('copes with a byte order mark, Windows line ends, quotes, blank lines and other columns', () => {
    const rows = parseSeriesCsv('\uFEFF"Value",unit,Timestamp\r\n"-4.5",ms,"2026-11-02"\r\n\r\n', 'x');
    expect(rows).toEqual([{ timestamp: '2026-11-02', text: '-4.5', at: Date.UTC(2026, 10, 2), value: -4.5 }]);
  });

  it.each(['', 'NaN', 'null', 'NA'])('takes %j for a missing point', (text) => {
    const [row] = parseSeriesCsv(`timestamp,value\n2026-11-02,${text}\n`, 'x');
    expect(row?.value).toBeNaN();
    expect(row?.text).toBe('');
  });
});

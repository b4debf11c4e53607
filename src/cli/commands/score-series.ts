import { readFile } from 'node:fs/promises';
import { stdin } from 'node:process';
import { text } from 'node:stream/consumers';
import { InputError } from '../../model/errors.ts';
import { createAnomalyScorer } from '../../stats/anomaly/scorer.ts';
import type { Io } from '../io.ts';
import type { Register } from '../register.ts';
import { parseSeriesCsv, type SeriesRow } from '../series-csv.ts';

interface Options {
  readonly json?: boolean;
}

const FOOTER = `
The file has a header that names timestamp and value. Timestamps: 2026-11-01 04:12:00 (UTC), ISO 8601, or
seconds or milliseconds since 1970. An empty value is a missing point. Rows are taken in the order of the file.

The score of a row depends on that row and the ones above it, on nothing below. 0: as usual, or part of an
event that was reported already; about 0.3 and more: worth a look. Method and measurements: docs/anomaly-core.md.

Examples:
  firebreak score-series invocations.csv > scored.csv
  cat invocations.csv | firebreak score-series - --json`;

/** `firebreak score-series`: how unusual each point of one recorded metric is. */
export const registerScoreSeries: Register = (program, io) => {
  program
    .command('score-series')
    .description('Scores each point of a recorded series for how unusual it is, as if it came in live')
    .argument('<file>', 'CSV file with the columns timestamp and value; - for standard input')
    .option('--json', 'print one JSON document (firebreak-score-series/1)')
    .addHelpText('after', FOOTER)
    .action((file: string, options: Options) => run(io, file, options));
};

async function run(io: Io, file: string, options: Options): Promise<void> {
  const source = file === '-' ? 'standard input' : file;
  const rows = parseSeriesCsv(await readInput(file), source);
  const scorer = createAnomalyScorer();
  const scores = rows.map(({ at, value }) => scorer.push(at, value));
  io.stdout(options.json === true ? asJson(rows, scores) : asCsv(rows, scores));
}

async function readInput(file: string): Promise<string> {
  if (file === '-') return text(stdin);
  return readFile(file, 'utf8').catch((error: unknown) => {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new InputError(`score-series: cannot read ${file}: ${reason}`, { cause: error });
  });
}

function asCsv(rows: readonly SeriesRow[], scores: readonly number[]): string {
  const lines = rows.map((row, i) => `${row.timestamp},${row.text},${written(scores[i])}\n`);
  return `timestamp,value,anomaly_score\n${lines.join('')}`;
}

function asJson(rows: readonly SeriesRow[], scores: readonly number[]): string {
  const points = rows.map((row, i) => ({
    timestamp: row.timestamp,
    value: Number.isNaN(row.value) ? null : row.value,
    anomalyScore: written(scores[i]),
  }));
  return `${JSON.stringify({ format: 'firebreak-score-series/1', points }, null, 2)}\n`;
}

/** Six digits tell any two scores apart that are worth telling apart. */
function written(score = 0): number {
  return Number(score.toFixed(6));
}

import { InputError } from '../model/errors.ts';
import { type EpochMs, SECOND_MS } from '../model/time.ts';

/** One row of a `timestamp,value` file, as written and as understood. */
export interface SeriesRow {
  readonly timestamp: string;
  /** As written; empty for a missing point. */
  readonly text: string;
  readonly at: EpochMs;
  /** NaN: missing. */
  readonly value: number;
}

/** Texts that stand for a missing value. */
const MISSING = new Set(['', 'nan', 'null', 'na', 'n/a']);
const DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;
/** Numbers up to here are seconds since 1970, larger ones milliseconds. */
const EPOCH_SECONDS_MAX = 1e11;

/**
 * Reads CSV text with a header that names `timestamp` and `value`, in any order and among others.
 * Throws an InputError that names the line.
 */
export function parseSeriesCsv(text: string, source: string): SeriesRow[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const header = fieldsOf(lines[0] ?? '').map((name) => name.toLowerCase());
  const timestampColumn = header.indexOf('timestamp');
  const valueColumn = header.indexOf('value');
  if (timestampColumn < 0 || valueColumn < 0) {
    throw new InputError(
      `${source}: line 1: the header must name timestamp and value, as in "timestamp,value"; it is ${quote(lines[0] ?? '')}`,
    );
  }
  const rows: SeriesRow[] = [];
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i] ?? '';
    if (line.trim() === '') continue;
    const fields = fieldsOf(line);
    const where = `${source}: line ${i + 1}`;
    if (fields.length !== header.length) {
      throw new InputError(
        `${where}: ${header.length} fields expected, as in the header, not ${fields.length}`,
      );
    }
    const timestamp = fields[timestampColumn] ?? '';
    const value = fields[valueColumn] ?? '';
    rows.push({
      timestamp,
      text: MISSING.has(value.toLowerCase()) ? '' : value,
      at: instantOf(timestamp, where),
      value: numberOf(value, where),
    });
  }
  return rows;
}

/** Fields without quotes around them and blanks beside them. A field of such a file holds no comma. */
function fieldsOf(line: string): string[] {
  return line.split(',').map((field) => field.trim().replace(/^"(.*)"$/, '$1'));
}

function numberOf(text: string, where: string): number {
  if (MISSING.has(text.toLowerCase())) return Number.NaN;
  const value = Number(text);
  if (!Number.isFinite(value)) {
    throw new InputError(
      `${where}: value must be a finite number, or empty for a missing point, not ${quote(text)}`,
    );
  }
  return value;
}

function instantOf(text: string, where: string): EpochMs {
  const at = /^\d+(\.\d+)?$/.test(text) ? epoch(Number(text)) : dateTime(text);
  if (Number.isFinite(at)) return at;
  throw new InputError(
    `${where}: timestamp must be like 2026-11-01 04:12:00 (UTC), ISO 8601, or seconds since 1970, not ${quote(text)}`,
  );
}

function epoch(number: number): EpochMs {
  return number <= EPOCH_SECONDS_MAX ? number * SECOND_MS : number;
}

function dateTime(text: string): EpochMs {
  const match = DATE_TIME.exec(text);
  if (match === null) return Number.NaN;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = match;
  const offset = /^[+-]\d{4}$/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase();
  // Three digits of a fraction are all that a millisecond has.
  const at = Date.parse(
    `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction.slice(0, 4)}${offset}`,
  );
  // 30 February parses as 2 March in some engines: refuse what does not come back as it was written.
  const written = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return written.getUTCMonth() === Number(month) - 1 && written.getUTCDate() === Number(day)
    ? at
    : Number.NaN;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

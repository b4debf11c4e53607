import { Token } from 'aws-cdk-lib';
import { InputError } from '../src/model/errors.ts';

/** A bound of a numeric prop. Left out: unbounded on that side. */
export interface Range {
  readonly least?: number;
  readonly most?: number;
  /** Excludes `least` itself. */
  readonly above?: number;
  readonly whole?: boolean;
}

/** Fails the synthesis unless the value, where given, is in range. Names the field, the range and what was given. */
export function checkNumber(field: string, value: number | undefined, range: Range): void {
  if (value === undefined || Token.isUnresolved(value)) return;
  const inRange =
    Number.isFinite(value) &&
    (range.least === undefined || value >= range.least) &&
    (range.above === undefined || value > range.above) &&
    (range.most === undefined || value <= range.most) &&
    (range.whole !== true || Number.isInteger(value));
  if (!inRange) throw new InputError(`${field} must be ${describe(range)}, got ${value}`);
}

function describe(range: Range): string {
  const bounds = [
    range.least === undefined ? null : `at least ${range.least}`,
    range.above === undefined ? null : `above ${range.above}`,
    range.most === undefined ? null : `at most ${range.most}`,
  ].filter((bound) => bound !== null);
  return `a ${range.whole === true ? 'whole ' : ''}number${bounds.length === 0 ? '' : ` ${bounds.join(', ')}`}`;
}

/** As {@link checkNumber}, for text: `shape` is the allowed form in words. */
export function checkText(field: string, value: string | undefined, pattern: RegExp, shape: string): void {
  if (value === undefined || Token.isUnresolved(value)) return;
  if (!pattern.test(value)) throw new InputError(`${field} must be ${shape}, got ${JSON.stringify(value)}`);
}

/** As {@link checkText}, for one of a few words: also what plain JavaScript, or context on a command line, may hand in. */
export function checkOneOf(field: string, value: string | undefined, allowed: readonly string[]): void {
  if (value === undefined || Token.isUnresolved(value)) return;
  if (!allowed.includes(value)) {
    throw new InputError(`${field} must be one of ${allowed.join(', ')}, got ${JSON.stringify(value)}`);
  }
}

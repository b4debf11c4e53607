/**
 * The number that follows `--name` on the command line.
 * @throws {RangeError} where it is not a positive number.
 */
export function option(name: string, fallback: number): number {
  const at = process.argv.indexOf(`--${name}`);
  const value = at < 0 ? fallback : Number(process.argv[at + 1]);
  if (!(value > 0)) throw new RangeError(`--${name} must be a positive number`);
  return value;
}

import fc from 'fast-check';

/** A real payload in which one to four values, anywhere, are something else, or gone. */
export function mutated(real: unknown): fc.Arbitrary<unknown> {
  const paths = pathsOf(JSON.parse(JSON.stringify(real)) as unknown, []);
  const change = fc.record({
    path: fc.constantFrom(...paths),
    value: fc.oneof(fc.jsonValue(), fc.constant(GONE), fc.constantFrom(...HOSTILE)),
  });
  return fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
    let document = JSON.parse(JSON.stringify(real)) as unknown;
    for (const { path, value } of changes) document = withValue(document, path, value);
    return document;
  });
}

const GONE = Symbol('gone');
const HOSTILE = [
  null,
  '',
  'NaN',
  -1,
  1e308,
  [],
  [null],
  {},
  '__proto__',
  '\u0000',
  'x'.repeat(10_000),
] as const;

type Path = readonly (string | number)[];

function pathsOf(value: unknown, at: Path): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  return [at, ...entries.flatMap(([key, child]) => pathsOf(child, [...at, key]))];
}

function withValue(document: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value === GONE ? undefined : value;
  // An earlier change may have taken away what this path led through.
  if (typeof document !== 'object' || document === null || !(key in document)) return document;
  const copy = (Array.isArray(document) ? [...document] : { ...document }) as Record<
    string | number,
    unknown
  >;
  if (rest.length > 0 || value !== GONE) copy[key] = withValue(copy[key], rest, value);
  else if (Array.isArray(copy)) copy.splice(Number(key), 1);
  else delete copy[key];
  return copy;
}

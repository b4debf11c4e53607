import * as z from 'zod';
import { type Config, configSchema } from './config.ts';
import { distance } from './nearest.ts';

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  /** One clear line each: the setting, what it must be, what was given. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** Parses settings as they are in a configuration file. A `$schema` (for editors) is allowed and ignored. */
export function parseConfig(input: unknown): ConfigResult {
  const parsed = configSchema.safeParse(withoutSchemaKey(input));
  if (parsed.success) return { ok: true, config: parsed.data };
  const problems = parsed.error.issues.flatMap((issue) => problemsOf(issue, input));
  return { ok: false, problems };
}

/** JSON Schema of a configuration file, for editors. */
export function configJsonSchema(): Readonly<Record<string, unknown>> {
  const schema = z.toJSONSchema(configSchema, { io: 'input' });
  return {
    ...schema,
    title: 'firebreak configuration',
    properties: { $schema: { type: 'string' }, ...schema.properties },
  };
}

function withoutSchemaKey(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input;
  return Object.fromEntries(Object.entries(input).filter(([key]) => key !== '$schema'));
}

function problemsOf(issue: z.core.$ZodIssue, input: unknown): readonly string[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(
      (key) => `${[...path, key].join('.')}: unknown setting${suggestion([...path, key])}`,
    );
  }
  const place = path.length === 0 ? 'the configuration' : path.join('.');
  return [`${place}: ${requirement(issue)}; given ${shown(valueAt(input, path))}`];
}

function requirement(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${article(issue.expected === 'int' ? 'whole number' : issue.expected)}`;
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}`;
    case 'too_small':
      if (issue.origin === 'string') return 'must not be empty';
      return `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`;
    case 'too_big':
      return `must be ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}`;
    case 'invalid_format':
      return 'prefix' in issue ? `must start with "${issue.prefix}"` : issue.message;
    default:
      return issue.message;
  }
}

function article(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}

/** The value as it was given; a URL may be a secret that got into the wrong place, and is not repeated. */
function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? 'nothing';
  if (json.includes('://')) return 'a URL';
  return json.length > 60 ? `${json.slice(0, 57)}...` : json;
}

function valueAt(input: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined,
    input,
  );
}

/** The known setting that was probably meant, wherever it is. */
function suggestion(unknownPath: readonly string[]): string {
  const given = unknownPath.at(-1) ?? '';
  const parent = unknownPath.slice(0, -1).join('.');
  const ranked = knownPaths()
    .map((path) => {
      const isElsewhere = path.slice(0, -1).join('.') !== parent;
      const edits = distance(given.toLowerCase(), (path.at(-1) ?? '').toLowerCase());
      return { path, score: edits + (isElsewhere ? 0.5 : 0) };
    })
    .sort((a, b) => a.score - b.score);
  const nearest = ranked[0];
  if (nearest !== undefined && nearest.score <= Math.max(2, given.length / 3)) {
    return `; did you mean ${nearest.path.join('.')}?`;
  }
  const siblings = knownPaths().filter((path) => path.slice(0, -1).join('.') === parent);
  return `; known here: ${siblings.map((path) => path.at(-1)).join(', ')}`;
}

function knownPaths(): readonly (readonly string[])[] {
  const paths: string[][] = [];
  const walk = (schema: unknown, path: readonly string[]): void => {
    const properties = valueAt(schema, ['properties']);
    if (typeof properties !== 'object' || properties === null) return;
    for (const [key, inner] of Object.entries(properties)) {
      paths.push([...path, key]);
      walk(inner, [...path, key]);
    }
  };
  walk(z.toJSONSchema(configSchema, { io: 'input' }), []);
  return paths;
}

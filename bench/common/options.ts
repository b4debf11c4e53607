import { parseArgs } from 'node:util';

type Numbers = Readonly<Record<string, number>>;

/**
 * The positive numbers that follow `--name` on the command line, or what they are without. `--help` names them and ends; what
 * is not known ends with exit code 2, before anything is measured or written.
 */
export function options<T extends Numbers>(bench: string, defaults: T): { readonly [K in keyof T]: number } {
  const parsed = parse(defaults, process.argv.slice(2));
  if (typeof parsed === 'object') return parsed;
  const names = Object.entries(defaults).map(([name, value]) => ` [--${name} ${value}]`);
  const usage = `npm run bench:${bench}${names.length === 0 ? '' : ' --'}${names.join('')}`;
  if (parsed === 'help') console.log(usage);
  else console.error(`${parsed}\n${usage}`);
  process.exit(parsed === 'help' ? 0 : 2);
}

/** `help`, or what is wrong. */
export function parse<T extends Numbers>(
  defaults: T,
  args: readonly string[],
): { readonly [K in keyof T]: number } | string {
  const known = Object.fromEntries(Object.keys(defaults).map((name) => [name, { type: 'string' }] as const));
  let values: Readonly<Record<string, string | boolean | undefined>>;
  try {
    values = parseArgs({
      args: [...args],
      options: { ...known, help: { type: 'boolean', short: 'h' } },
    }).values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (values['help'] === true) return 'help';
  const numbers = { ...defaults } as { [K in keyof T]: number };
  for (const name of Object.keys(defaults) as (keyof T & string)[]) {
    const text = values[name];
    if (text === undefined) continue;
    if (!(Number(text) > 0)) return `--${name} must be a positive number, not ${text}`;
    numbers[name] = Number(text) as T[keyof T & string];
  }
  return numbers;
}

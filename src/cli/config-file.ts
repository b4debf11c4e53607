import { readFile } from 'node:fs/promises';
import { type Config, DEFAULT_CONFIG } from '../model/config.ts';
import { parseConfig } from '../model/config-problems.ts';
import { InputError } from '../model/errors.ts';
import type { Io } from './io.ts';

/** Looked for in the current folder where no other is named. */
export const CONFIG_FILE = 'firebreak.config.json';
/** Names another file, or holds the settings themselves as JSON. */
const CONFIG_VARIABLE = 'FIREBREAK_CONFIG';

export interface FoundConfig {
  /** Where the settings come from, for messages. */
  readonly source: string;
  /** As parsed from JSON; `{}` where there is no configuration. */
  readonly settings: unknown;
}

/**
 * The settings of `path` (option `--config`), else of `FIREBREAK_CONFIG`, else of `firebreak.config.json` in the
 * current folder, else the defaults.
 * @throws {InputError} naming the file, the setting, and the known name that was probably meant.
 */
export async function loadConfig(io: Io, path?: string): Promise<Config> {
  const { source, settings } = await findConfig(io, path);
  const result = parseConfig(settings);
  if (result.ok) return result.config;
  const [first = 'not usable', ...more] = result.problems;
  const rest = more.length === 0 ? '' : ` (and ${more.length} more: run firebreak config check)`;
  throw new InputError(`${source}: ${first}${rest}`);
}

/** @throws {InputError} for a file that is named and cannot be read, or is not JSON. */
export async function findConfig(io: Io, path?: string): Promise<FoundConfig> {
  if (path !== undefined) return { source: path, settings: parseJson(await readNamed(path), path) };
  const variable = io.env[CONFIG_VARIABLE]?.trim() ?? '';
  if (variable.startsWith('{')) {
    return { source: CONFIG_VARIABLE, settings: parseJson(variable, CONFIG_VARIABLE) };
  }
  if (variable !== '') {
    const source = `${variable} (from ${CONFIG_VARIABLE})`;
    return { source, settings: parseJson(await readNamed(variable), source) };
  }
  const text = await readFile(CONFIG_FILE, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null;
    throw unreadable(CONFIG_FILE, error);
  });
  return text === null
    ? { source: 'defaults', settings: {} }
    : { source: CONFIG_FILE, settings: parseJson(text, CONFIG_FILE) };
}

/** Paths of the settings that differ from their defaults. */
export function changedSettings(config: Config): readonly string[] {
  const changed: string[] = [];
  const walk = (value: unknown, standard: unknown, path: string): void => {
    if (JSON.stringify(value) === JSON.stringify(standard)) return;
    if (!isRecord(value) || !isRecord(standard) || Object.keys(standard).length === 0) {
      changed.push(path);
      return;
    }
    for (const key of Object.keys(value)) {
      walk(value[key], standard[key], path === '' ? key : `${path}.${key}`);
    }
  };
  walk(config, DEFAULT_CONFIG, '');
  return changed;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function readNamed(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw unreadable(path, error);
  });
}

function unreadable(path: string, error: unknown): InputError {
  const reasons: Record<string, string> = {
    ENOENT: 'no such file',
    EACCES: 'not allowed to read it',
    EISDIR: 'is a folder',
  };
  const reason = reasons[codeOf(error)] ?? 'cannot be read';
  return new InputError(`configuration ${path}: ${reason}`, { cause: error });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** The parser's own message would repeat the text, so only the place is taken from it. */
function parseJson(text: string, source: string): unknown {
  const json = text.replace(/^\ufeff/, '');
  try {
    return JSON.parse(json);
  } catch (error) {
    const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    const before = json.slice(0, position === undefined ? json.length : Number(position)).split('\n');
    const column = (before.at(-1)?.length ?? 0) + 1;
    throw new InputError(
      `${source}: not valid JSON at line ${before.length}, column ${column} ` +
        '(comments and trailing commas are not allowed)',
    );
  }
}

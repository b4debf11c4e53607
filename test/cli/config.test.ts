import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { changedSettings, loadConfig } from '../../src/cli/config-file.ts';
import { run } from '../../src/cli/program.ts';
import { DEFAULT_CONFIG } from '../../src/model/config.ts';
import { InputError } from '../../src/model/errors.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { fakeIo } from './fake-io.ts';

let folder = '';
beforeEach(() => {
  folder = temporaryFolder('config');
});

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

describe('where settings come from', () => {
  it('uses the defaults where there is no configuration', async () => {
    expect(await loadConfig(fakeIo())).toEqual(DEFAULT_CONFIG);
  });

  it('prefers --config to the environment', async () => {
    const io = fakeIo({ env: { FIREBREAK_CONFIG: file('env.json', { pageUsd: 2 }) } });
    expect(await loadConfig(io, file('flag.json', { pageUsd: 3 }))).toMatchObject({ pageUsd: 3 });
    expect(await loadConfig(io)).toMatchObject({ pageUsd: 2 });
  });

  it('takes settings from the environment itself, as a deployed stack has them', async () => {
    const io = fakeIo({ env: { FIREBREAK_CONFIG: '{"kill":{"freeze":true}}' } });
    expect((await loadConfig(io)).kill.freeze).toBe(true);
  });

  it('reads a file that an editor saved with a byte order mark', async () => {
    expect(await loadConfig(fakeIo(), file('bom.json', '\ufeff{"pageUsd":4}'))).toMatchObject({ pageUsd: 4 });
  });
});

describe('what cannot be used is refused in one line', () => {
  it.each([
    ['a missing file', () => join(folder, 'none.json'), 'no such file'],
    ['a folder', () => folder, 'is a folder'],
    ['broken JSON', () => file('a.json', '{\n  "pageUsd": 1,\n}'), 'not valid JSON at line 3, column 1'],
    ['an empty file', () => file('b.json', ''), 'not valid JSON at line 1, column 1'],
    ['a misspelt setting', () => file('c.json', { pagUsd: 1 }), 'did you mean pageUsd?'],
  ])('%s', async (_, path, message) => {
    const error = await loadConfig(fakeIo(), path()).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect(String(error)).toContain(message);
    expect(String(error).split('\n')).toHaveLength(1);
  });

  it('says how many more problems there are', async () => {
    const path = file('d.json', { pagUsd: 1, kil: 1, pricing: 2 });
    await expect(loadConfig(fakeIo(), path)).rejects.toThrow('and 2 more: run firebreak config check');
  });
});

it('names the settings that differ from the defaults', () => {
  expect(changedSettings(DEFAULT_CONFIG)).toEqual([]);
  const changed = {
    ...DEFAULT_CONFIG,
    downstreamUsdPerInvocation: { a: 1 },
    kill: { ...DEFAULT_CONFIG.kill, mode: 'auto' as const, protect: ['b'] },
  };
  expect(changedSettings(changed)).toEqual(['downstreamUsdPerInvocation', 'kill.mode', 'kill.protect']);
});

describe('firebreak config', () => {
  it('check: says what a good file changes', async () => {
    const io = fakeIo();
    expect(await run(['config', 'check', '--config', file('a.json', { pageUsd: 9 })], io)).toBe(0);
    expect(io.out()).toContain('ok, differs from the defaults in pageUsd');
  });

  it('check: names every problem and exits with 2', async () => {
    const io = fakeIo();
    const path = file('a.json', { pagUsd: 1, kill: { mode: 'x' } });
    expect(await run(['config', 'check', '--json', '--config', path], io)).toBe(2);
    const document = JSON.parse(io.out());
    expect(document).toMatchObject({ format: 'firebreak-config-check/1', ok: false, source: path });
    expect(document.problems).toHaveLength(2);
    expect(io.err()).toContain('pagUsd: unknown setting');
    expect(io.err()).toContain(`firebreak: ${path}: 2 problems`);
  });

  it('show: prints every setting in force', async () => {
    const io = fakeIo();
    expect(await run(['config', 'show', '--config', file('a.json', { pageUsd: 9 })], io)).toBe(0);
    expect(JSON.parse(io.out())).toEqual({ ...DEFAULT_CONFIG, pageUsd: 9 });
  });

  it('schema: prints a JSON Schema', async () => {
    const io = fakeIo();
    expect(await run(['config', 'schema'], io)).toBe(0);
    expect(JSON.parse(io.out())).toMatchObject({ type: 'object', additionalProperties: false });
  });
});

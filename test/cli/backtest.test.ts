import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/program.ts';
import { families } from '../../src/simulate/families/registry.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import { errorsSeries, traceDocument } from '../observe/trace/documents.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { fakeIo } from './fake-io.ts';

const folder = temporaryFolder('backtest');

function traceFile(name: string, document: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, gzipSync(JSON.stringify(document)));
  return path;
}

async function firebreak(...argv: string[]) {
  const io = fakeIo();
  const exitCode = await run(argv, io);
  return { exitCode, out: io.out(), err: io.err() };
}

describe('firebreak backtest', () => {
  const scenario = families['retry-throw']?.scenario(2, { background: 0, minutes: 600 });
  const path = traceFile('loop.json.gz', simulate(scenario as never).trace);

  it('says in words what it would have told, and when', async () => {
    const { exitCode, out } = await firebreak('backtest', path);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/600 ticks/);
    expect(out).toContain('In the 10 h of this trace firebreak would have paged nobody, and warned once.\n');
    expect(out).toMatch(/^Reading this data every minute would have cost \$/m);
    expect(out).toMatch(/retry-loop/);
    expect(out).toMatch(/firebreak kill /);
  });

  it('says when it would have woken somebody, and what that would have saved', async () => {
    const timeouts = families['retry-timeout']?.scenario(4, { background: 1, minutes: 300 });
    const { out } = await firebreak(
      'backtest',
      traceFile('timeouts.json.gz', simulate(timeouts as never).trace),
    );
    expect(out).toMatch(
      /^In the 5 h of this trace firebreak would have paged once, at 20\d\d-\d\d-\d\d \d\d:\d\d UTC\.$/m,
    );
    expect(out).toMatch(
      /^\$[\d.]+ was wasted; stopping each 10 min after its page would have saved about \$[\d.]+\.$/m,
    );
  });

  it('says that nobody would have been woken where nothing happened', async () => {
    const calm = families['quiet-fleet'];
    const scenario = calm?.scenario(3, { background: 2, minutes: 300 });
    const { exitCode, out } = await firebreak(
      'backtest',
      traceFile('calm.json.gz', simulate(scenario as never).trace),
    );
    expect(exitCode).toBe(0);
    expect(out).toContain('In the 5 h of this trace firebreak would have paged nobody');
    expect(out).not.toContain('would have saved');
  });

  it('prints one JSON document with --json, and nothing else on stdout', async () => {
    const { exitCode, out } = await firebreak('backtest', path, '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ format: 'firebreak-backtest/1' });
  });

  it.each([
    ['a missing file', join(folder, 'none.json'), /no such file/],
    [
      'a series of the wrong length',
      traceFile('short.json.gz', traceDocument({ series: [errorsSeries({ values: [] })] })),
      /series\[0\]\.values/,
    ],
    ['another format', traceFile('format.json.gz', { format: 'x' }), /format/],
  ])('exits 2 with one line for %s', async (_, file, message) => {
    const { exitCode, out, err } = await firebreak('backtest', file, '--json');
    expect(exitCode).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(message);
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});

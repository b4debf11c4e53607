import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readTraceFile } from '../../../src/observe/trace/read-file.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { traceDocument } from './documents.ts';

const folder = temporaryFolder('trace');
const text = JSON.stringify(traceDocument());

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('readTraceFile', () => {
  it.each([
    ['plain JSON', file('plain.json', text)],
    ['gzip', file('packed.json.gz', gzipSync(text))],
    ['gzip under a plain name', file('misnamed.json', gzipSync(text))],
  ])('reads %s', async (_, path) => {
    expect((await readTraceFile(path)).periods).toBe(6);
  });

  it.each([
    ['a file that is not there', join(folder, 'missing.json'), /no such file/],
    ['a folder', folder, /cannot read/],
    ['truncated gzip', file('cut.json.gz', gzipSync(text).subarray(0, 60)), /truncated or damaged/],
    ['truncated JSON', file('cut.json', text.slice(0, 100)), /is not JSON/],
    ['an empty file', file('empty.json', ''), /is not JSON/],
    ['a list', file('list.json', '[]'), /^trace: document: /],
  ])('refuses %s in one line', async (_, path, message) => {
    await expect(readTraceFile(path)).rejects.toThrow(message);
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { run } from '../../src/cli/program.ts';
import { version } from '../../src/cli/version.ts';
import { fakeIo } from './fake-io.ts';

it('firebreak --version is the version of the package', async () => {
  const { version: packaged } = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'),
  );
  expect(version).toBe(packaged);
  const io = fakeIo();
  expect(await run(['--version'], io)).toBe(0);
  expect(io.out()).toBe(`${packaged}\n`);
});

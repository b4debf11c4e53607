import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { ROOT, tryRun } from './packed.ts';

it("the repository's own app, as cdk.json starts it, writes the stack", async () => {
  const { app, build } = JSON.parse(await readFile(join(ROOT, 'cdk.json'), 'utf8')) as Record<string, string>;
  const outdir = temporaryFolder('app');
  for (const command of [build, `CDK_OUTDIR=${outdir} ${app}`]) {
    const ran = await tryRun(ROOT, 'sh', ['-c', command ?? 'false']);
    expect(ran.ok, ran.output).toBe(true);
  }
  const template = await readFile(join(outdir, 'Firebreak.template.json'), 'utf8');
  expect(template).toContain('"tick.handler"');
});

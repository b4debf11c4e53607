import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { root } from './pages.ts';

const page = readFileSync(join(root, 'docs/writing-a-detector.md'), 'utf8');
const [detector = '', tests = ''] = [...page.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code);

/** Lays the page's files out as it says, beside the code that they import. */
const folder = temporaryFolder('detector');
for (const path of ['detectors', 'test/detectors']) mkdirSync(join(folder, path), { recursive: true });
writeFileSync(
  join(folder, 'detectors/event-backlog.ts'),
  detector.replaceAll("from '../src/", `from '${root}/src/`).replace("'./", `'${root}/detectors/`),
);
const testFile = join(folder, 'test/detectors/event-backlog.test.ts');
writeFileSync(testFile, tests.replace("'./build.ts'", `'${root}/test/detectors/build.ts'`));

it('the page shows a detector and its tests', () => {
  expect(detector).toContain('export const eventBacklog: Detector');
  expect(tests).toContain("describe('event-backlog'");
});

// Its tests become tests of this file.
await import(/* @vite-ignore */ testFile);

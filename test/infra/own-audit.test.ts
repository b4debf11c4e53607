import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { plainTemplate } from '../../infra/build/plain-template.ts';
import { run } from '../../src/cli/program.ts';
import { fakeIo } from '../cli/fake-io.ts';
import { temporaryFolder } from '../temporary-folder.ts';

it('firebreak passes its own audit: nothing is more than low', async () => {
  const file = join(temporaryFolder('own-audit'), 'firebreak.template.json');
  const context = { killMode: 'auto', maximumShards: '20', alertEmails: 'a@example.com' };
  writeFileSync(file, JSON.stringify(plainTemplate({ handlerKey: 'a.zip', context })));
  const io = fakeIo();
  expect(await run(['audit', '--template', file, '--fail-on', 'medium', '--json'], io)).toBe(0);
  const report = JSON.parse(io.out()) as { readonly findings: readonly { readonly rule: string }[] };
  expect([...new Set(report.findings.map(({ rule }) => rule))].sort()).toEqual([
    'alarms-missing',
    'log-format-text',
  ]);
});

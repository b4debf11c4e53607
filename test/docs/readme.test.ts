import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/program.ts';
import { fakeIo } from '../cli/fake-io.ts';
import { root } from './pages.ts';

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const flat = (text: string) => text.replace(/\s+/g, ' ').trim();

describe('README.md', () => {
  it('shows the alert that the demo gives, and the dollars it ends with', async () => {
    const io = fakeIo();
    expect(await run(['demo'], io)).toBe(0);
    const told = flat(io.out());
    const block = /```text\n(.*?)```/s.exec(readme)?.[1] ?? '';
    const parts = block.split(/\n\s*\n|\n(?=- )/).map(flat);
    expect(parts.length).toBeGreaterThan(5);
    for (const part of parts) expect(told).toContain(part);
    const [without = 'nothing', with_ = 'nothing'] = [
      /if nobody acts +(\$[\d,.]+)\n/,
      /with firebreak +(\$[\d,.]+)\n/,
    ].map((pattern) => pattern.exec(io.out())?.[1]);
    expect(flat(readme)).toContain(`wastes ${without} if nobody acts, and ${with_} with firebreak`);
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { atNight, type Night, NOW } from './at-night.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/kill-switch.md'), 'utf8');

function example(name: string): string {
  const match = new RegExp(`<!-- example: ${name} -->\\n\\n\`\`\`text\\n([^\`]*)\`\`\``).exec(page);
  if (match?.[1] === undefined) throw new Error(`docs/kill-switch.md has no example ${name}`);
  return match[1];
}

/** What is printed, without the options that only a test gives, the place of the record, and progress. */
function shown(text: string, { endpoint, folder }: Night): string {
  return text
    .replaceAll(` --endpoint-url ${endpoint} --store ${folder}`, '')
    .split('\n')
    .filter((line) => !line.startsWith('... ') && !line.startsWith('Record: '))
    .join('\n');
}

describe('docs/kill-switch.md shows what the commands print', () => {
  it('kill', async () => {
    const night = await atNight();
    const { io } = await night.run('kill', 'orders-worker', '--yes');
    expect(example('kill-plan')).toBe(shown(io.err(), night));
    expect(example('kill-done')).toBe(shown(io.out(), night));
  });

  it('restore', async () => {
    const night = await atNight();
    await night.run('kill', 'orders-worker', '--hard', '--yes', '--reason', 'poison message');
    const { io } = await night.runAt({ now: () => NOW + 3 * 3_600_000 }, 'restore', 'orders-worker', '--yes');
    expect(example('restore-plan')).toBe(shown(io.err(), night));
  });

  it('restore --canary', async () => {
    const night = await atNight();
    await night.run('kill', 'orders-worker', '--yes', '--reason', 'poison message');
    const { io } = await night.runAt(
      { now: () => NOW + 3 * 3_600_000 },
      'restore',
      'orders-worker',
      '--canary',
      '--dry-run',
    );
    expect(example('canary-plan')).toBe(shown(io.out(), night));
  });
});

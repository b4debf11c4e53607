import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWithEmulator } from '../world.ts';
import { emulatorPython } from './python.ts';

const wrapper = join(import.meta.dirname, 'firebreak_ministack.py');

/** Loads the wrapper, without serving, after `sabotage` was done to MiniStack. */
function load(sabotage: string): { readonly status: number | null; readonly stderr: string } {
  const program = `${sabotage}\nimport runpy\nrunpy.run_path(${JSON.stringify(wrapper)})`;
  const { status, stderr } = spawnSync(emulatorPython(), ['-c', program], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  return { status, stderr };
}

describeWithEmulator('the emulator’s start', () => {
  it.each([
    ['a function', 'from ministack.services import sqs; del sqs._dlq_sweep', 'sqs._dlq_sweep'],
    [
      'an action',
      "from ministack.services import sqs; del sqs._HANDLERS['PurgeQueue']",
      'sqs action PurgeQueue',
    ],
    [
      'a resource type',
      "from ministack.services.cloudformation import provisioners as p; del p._RESOURCE_HANDLERS['AWS::DynamoDB::Table']",
      'resource AWS::DynamoDB::Table',
    ],
  ])('is refused when %s that it patches is gone, and names it', (_, sabotage, name) => {
    const { status, stderr } = load(sabotage);
    expect(status).toBe(1);
    expect(stderr).toContain(name);
  });

  it('is refused for another version of MiniStack', () => {
    const { status, stderr } = load("import importlib.metadata as m; m.version = lambda name: '9.9.9'");
    expect(status).toBe(1);
    expect(stderr).toContain('this is 9.9.9');
  });
});

import { expect, it } from 'vitest';
import { builtFirebreak } from './firebreak.ts';
import { createPipeline } from './pipeline.ts';
import { describeWithEmulator, openWorld } from './world.ts';

const world = openWorld('audit');

describeWithEmulator('audit, the built program', () => {
  it('names the fleet’s dangerous settings, and exits 3 where it must', async () => {
    const { functionName } = await createPipeline(world, {
      name: 'orders',
      visibilityTimeoutSeconds: 60,
      timeoutSeconds: 50,
      maxReceiveCount: 500,
    });
    const audit = await builtFirebreak(world, ['audit', '--json', '--fail-on', 'low']);
    expect(audit, audit.stderr).toMatchObject({ code: 3 });
    const document = JSON.parse(audit.stdout) as { readonly format: string };
    expect(document.format).toBe('firebreak-audit/1');
    expect(audit.stdout).toContain(functionName);
    expect(audit.stdout).toContain('500');
  });

  it('says what it could not reach, in a line, and exits 4', async () => {
    const audit = await builtFirebreak(world, ['audit', '--endpoint-url', 'http://127.0.0.1:1']);
    expect(audit).toMatchObject({ code: 4, stdout: '' });
    expect(audit.stderr.trim().split('\n').at(-1)).toMatch(/^firebreak: /);
  });
});

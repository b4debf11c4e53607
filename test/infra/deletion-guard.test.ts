import { describe, expect, it } from 'vitest';
import { resourcesOf, synthesize } from './synth.ts';

const TYPE = 'Custom::FirebreakDeletionGuard';

describe('the guard of the deletion', () => {
  it.each(['approve', 'auto'] as const)('is there in mode %s, and waits no longer than minutes', (mode) => {
    const { template } = synthesize({ killSwitch: { mode } });
    const [guard, ...others] = Object.values(resourcesOf(template, TYPE));
    expect(others).toEqual([]);
    expect(guard?.Properties).toMatchObject({ ServiceTimeout: '300' });
    expect(JSON.stringify(guard?.Properties['ServiceToken'])).toContain('Kill');
  });

  it('is not there where nothing can be stopped', () => {
    expect(resourcesOf(synthesize({ killSwitch: { mode: 'observe' } }).template, TYPE)).toEqual({});
    expect(resourcesOf(synthesize().template, TYPE)).toEqual({});
  });

  it('depends on every other resource of the monitor: it is asked before any of them goes', () => {
    const { template } = synthesize({ killSwitch: { mode: 'auto' } });
    const all = template.toJSON().Resources as Record<string, { Type: string; DependsOn?: string[] }>;
    const [guard] = Object.entries(all).filter(([, { Type }]) => Type === TYPE);
    const needed = new Set(guard?.[1].DependsOn);
    for (const [id, { Type }] of Object.entries(all)) {
      if (id === guard?.[0] || Type === 'AWS::CDK::Metadata') continue;
      expect(needed, `${id} would go first`).toContain(id);
    }
  });
});

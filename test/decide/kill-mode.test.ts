import { describe, expect, it } from 'vitest';
import { type KillMode, modeOf } from '../../src/decide/kill-mode.ts';
import { DEFAULT_CONFIG } from '../../src/model/config.ts';

describe('how far the kill switch goes for a function', () => {
  it.each<[string, KillMode, string | undefined, KillMode]>([
    ['without the tag: not at all', 'auto', undefined, 'off'],
    ['another value: not at all', 'auto', 'no', 'off'],
    ['opted in: as far as the configuration', 'auto', 'allowed', 'auto'],
    ['opted in: as far as the configuration', 'approve', 'allowed', 'approve'],
    ['the tag holds it back', 'auto', 'observe', 'observe'],
    ['the tag holds it back', 'auto', 'approve', 'approve'],
    ['the tag does not push it', 'observe', 'auto', 'observe'],
    ['the tag does not push it', 'off', 'auto', 'off'],
    ['a tag that says off is no opt-in', 'auto', 'off', 'off'],
  ])('%s (%s, tag %s): %s', (_, mode, tag, expected) => {
    const tags: Record<string, string> = tag === undefined ? {} : { 'firebreak:kill': tag };
    expect(modeOf(tags, { ...DEFAULT_CONFIG.kill, mode })).toBe(expected);
  });

  it('follows the tag and value that were chosen instead', () => {
    const kill = { ...DEFAULT_CONFIG.kill, mode: 'auto' as const, optInTag: 'stoppable', optInValue: 'yes' };
    expect(modeOf({ stoppable: 'yes' }, kill)).toBe('auto');
    expect(modeOf({ 'firebreak:kill': 'allowed' }, kill)).toBe('off');
  });
});

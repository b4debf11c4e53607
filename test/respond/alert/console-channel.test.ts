import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { consoleChannel, consoleText } from '../../../src/respond/alert/console-channel.ts';
import { storyOfANight } from './build.ts';
import { hostileAlert } from './hostile.ts';

const night = storyOfANight();
const ESCAPE = '\u001b';

describe('the terminal', () => {
  it('gets what to do before the details', () => {
    const text = consoleText(night.critical, { color: false, columns: 80 });
    const order = [
      'CRITICAL orders-worker',
      'Each message is received 14 times',
      'firebreak kill',
      'Burning now',
      'Evidence',
    ];
    const places = order.map((part) => text.indexOf(part));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
  });

  it('has no colours unless it shows them', () => {
    expect(consoleText(night.critical, { color: false, columns: 80 })).not.toContain(ESCAPE);
    expect(consoleText(night.critical, { color: true, columns: 80 })).toContain(`${ESCAPE}[31m`);
    expect(consoleText(night.resolved, { color: true, columns: 80 })).toContain(`${ESCAPE}[32m`);
  });

  it.each([40, 80, 100, 300])('is wrapped at %s columns, links apart', (columns) => {
    const lines = consoleText(night.critical, { color: false, columns }).split('\n');
    const tooLong = lines.filter(
      (line) => line.length > Math.min(100, columns) && !line.includes('https://'),
    );
    expect(tooLong).toEqual([]);
  });

  it('keeps a figure on the line of its unit', () => {
    for (let columns = 40; columns <= 100; columns++) {
      expect(consoleText(night.reopened, { color: false, columns })).not.toMatch(/^ *(min|h|UTC)\b/m);
    }
  });

  it('is safe from terminal escapes in names', () => {
    fc.assert(
      fc.property(hostileAlert, (alert) => {
        expect(consoleText(alert, { color: false, columns: 80 })).not.toMatch(/[^\P{Cc}\n]/u);
      }),
      { numRuns: 50 },
    );
  });

  it('is a channel that always delivers', async () => {
    const written: string[] = [];
    const channel = consoleChannel({ write: (text) => void written.push(text), color: false, columns: 80 });
    expect(await channel.send(night.opened)).toEqual({ ok: true });
    expect(written.join('')).toBe(consoleText(night.opened, { color: false, columns: 80 }));
  });
});

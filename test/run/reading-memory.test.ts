import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../src/model/time.ts';
import { emptyMemory } from '../../src/observe/aws/memory.ts';
import { readingMemory } from '../../src/run/reading-memory.ts';
import { memoryStore } from '../../src/store/memory-store.ts';

const AT = Date.parse('2026-11-24T12:00:00Z');
const remembered = (minute: number) => ({
  ...emptyMemory('111122223333', 'us-east-1'),
  nextSweepAt: AT + minute * MINUTE_MS,
});

describe('what a source remembers', () => {
  it('is there for the next process', async () => {
    const store = memoryStore();
    await readingMemory(store).keep(remembered(1), AT);
    expect(await readingMemory(store).load()).toEqual(remembered(1));
  });

  it('is written every ten minutes, not at every tick', async () => {
    const store = memoryStore();
    const memory = readingMemory(store);
    const kept: number[] = [];
    for (let minute = 0; minute < 25; minute++) {
      await memory.keep(remembered(minute), AT + minute * MINUTE_MS);
      kept.push((((await memory.load())?.nextSweepAt ?? 0) - AT) / MINUTE_MS);
    }
    expect([...new Set(kept)]).toEqual([0, 10, 20]);
  });

  it('is nothing before the first reading, and where it is damaged', async () => {
    const store = memoryStore();
    await readingMemory(store).keep(null, AT);
    expect(await readingMemory(store).load()).toBeNull();
    await store.putNotebook('reading', { at: AT, text: 'not what was packed' });
    expect(await readingMemory(store).load()).toBeNull();
  });
});

import { type EpochMs, MINUTE_MS } from '../model/time.ts';
import { packMemory, type SourceMemory, unpackMemory } from '../observe/aws/memory.ts';
import type { Store } from '../store/store.ts';

/**
 * How often what a source remembers is written: a process that starts anew has lost as much of it at most. A write unit of
 * DynamoDB is a kilobyte, so writing it each minute would cost as much as the reading that it saves.
 */
const WRITE_MINUTES = 10;

/** What a source has read, kept in a store for the process after this one. */
export interface ReadingMemory {
  /** What the last process left; `null`: nothing usable. */
  load(): Promise<SourceMemory | null>;
  /** Writes it, where it is time to. */
  keep(memory: SourceMemory | null, now: EpochMs): Promise<void>;
}

export function readingMemory(store: Pick<Store, 'notebook' | 'putNotebook'>): ReadingMemory {
  let writtenAt = 0;
  return {
    async load() {
      const text = await store.notebook('reading');
      return text === null ? null : unpackMemory(text);
    },
    async keep(memory, now) {
      if (memory === null || (now >= writtenAt && now - writtenAt < WRITE_MINUTES * MINUTE_MS)) return;
      await store.putNotebook('reading', { at: now, text: packMemory(memory) });
      writtenAt = now;
    },
  };
}

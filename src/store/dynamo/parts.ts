import { randomUUID } from 'node:crypto';
import type { EpochMs } from '../../model/time.ts';
import { EXPIRY, expiry, type Item, type Table } from './table.ts';

/** An item may have 400 KB in all, names included (DynamoDB guide: quotas, 2026). */
const PART_BYTES_MAX = 350_000;
/** Parts whose writer crashed are nobody's: TTL takes them. The current ones are replaced every hour or day. */
const PART_DAYS = 30;
/** The parts may be replaced while they are read: begin again. */
const READ_ATTEMPTS_MAX = 3;

/** Bytes that do not fit one item: in parts, under a pointer that is written last, so that a reader sees all of one writing. */
export interface Parts {
  /** `null`: nothing was written. Empty: it was replaced each time while it was read, or is damaged. */
  read(): Promise<Uint8Array | null>;
  /** `ifNewest`: what is newer by its `at` is left as it is. */
  write(bytes: Uint8Array, at: EpochMs, options?: { readonly ifNewest: boolean }): Promise<void>;
}

export function partsUnder(table: Table, partition: string): Parts {
  const current = { pk: partition, sk: 'current' };
  const prefixOf = (generation: string) => `part#${generation}#`;

  const readParts = async (pointer: Item): Promise<Uint8Array | null> => {
    const parts = await table.query(partition, prefixOf(String(pointer['generation'])));
    if (parts.length !== pointer['parts']) return null;
    return Buffer.concat(
      parts.map((part) => (part['data'] instanceof Uint8Array ? part['data'] : new Uint8Array())),
    );
  };
  const removeParts = async (generation: string): Promise<void> => {
    for (const part of await table.query(partition, prefixOf(generation))) {
      await table.remove({ pk: partition, sk: String(part['sk']) });
    }
  };

  return {
    async read() {
      for (let attempt = 1; attempt <= READ_ATTEMPTS_MAX; attempt++) {
        const pointer = await table.get(current);
        if (pointer === null) return null;
        const bytes = await readParts(pointer);
        if (bytes !== null) return bytes;
      }
      return new Uint8Array();
    },
    async write(bytes, at, options) {
      const generation = randomUUID();
      const parts = Math.ceil(bytes.length / PART_BYTES_MAX);
      for (let part = 0; part < parts; part++) {
        await table.put({
          pk: partition,
          sk: `${prefixOf(generation)}${String(part).padStart(4, '0')}`,
          data: new Uint8Array(bytes.subarray(part * PART_BYTES_MAX, (part + 1) * PART_BYTES_MAX)),
          [EXPIRY]: expiry(at, PART_DAYS),
        });
      }
      const written = await table.put(
        { ...current, generation, parts, writtenAt: at },
        options?.ifNewest === true ? newest(at) : undefined,
      );
      const stale = written.ok ? written.replaced?.['generation'] : generation;
      if (stale !== undefined) await removeParts(String(stale));
    },
  };
}

function newest(at: EpochMs) {
  return { condition: 'attribute_not_exists(pk) OR writtenAt <= :at', values: { ':at': at } };
}

import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { UnavailableError } from '../../model/errors.ts';
import { fromJson, toJson } from '../json.ts';
import type { StoreOptions } from '../reader.ts';
import { baselinesSchema } from '../schema.ts';
import type { Store } from '../store.ts';
import { EXPIRY, expiry, type Item, type Table } from './table.ts';

const PARTITION = 'BASELINES';
const CURRENT = { pk: PARTITION, sk: 'current' };
/** An item may have 400 KB in all, names included (DynamoDB guide: quotas, 2026). */
const PART_BYTES_MAX = 350_000;
/** Parts whose writer crashed are nobody's: TTL takes them. The current ones are replaced every hour or day. */
const PART_DAYS = 30;
/** The parts may be replaced while they are read: begin again. */
const READ_ATTEMPTS_MAX = 3;

type StoredBaselines = Pick<Store, 'baselines' | 'putBaselines'>;

/** A thousand functions do not fit one item: compressed, in parts, under a pointer that is written last. */
export function dynamoBaselines(table: Table, { warn }: StoreOptions): StoredBaselines {
  const partsPrefix = (generation: string) => `part#${generation}#`;

  const readParts = async (pointer: Item): Promise<Buffer | null> => {
    const parts = await table.query(PARTITION, partsPrefix(String(pointer['generation'])));
    if (parts.length !== pointer['parts']) return null;
    return Buffer.concat(
      parts.map((part) => (part['data'] instanceof Uint8Array ? part['data'] : new Uint8Array())),
    );
  };

  return {
    async baselines() {
      for (let attempt = 1; ; attempt++) {
        const pointer = await table.get(CURRENT);
        if (pointer === null) return null;
        const packed = await readParts(pointer);
        if (packed === null && attempt < READ_ATTEMPTS_MAX) continue;
        const place = `item ${PARTITION} of table ${table.name}`;
        try {
          const text = packed === null ? '' : (await promisify(gunzip)(packed)).toString('utf8');
          return fromJson(text, baselinesSchema, place);
        } catch (cause) {
          if (warn === undefined) throw new UnavailableError(`${place} is damaged`, { cause });
          warn(`${place} is damaged: baselines are taken as not built yet`);
          return null;
        }
      }
    },
    async putBaselines(baselines) {
      const packed = await promisify(gzip)(toJson(baselines));
      const generation = randomUUID();
      const parts = Math.ceil(packed.length / PART_BYTES_MAX);
      for (let part = 0; part < parts; part++) {
        await table.put({
          pk: PARTITION,
          sk: `${partsPrefix(generation)}${String(part).padStart(4, '0')}`,
          data: new Uint8Array(packed.subarray(part * PART_BYTES_MAX, (part + 1) * PART_BYTES_MAX)),
          [EXPIRY]: expiry(baselines.builtAt, PART_DAYS),
        });
      }
      const written = await table.put({ ...CURRENT, generation, parts });
      const replaced = written.ok ? written.replaced : null;
      if (replaced === null) return;
      for (const part of await table.query(PARTITION, partsPrefix(String(replaced['generation'])))) {
        await table.remove({ pk: PARTITION, sk: String(part['sk']) });
      }
    },
  };
}

import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { UnavailableError } from '../../model/errors.ts';
import { fromJson, toJson } from '../json.ts';
import type { StoreOptions } from '../reader.ts';
import { baselinesSchema } from '../schema.ts';
import type { Store } from '../store.ts';
import { partsUnder } from './parts.ts';
import type { Table } from './table.ts';

const PARTITION = 'BASELINES';

type StoredBaselines = Pick<Store, 'baselines' | 'putBaselines'>;

/** A thousand functions do not fit one item: compressed, in parts. */
export function dynamoBaselines(table: Table, { warn }: StoreOptions): StoredBaselines {
  const parts = partsUnder(table, PARTITION);
  return {
    async baselines() {
      const packed = await parts.read();
      if (packed === null) return null;
      const place = `item ${PARTITION} of table ${table.name}`;
      try {
        const text = packed.length === 0 ? '' : (await promisify(gunzip)(packed)).toString('utf8');
        return fromJson(text, baselinesSchema, place);
      } catch (cause) {
        if (warn === undefined) throw new UnavailableError(`${place} is damaged`, { cause });
        warn(`${place} is damaged: baselines are taken as not built yet`);
        return null;
      }
    },
    async putBaselines(baselines) {
      await parts.write(await promisify(gzip)(toJson(baselines)), baselines.builtAt);
    },
  };
}

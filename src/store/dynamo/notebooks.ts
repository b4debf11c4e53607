import type { Store } from '../store.ts';
import { partsUnder } from './parts.ts';
import type { Table } from './table.ts';

type Notebooks = Pick<Store, 'notebook' | 'putNotebook'>;

/** Each of its own partition, in as many items as its text needs. */
export function dynamoNotebooks(table: Table): Notebooks {
  const partsOf = (name: string) => partsUnder(table, `NOTEBOOK#${name}`);
  return {
    async notebook(name) {
      const bytes = await partsOf(name).read();
      return bytes === null ? null : Buffer.from(bytes).toString('utf8');
    },
    async putNotebook(name, { at, text }) {
      await partsOf(name).write(Buffer.from(text, 'utf8'), at, { ifNewest: true });
    },
  };
}

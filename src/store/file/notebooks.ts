import { join } from 'node:path';
import type { Store } from '../store.ts';
import type { Files } from './files.ts';

const FOLDER = 'notebooks';

type Notebooks = Pick<Store, 'notebook' | 'putNotebook'>;

/** One file for each: the instant of its writing on the first line, its text below. */
export function fileNotebooks(files: Files): Notebooks {
  const pathOf = (name: string) => join(FOLDER, `${name}.txt`);

  const read = async (name: string) => {
    const file = await files.read(pathOf(name));
    const [, at, text] = /^(\d+)\n([\s\S]*)$/.exec(file ?? '') ?? [];
    return at === undefined || text === undefined ? null : { at: Number(at), text };
  };

  return {
    notebook: async (name) => (await read(name))?.text ?? null,
    async putNotebook(name, { at, text }) {
      const stored = await read(name);
      if (stored === null || stored.at <= at) await files.replace(pathOf(name), `${at}\n${text}`);
    },
  };
}

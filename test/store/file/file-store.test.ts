import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileStore } from '../../../src/store/file/file-store.ts';
import { storeContract } from '../contract.ts';

storeContract({
  name: 'folder of files',
  runs: 30,
  make: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'firebreak-store-'));
    return {
      open: () => fileStore(join(folder, 'state')),
      close: () => rm(folder, { recursive: true, force: true }),
    };
  },
});

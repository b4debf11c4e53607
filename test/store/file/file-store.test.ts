import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileStore } from '../../../src/store/file/file-store.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { storeContract } from '../contract.ts';

storeContract({
  name: 'folder of files',
  runs: 30,
  make: async () => {
    const folder = temporaryFolder('store');
    return {
      open: () => fileStore(join(folder, 'state')),
      close: () => rm(folder, { recursive: true, force: true }),
    };
  },
});

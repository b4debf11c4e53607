import { memoryData, memoryStore } from '../../src/store/memory-store.ts';
import { storeContract } from './contract.ts';

storeContract({
  name: 'memory',
  runs: 100,
  make: async () => {
    const data = memoryData();
    return { open: () => memoryStore(data), close: async () => undefined };
  },
});

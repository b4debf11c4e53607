import type { EventSource } from '../../src/model/inventory.ts';

/** The mapping by which `orders-worker` reads `orders`, with the defaults of AWS. */
export const ORDERS_MAPPING: EventSource = {
  id: 'esm-1',
  kind: 'sqs',
  source: 'orders',
  enabled: true,
  batchSize: 10,
  maximumBatchingWindowSeconds: 0,
  maximumConcurrency: null,
  partialBatchResponses: false,
  maximumRetryAttempts: -1,
};

/** A small valid `firebreak-trace/1` document; tests change one thing and see what happens. */
export function traceDocument(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    format: 'firebreak-trace/1',
    account: '111122223333',
    region: 'us-east-1',
    start: '2026-11-01T00:00:00Z',
    periodSeconds: 60,
    periods: 6,
    publishDelaySeconds: 60,
    functions: [
      {
        name: 'worker',
        memoryMB: 1024,
        timeoutSeconds: 300,
        architecture: 'arm64',
        ephemeralStorageMB: 512,
        reservedConcurrency: null,
        tags: {},
        eventSources: [
          {
            id: 'esm-1',
            kind: 'sqs',
            source: 'orders',
            enabled: true,
            batchSize: 10,
            maximumBatchingWindowSeconds: 0,
            maximumConcurrency: null,
            partialBatchResponses: false,
            maximumRetryAttempts: -1,
          },
        ],
        asyncInvoke: null,
      },
    ],
    queues: [
      {
        name: 'orders',
        visibilityTimeoutSeconds: 1800,
        messageRetentionSeconds: 345_600,
        redrive: { deadLetterQueue: 'orders-dlq', maxReceiveCount: 5 },
      },
      { name: 'orders-dlq', visibilityTimeoutSeconds: 30, messageRetentionSeconds: 1_209_600, redrive: null },
    ],
    series: [errorsSeries()],
    ...overrides,
  };
}

export function errorsSeries(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    namespace: 'AWS/Lambda',
    metric: 'Errors',
    stat: 'Sum',
    dimensions: { FunctionName: 'worker' },
    values: [0, 0, 3, null, 0, 0],
    ...overrides,
  };
}

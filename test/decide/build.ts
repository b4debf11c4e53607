import type { TickInput } from '../../src/decide/contract.ts';
import type { Baselines } from '../../src/model/baseline.ts';
import { DEFAULT_CONFIG } from '../../src/model/config.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Incident } from '../../src/model/incident.ts';
import type { LambdaFunction } from '../../src/model/inventory.ts';
import { MINUTE_MS } from '../../src/model/time.ts';
import type { Window } from '../../src/model/window.ts';

export const NOW = Date.parse('2026-11-01T06:00:00Z');
const MINUTES = 180;
const NO_BASELINES: Baselines = { builtAt: NOW, functions: new Map(), queues: new Map() };

export function lambdaFunction(overrides: Partial<LambdaFunction> = {}): LambdaFunction {
  return {
    name: 'worker',
    memoryMB: 1024,
    timeoutSeconds: 60,
    architecture: 'x86_64',
    ephemeralStorageMB: 512,
    reservedConcurrency: null,
    tags: {},
    eventSources: [
      {
        id: 'esm-1',
        kind: 'sqs',
        source: 'orders',
        enabled: true,
        batchSize: 1,
        maximumBatchingWindowSeconds: 0,
        maximumConcurrency: null,
        partialBatchResponses: false,
        maximumRetryAttempts: -1,
      },
    ],
    asyncInvoke: null,
    ...overrides,
  };
}

/** A function that has spent `busyMs` of duration in each minute, all of it reported. */
export function window(
  options: { readonly busyMs?: number; readonly functions?: readonly LambdaFunction[] } = {},
): Window {
  const functions = options.functions ?? [lambdaFunction()];
  const invocations = new Float64Array(MINUTES).fill(10);
  const durationSumMs = new Float64Array(MINUTES).fill(options.busyMs ?? 60_000);
  return {
    startAt: NOW - (MINUTES + 1) * MINUTE_MS,
    minutes: MINUTES,
    inventory: {
      account: '111122223333',
      region: 'us-east-1',
      functions,
      queues: [
        { name: 'orders', visibilityTimeoutSeconds: 120, messageRetentionSeconds: 345_600, redrive: null },
      ],
    },
    functions: new Map(functions.map(({ name }) => [name, { invocations, durationSumMs }])),
    queues: new Map([['orders', {}]]),
    depths: new Map(),
    moveTasks: [],
    gaps: [],
  };
}

export function finding(overrides: Partial<Finding> = {}): Finding {
  return {
    detector: 'retry-loop',
    functions: ['worker'],
    queues: ['orders'],
    onsetAt: NOW - 12 * MINUTE_MS,
    lastEvidenceAt: NOW - MINUTE_MS,
    nats: 30,
    natsToOpen: 15,
    persistenceMinutes: 10,
    isOngoing: true,
    blipMinutes: 6,
    wastedShare: new Float64Array(MINUTES).fill(1),
    amplification: null,
    loss: null,
    selfEnd: { kind: 'never' },
    evidence: [{ kind: 'test', text: 'everything fails' }],
    ...overrides,
  };
}

export function input(overrides: Partial<TickInput> = {}): TickInput {
  return {
    now: NOW,
    window: window(),
    baselines: NO_BASELINES,
    openIncidents: [],
    config: DEFAULT_CONFIG,
    ...overrides,
  };
}

export function only<T>(items: readonly T[]): T {
  if (items.length !== 1) throw new Error(`expected one, got ${items.length}`);
  return items[0] as T;
}

/** The same input, `minutes` later, with the incidents of before. */
export function later(minutes: number, incidents: readonly Incident[], base: TickInput = input()): TickInput {
  const now = base.now + minutes * MINUTE_MS;
  return {
    ...base,
    now,
    window: { ...base.window, startAt: base.window.startAt + minutes * MINUTE_MS },
    openIncidents: incidents,
  };
}

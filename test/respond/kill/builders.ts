import type { KillPlan, KillStep } from '../../../src/model/kill.ts';
import type { KillDeps } from '../../../src/respond/kill/deps.ts';
import type { KillCause } from '../../../src/respond/kill/record.ts';
import { type MemoryData, memoryStore } from '../../../src/store/memory-store.ts';
import type { FakeLambda, FakeSettings } from './fake-lambda.ts';

export const FUNCTION = 'orders-worker';
export const WHERE = { functionName: FUNCTION, account: '111122223333', region: 'eu-west-1' };
export const CAUSE: KillCause = { requestedBy: 'jane', reason: 'retry loop', incidentId: null };

/** 2026-11-01T04:12:00Z */
export const AT = Date.UTC(2026, 10, 1, 4, 12);

/** A plan for these settings. What it says of them may be outdated: executing reads them anew. */
export function planOf(settings: FakeSettings, hard = false): KillPlan {
  const mappings: KillStep[] = Object.entries(settings.mappings).map(([eventSourceId, priorEnabled]) => ({
    kind: 'disable-event-source',
    eventSourceId,
    source: `queue-of-${eventSourceId}`,
    priorEnabled,
  }));
  const isHard = hard || mappings.length === 0;
  return {
    ...WHERE,
    lever: isHard ? 'reserved-concurrency-zero' : 'disable-event-source',
    steps: isHard
      ? [
          ...mappings,
          { kind: 'reserved-concurrency-zero', priorReservedConcurrency: settings.reservedConcurrency },
        ]
      : mappings,
    consequences: [],
    forecasts: [],
    refusals: [],
  };
}

export interface TestDeps extends KillDeps {
  readonly lines: string[];
  readonly slept: () => number;
}

/** Dependencies over these data; the clock moves only when something sleeps, and a millisecond at every look. */
export function depsOf(lambda: FakeLambda, data: MemoryData, changes: Partial<KillDeps> = {}): TestDeps {
  const lines: string[] = [];
  let sleptMs = 0;
  let looks = 0;
  return {
    store: memoryStore(data),
    port: lambda.port,
    now: () => AT + sleptMs + looks++,
    sleep: async (ms) => {
      sleptMs += ms;
    },
    progress: (line) => void lines.push(line),
    lines,
    slept: () => sleptMs,
    ...changes,
  };
}

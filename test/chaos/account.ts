import type { LambdaFunction, Queue } from '../../src/model/inventory.ts';
import { type EpochMs, MINUTE_MS } from '../../src/model/time.ts';
import type { Window } from '../../src/model/window.ts';
import { type FakeLambda, fakeLambda } from '../respond/kill/fake-lambda.ts';

export const FUNCTION = 'orders-worker';
const QUEUE = 'orders';
export const MAPPING = 'esm-orders';
export const ACCOUNT = { account: '111122223333', region: 'us-east-1' };
/** 2026-11-01T04:12:00Z: the first tick of every story. */
export const BEGIN_AT = Date.UTC(2026, 10, 1, 4, 12);

const WINDOW_MINUTES = 30;
const PER_MINUTE = 60;
const TIMEOUT_SECONDS = 60;
/** Messages wait, whatever happens: enough for the stop to matter. */
const WAITING = 500;

type Minute = 'healthy' | 'looping' | 'stopped';

/** One function that a queue feeds, its settings, and what its minutes were like. */
export interface Account {
  readonly lambda: FakeLambda;
  /** The cause of the loop is gone: what runs from now on succeeds. */
  isFixed: boolean;
  /** A minute passes. */
  pass(): void;
  window(now: EpochMs): Window;
  fn(): LambdaFunction;
}

/** It has been failing for `loopMinutes`, after a while in which all was well. */
export function account(loopMinutes: number, settleReads = 0): Account {
  const lambda = fakeLambda({ mappings: { [MAPPING]: true }, reservedConcurrency: null }, { settleReads });
  const history: Minute[] = [
    ...Array<Minute>(WINDOW_MINUTES).fill('healthy'),
    ...Array<Minute>(loopMinutes).fill('looping'),
  ];
  const world: Account = {
    lambda,
    isFixed: false,
    pass() {
      const { mappings, reservedConcurrency } = lambda.settings();
      const runs = mappings[MAPPING] === true && reservedConcurrency !== 0;
      history.push(runs ? (world.isFixed ? 'healthy' : 'looping') : 'stopped');
    },
    window(now) {
      const minutes = history.slice(-WINDOW_MINUTES);
      const counts = (of: Partial<Record<Minute, number>>) =>
        Float64Array.from(minutes, (minute) => of[minute] ?? 0);
      const both = counts({ healthy: PER_MINUTE, looping: PER_MINUTE });
      const endAt = Math.floor(now / MINUTE_MS) * MINUTE_MS - MINUTE_MS;
      return {
        startAt: endAt - WINDOW_MINUTES * MINUTE_MS,
        minutes: WINDOW_MINUTES,
        inventory: { ...ACCOUNT, functions: [world.fn()], queues: [ORDERS] },
        functions: new Map([
          [
            FUNCTION,
            {
              invocations: both,
              errors: counts({ looping: PER_MINUTE }),
              throttles: counts({}),
              durationSumMs: counts({
                healthy: PER_MINUTE * 200,
                looping: PER_MINUTE * TIMEOUT_SECONDS * 1000,
              }),
              durationAverageMs: counts({ healthy: 200, looping: TIMEOUT_SECONDS * 1000 }),
              durationMaximumMs: counts({ healthy: 400, looping: TIMEOUT_SECONDS * 1000 }),
            },
          ],
        ]),
        queues: new Map([[QUEUE, { sent: both, received: both, deleted: counts({ healthy: PER_MINUTE }) }]]),
        depths: new Map([[QUEUE, { readAt: now, visible: WAITING, notVisible: 0 }]]),
        moveTasks: [],
        gaps: [],
      };
    },
    fn() {
      const { mappings, reservedConcurrency, limits } = lambda.settings();
      return {
        name: FUNCTION,
        memoryMB: 10_240,
        timeoutSeconds: TIMEOUT_SECONDS,
        architecture: 'x86_64',
        ephemeralStorageMB: 512,
        reservedConcurrency,
        tags: { 'firebreak:kill': 'allowed' },
        eventSources:
          mappings[MAPPING] === undefined
            ? []
            : [
                {
                  id: MAPPING,
                  kind: 'sqs',
                  source: QUEUE,
                  enabled: mappings[MAPPING],
                  batchSize: 1,
                  maximumBatchingWindowSeconds: 0,
                  maximumConcurrency: limits?.[MAPPING] ?? null,
                  partialBatchResponses: false,
                  maximumRetryAttempts: -1,
                },
              ],
        asyncInvoke: null,
      };
    },
  };
  return world;
}

const ORDERS: Queue = {
  name: QUEUE,
  visibilityTimeoutSeconds: 60,
  messageRetentionSeconds: 345_600,
  redrive: null,
};

import { describe, expect, it } from 'vitest';
import type { Incident, IncidentState } from '../../../src/model/incident.ts';
import type { Inventory, LambdaFunction } from '../../../src/model/inventory.ts';
import { MINUTE_MS } from '../../../src/model/time.ts';
import { type AttentionInput, attend } from '../../../src/observe/aws/attention.ts';
import { type DepthHistory, NO_DEPTHS, withDepths } from '../../../src/observe/aws/depth-history.ts';
import { NOTHING_READ, type ReadingState } from '../../../src/observe/aws/reading-state.ts';
import type { Pace } from '../../../src/price/monitor-pace.ts';
import { ORDERS_MAPPING } from '../../model/orders-mapping.ts';
import { incidentOf } from '../../store/samples.ts';
import { NOW } from './account.ts';

const worker: LambdaFunction = {
  name: 'orders-worker',
  memoryMB: 512,
  timeoutSeconds: 30,
  architecture: 'arm64',
  ephemeralStorageMB: 512,
  reservedConcurrency: null,
  tags: {},
  eventSources: [ORDERS_MAPPING],
  asyncInvoke: null,
};
const inventory: Inventory = {
  account: '111122223333',
  region: 'us-east-1',
  functions: [worker],
  queues: [
    {
      name: 'orders',
      visibilityTimeoutSeconds: 180,
      messageRetentionSeconds: 345_600,
      redrive: { deadLetterQueue: 'orders-dlq', maxReceiveCount: 5 },
    },
    { name: 'orders-dlq', visibilityTimeoutSeconds: 30, messageRetentionSeconds: 345_600, redrive: null },
  ],
};
const PACE: Pace = {
  depthMinutes: 1,
  deadLetterMinutes: 5,
  readMinutes: 170,
  isGlance: true,
  suspectMinutes: 2,
};

/** Depths of a queue, a reading a minute up to now. */
function depthsOf(queue: string, notVisible: readonly number[]): DepthHistory {
  return notVisible.reduce((history, count, i) => {
    const at = NOW - (notVisible.length - 1 - i) * MINUTE_MS;
    const isDeadLetter = queue.endsWith('-dlq');
    const depth = { visible: isDeadLetter ? count : 0, notVisible: isDeadLetter ? 0 : count };
    return withDepths(history, at, new Map([[queue, depth]]));
  }, NO_DEPTHS);
}

const usual = Array.from({ length: 90 }, (_, i) => (i % 5 === 0 ? 1 : 0));

function read(over: Partial<AttentionInput> & { readonly readMinutesAgo?: number } = {}) {
  const { readMinutesAgo = 20, ...input } = over;
  const reading: ReadingState = {
    ...NOTHING_READ,
    readAt: new Map([[worker.name, NOW - readMinutesAgo * MINUTE_MS]]),
  };
  const attention = attend({
    inventory,
    now: NOW,
    incidents: [],
    stopped: new Set(),
    reading,
    depths: NO_DEPTHS,
    paces: new Map([[worker.name, PACE]]),
    isActive: () => true,
    ...input,
  });
  return { reason: attention.read.get(worker.name), suspect: attention.suspects.get(worker.name) };
}

function incident(state: IncidentState, about: Partial<Incident> = {}): Incident {
  return { ...incidentOf({ state }), functions: [worker.name], queues: [], ...about };
}

describe('who is read', () => {
  it.each<[string, Parameters<typeof read>[0], string | undefined]>([
    ['nobody whose turn it is not', {}, undefined],
    ['whoever was never read', { reading: NOTHING_READ }, 'never-read'],
    [
      'nobody who was never read, and does not run',
      { reading: NOTHING_READ, isActive: () => false },
      undefined,
    ],
    ['whoever has an open incident', { incidents: [incident('open')] }, 'incident'],
    ['whoever has one that is pending', { incidents: [incident('pending')] }, 'incident'],
    [
      'whoever reads a queue that has one',
      { incidents: [incident('critical', { functions: [], queues: ['orders'] })] },
      'incident',
    ],
    [
      'nobody for the incident of another',
      { incidents: [incident('open', { functions: ['other'] })] },
      undefined,
    ],
    ['whoever is stopped', { stopped: new Set([worker.name]) }, 'stopped'],
    [
      'nobody for a budget that it spends',
      { incidents: [incident('open', { detector: 'budget-burn-rate' })] },
      undefined,
    ],
    ['nobody for one that is over', { incidents: [incident('resolved')] }, undefined],
    ['whoever is due', { readMinutesAgo: 170 }, 'glance'],
    ['nobody who is due, and does not run', { readMinutesAgo: 170, isActive: () => false }, undefined],
    ['whoever was read in this very minute: a tick that is repeated', { readMinutesAgo: 0 }, 'glance'],
    ['whoever has messages that stay', { depths: depthsOf('orders', [...usual, 4, 8, 12]) }, 'moved'],
    ['nobody for one reading out of line', { depths: depthsOf('orders', [...usual, 500]) }, undefined],
    [
      'nobody for what was there at the last reading',
      { depths: depthsOf('orders', [...usual, 4, 8, 12]), readMinutesAgo: 1 },
      undefined,
    ],
    [
      'whoever dead-letters two messages',
      { depths: depthsOf('orders-dlq', [...Array(60).fill(0), 1, 1, 2]) },
      'moved',
    ],
    [
      'nobody for a dead-letter queue that was always full',
      { depths: depthsOf('orders-dlq', Array(60).fill(900)) },
      undefined,
    ],
  ])('%s', (_, input, reason) => {
    expect(read(input).reason).toBe(reason);
  });

  it('what moved is looked at every two minutes for a while', () => {
    const { suspect } = read({ depths: depthsOf('orders', [...usual, 4, 8, 12]) });
    const of = (ago: number) =>
      read({
        reading: {
          ...NOTHING_READ,
          readAt: new Map([[worker.name, NOW - ago * MINUTE_MS]]),
          suspects: new Map([[worker.name, suspect ?? { sinceAt: 0, untilAt: 0, inVain: 0 }]]),
        },
      }).reason;
    expect([of(1), of(2)]).toEqual([undefined, 'suspect']);
  });

  it('a sign that was in vain must be stronger the next time, and is believed again after six hours', () => {
    const depths = depthsOf('orders', [...usual, 2, 2, 2, 2, 2]);
    const hoursAfter = (hours: number) => {
      const endedAt = NOW - hours * 60 * MINUTE_MS;
      const before = { sinceAt: endedAt - 8 * MINUTE_MS, untilAt: endedAt, inVain: 2 };
      const readAt = new Map([[worker.name, NOW - 10 * MINUTE_MS]]);
      return read({
        depths,
        reading: { ...NOTHING_READ, readAt, suspects: new Map([[worker.name, before]]) },
      }).reason;
    };
    expect([hoursAfter(1), hoursAfter(7)]).toEqual([undefined, 'moved']);
  });

  it('overwhelming signs are believed after two readings, however often they were in vain', () => {
    const before = { sinceAt: NOW - 20 * MINUTE_MS, untilAt: NOW - 12 * MINUTE_MS, inVain: 9 };
    const readAt = new Map([[worker.name, NOW - 10 * MINUTE_MS]]);
    const depths = depthsOf('orders', [...usual, 900, 1_800]);
    expect(
      read({ depths, reading: { ...NOTHING_READ, readAt, suspects: new Map([[worker.name, before]]) } })
        .reason,
    ).toBe('moved');
  });

  it('what had an incident stays under suspicion for an hour', () => {
    const { suspect } = read({ incidents: [incident('open')] });
    expect(suspect?.untilAt).toBe(NOW + 60 * MINUTE_MS);
  });

  it('a function without a queue is read every five minutes after a deployment', () => {
    const fn = { ...worker, eventSources: [], lastModifiedAt: NOW - 10 * MINUTE_MS };
    const deployed = { ...inventory, functions: [fn] };
    expect(read({ inventory: deployed, readMinutesAgo: 5 }).reason).toBe('deployed');
    expect(read({ inventory: deployed, readMinutesAgo: 3 }).reason).toBeUndefined();
  });
});

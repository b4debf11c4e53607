import { describe, expect, it } from 'vitest';
import { canaryDueAt, namingStopped, watchKills } from '../../src/decide/kill-watch.ts';
import type { Alert } from '../../src/model/alert.ts';
import { type Config, DEFAULT_CONFIG } from '../../src/model/config.ts';
import type { LambdaFunction } from '../../src/model/inventory.ts';
import { AUTOMATIC, type KillRecord } from '../../src/model/kill.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/model/time.ts';
import { incidentOf, killOf } from '../store/samples.ts';
import { lambdaFunction, NOW, window } from './build.ts';

const incident = incidentOf();
const config = (kill: Partial<Config['kill']> = {}): Config => ({
  ...DEFAULT_CONFIG,
  kill: { ...DEFAULT_CONFIG.kill, mode: 'auto', canary: true, ...kill },
});
const killed = (over: Partial<KillRecord> = {}) =>
  killOf({
    state: 'killed',
    requestedBy: AUTOMATIC,
    killedAt: NOW - 61 * MINUTE_MS,
    incidentId: incident.id,
    ...over,
  });

function watch(
  record: KillRecord,
  options: {
    kill?: Partial<Config['kill']>;
    waiting?: number;
    ageSeconds?: number;
    functions?: readonly LambdaFunction[];
  } = {},
) {
  const base = window(options.functions === undefined ? {} : { functions: options.functions });
  const { waiting = 0, ageSeconds } = options;
  return watchKills({
    now: NOW,
    window: {
      ...base,
      depths: new Map([['orders', { readAt: NOW, visible: waiting, notVisible: 0 }]]),
      queues: new Map([
        [
          'orders',
          ageSeconds === undefined ? {} : { ageOfOldestSeconds: new Float64Array(180).fill(ageSeconds) },
        ],
      ]),
    },
    baselines: { builtAt: NOW, functions: new Map(), queues: new Map() },
    kills: [record],
    incidents: new Map([[incident.id, incident]]),
    config: config(options.kill),
  });
}

const failures = (count: number) => ({ startedAt: null, watchUntilAt: null, failures: count });

describe('when a restore is tried out', () => {
  it.each([
    ['after the cool-down', {}, {}, 60],
    ['one failure: after twice as long', { canary: failures(1) }, {}, 120],
    ['two failures: after four times as long', { canary: failures(2) }, {}, 240],
    ['as many failures as allowed: never', { canary: failures(3) }, {}, null],
    ['switched off: never', {}, { canary: false }, null],
    ['frozen: never', {}, { freeze: true }, null],
    ['a mode short of auto: never', {}, { mode: 'approve' }, null],
    ['stopped by a person: never', { requestedBy: 'jane' }, {}, null],
    ['half stopped: never', { state: 'recorded', killedAt: null }, {}, null],
    ['being restored: never', { state: 'restoring' }, {}, null],
  ] as const)('%s', (_, record, kill, minutes) => {
    const dueAt = canaryDueAt(killed({ ...record, ...(record as object) }), config(kill));
    expect(dueAt).toBe(minutes === null ? null : NOW - 61 * MINUTE_MS + minutes * MINUTE_MS);
  });

  it('asks for it at the next tick, and says why', () => {
    const { steps, decisions } = watch(killed());
    expect(steps).toMatchObject([{ functionName: 'orders-worker', act: 'start' }]);
    expect(decisions).toMatchObject([{ outcome: 'restore', reason: 'canary-due' }]);
  });

  it('not before', () => {
    expect(watch(killed({ killedAt: NOW - 59 * MINUTE_MS })).steps).toEqual([]);
  });
});

describe('a kill that was cut off', () => {
  const half = (over: Partial<KillRecord> = {}) => killed({ state: 'recorded', killedAt: null, ...over });
  const stopped = (isStopped: boolean) => [
    lambdaFunction({ name: 'orders-worker', reservedConcurrency: isStopped ? 0 : null }),
  ];

  it.each([
    ['in effect: is finished, so that people are told', half(), true, [{ act: 'stop' }]],
    ['before the action: the incident asks for it again', half(), false, []],
    ['of a person: theirs to repeat', half({ requestedBy: 'jane' }), true, []],
  ])('%s', (_, record, isStopped, steps) => {
    expect(watch(record, { functions: stopped(isStopped) }).steps).toMatchObject(steps);
  });
});

describe('what waits for a stopped function', () => {
  // `orders` keeps messages for four days.
  it.each([
    ['has days left: nobody is woken', 2 * DAY_MS, []],
    ['has less than a day left', 3 * DAY_MS + HOUR_MS, ['day']],
    ['has hours left: once more', 4 * DAY_MS - 3 * HOUR_MS, ['hours']],
  ] as const)('%s', (_, stoppedMs, warnings) => {
    const killedAt = NOW - stoppedMs;
    const { alerts } = watch(killed({ killedAt }), { waiting: 5, kill: { canary: false } });
    expect(alerts.map(({ key }) => key)).toEqual(
      warnings.map((name) => `${incident.id}#expiring#${name}#${killedAt / 1000}`),
    );
    for (const alert of alerts) {
      expect(alert).toMatchObject({ transition: 'expiring', reason: 'messages-will-expire' });
      expect(alert.incident.loss?.expiresAt).toBe(killedAt + 4 * DAY_MS);
    }
  });

  it('is older than the kill, as its age says: that counts', () => {
    const { alerts } = watch(killed(), { waiting: 5, ageSeconds: 3.5 * 86_400 });
    expect(alerts.map(({ incident: { loss } }) => loss?.expiresAt)).toEqual([NOW + DAY_MS / 2]);
  });

  it('is nothing: there is nothing to lose', () => {
    expect(watch(killed({ killedAt: NOW - 4 * DAY_MS }), { waiting: 0 }).alerts).toEqual([]);
  });

  it('decided again, has the same key', () => {
    const record = killed({ killedAt: NOW - 3.5 * DAY_MS });
    expect(watch(record, { waiting: 5 }).alerts).toEqual(watch(record, { waiting: 5 }).alerts);
  });
});

describe('what is quiet while its function is stopped', () => {
  const alertOf = (transition: Alert['transition']): Alert => ({
    key: `${incident.id}#${transition}`,
    transition,
    reason: transition === 'resolved' ? 'quiet-again' : 'money-at-stake',
    at: NOW,
    incident,
    account: '111122223333',
    region: 'us-east-1',
  });
  const reasonOf = (transition: Alert['transition'], kill: Partial<KillRecord>) =>
    namingStopped([alertOf(transition)], [killed({ functionName: incident.functionName ?? '', ...kill })])[0]
      ?.reason;

  it('is said to be stopped, not over', () => {
    expect(reasonOf('resolved', {})).toBe('quiet-while-stopped');
  });

  it.each([
    ['it was put back', 'resolved', { state: 'restored' }, 'quiet-again'],
    ['another function is stopped', 'resolved', { functionName: 'another' }, 'quiet-again'],
    ['it is no end', 'critical', {}, 'money-at-stake'],
  ] as const)('unless %s', (_, transition, kill, reason) => {
    expect(reasonOf(transition, kill)).toBe(reason);
  });
});

import { describe, expect, it } from 'vitest';
import { type Config, DEFAULT_CONFIG } from '../../../src/model/config.ts';
import type { LambdaFunction } from '../../../src/model/inventory.ts';
import { AUTOMATIC, type KillRecord } from '../../../src/model/kill.ts';
import { type GuardrailQuery, guardrailsOf } from '../../../src/respond/kill/guardrails.ts';
import { ORDERS_MAPPING } from '../../model/orders-mapping.ts';
import { AT, incidentOf, killOf } from '../../store/samples.ts';

const MINUTE = 60_000;

const FN: LambdaFunction = {
  name: 'orders-worker',
  memoryMB: 1024,
  timeoutSeconds: 300,
  architecture: 'arm64',
  ephemeralStorageMB: 512,
  reservedConcurrency: null,
  tags: { 'firebreak:kill': 'allowed' },
  eventSources: [],
  asyncInvoke: {
    maximumRetryAttempts: 2,
    maximumEventAgeSeconds: 21_600,
    onFailure: 'arn:aws:sqs:eu-west-1:1:lost',
  },
};

/** It reads a queue. */
const FED: LambdaFunction = {
  ...FN,
  eventSources: [ORDERS_MAPPING],
};

const OPTED_IN = new Map([['esm-1', { 'firebreak:kill': 'allowed' }]]);

function kill(changes: Partial<Config['kill']> = {}): Config {
  return { ...DEFAULT_CONFIG, kill: { ...DEFAULT_CONFIG.kill, mode: 'auto', ...changes } };
}

function automatic(name: string, changes: Partial<KillRecord> = {}): KillRecord {
  return killOf({
    id: `kill-${name}`,
    functionName: name,
    state: 'killed',
    requestedBy: AUTOMATIC,
    recordedAt: AT,
    ...changes,
  });
}

function reasons(changes: Partial<GuardrailQuery> = {}): readonly string[] {
  const query: GuardrailQuery = {
    fn: FN,
    lever: 'disable-event-source',
    mappingTags: new Map(),
    incident: incidentOf({ lastEvidenceAt: (changes.now ?? AT + 10 * MINUTE) - 2 * MINUTE }),
    kills: [],
    fleetSize: 50,
    config: kill(),
    now: AT + 10 * MINUTE,
    ...changes,
  };
  return guardrailsOf(query).map(({ reason }) => reason);
}

describe('the automatic kill switch', () => {
  it('may act on a function that opted in, in an open incident that wasted enough', () => {
    expect(reasons()).toEqual([]);
  });

  it.each<[string, Partial<GuardrailQuery>, string[]]>([
    ['it is off, as it is by default', { config: DEFAULT_CONFIG }, ['not-automatic']],
    ['it only observes', { config: kill({ mode: 'observe' }) }, ['not-automatic']],
    ['a person has to approve', { config: kill({ mode: 'approve' }) }, ['not-automatic']],
    ['everything is frozen', { config: kill({ freeze: true }) }, ['frozen']],
    ['the function did not opt in', { fn: { ...FN, tags: {} } }, ['not-opted-in']],
    ['the tag has another value', { fn: { ...FN, tags: { 'firebreak:kill': 'never' } } }, ['not-opted-in']],
    ['the incident is gone', { incident: null }, ['no-open-incident']],
    ['the incident is resolved', { incident: incidentOf({ state: 'resolved' }) }, ['no-open-incident']],
    [
      'the incident is about others',
      { incident: incidentOf({ functions: ['other'] }) },
      ['no-open-incident'],
    ],
    [
      'the tag lets it observe only',
      { fn: { ...FN, tags: { 'firebreak:kill': 'observe' } } },
      ['not-automatic'],
    ],
    [
      'the tag asks for approval',
      { fn: { ...FN, tags: { 'firebreak:kill': 'approve' } } },
      ['not-automatic'],
    ],
    [
      'a mapping did not opt in',
      { fn: FED, mappingTags: new Map([['esm-1', {}]]) },
      ['mapping-not-opted-in'],
    ],
    [
      'the tags of a mapping cannot be read',
      { fn: FED, mappingTags: new Map([['esm-1', 'access denied']]) },
      ['mapping-not-opted-in'],
    ],
    [
      'only concurrency 0 would stop it, and its events would be dropped',
      { fn: { ...FN, asyncInvoke: null } },
      ['would-lose-events'],
    ],
    [
      'concurrency 0 is what the incident asks for, and its events would be dropped',
      { fn: { ...FED, asyncInvoke: null }, mappingTags: OPTED_IN, lever: 'reserved-concurrency-zero' },
      ['would-lose-events'],
    ],
    ['the incident is not critical', { incident: incidentOf({ state: 'open' }) }, ['thin-evidence']],
    [
      'the newest evidence is old',
      { incident: incidentOf({ lastEvidenceAt: AT - 11 * MINUTE }) },
      ['thin-evidence'],
    ],
    ['too little was wasted', { config: kill({ minimumWastedUsd: 4.2 }) }, ['too-little-wasted']],
    [
      'it is stopped already',
      { fn: { ...FN, reservedConcurrency: 0 }, kills: [automatic('orders-worker')] },
      ['already-killed'],
    ],
    [
      'a deployment put it back since it was stopped',
      { fn: { ...FN, reservedConcurrency: 40 }, kills: [automatic('orders-worker')] },
      ['undone-by-others'],
    ],
    [
      'a kill that died once it had disabled the mapping is finished',
      {
        fn: { ...FED, asyncInvoke: null, eventSources: [{ ...ORDERS_MAPPING, enabled: false }] },
        kills: [automatic('orders-worker', { state: 'recorded', lever: 'disable-event-source' })],
      },
      [],
    ],
    [
      'its restore is being tried out',
      { kills: [automatic('orders-worker', { state: 'canary' })] },
      ['being-tried-out'],
    ],
    [
      'a person is restoring it',
      { kills: [automatic('orders-worker', { state: 'restoring' })] },
      ['being-restored'],
    ],
    [
      'the cooldown is over, but was doubled by a second kill within the day',
      {
        now: AT + 90 * MINUTE,
        kills: [1, 2].map((nth) =>
          automatic('orders-worker', {
            id: `kill-${nth}`,
            state: 'restored',
            restoredAt: AT,
            recordedAt: AT - nth * 100 * MINUTE,
          }),
        ),
      },
      ['restored-lately'],
    ],
    [
      'it was stopped three times within a day',
      {
        now: AT + 300 * MINUTE,
        kills: [1, 2, 3].map((nth) =>
          automatic('orders-worker', {
            id: `kill-${nth}`,
            state: 'restored',
            restoredAt: AT,
            recordedAt: AT - nth * 100 * MINUTE,
          }),
        ),
      },
      ['flapping'],
    ],
    [
      'it was restored lately',
      {
        kills: [
          automatic('orders-worker', { state: 'restored', restoredAt: AT, recordedAt: AT - 300 * MINUTE }),
        ],
      },
      ['restored-lately'],
    ],
    [
      'three were stopped within the hour',
      { kills: ['a', 'b', 'c'].map((name) => automatic(name, { state: 'restored', restoredAt: AT })) },
      ['too-many-this-hour'],
    ],
    [
      'a tenth of the fleet is stopped',
      { fleetSize: 20, kills: ['a', 'b'].map((name) => automatic(name, { recordedAt: AT - 300 * MINUTE })) },
      ['too-many-at-once'],
    ],
  ])('does not act when %s', (_, changes, expected) => expect(reasons(changes)).toEqual(expected));

  it.each<[string, Partial<GuardrailQuery>]>([
    [
      'the cooldown is over',
      {
        now: AT + 60 * MINUTE,
        kills: [
          automatic('orders-worker', { state: 'restored', restoredAt: AT, recordedAt: AT - 300 * MINUTE }),
        ],
      },
    ],
    [
      'the earlier ones were an hour ago',
      { now: AT + 60 * MINUTE, kills: ['a', 'b', 'c'].map((name) => automatic(name)) },
    ],
    [
      'people stopped the others',
      { kills: ['a', 'b', 'c'].map((name) => automatic(name, { requestedBy: 'jane' })) },
    ],
    ['it is the first of a small fleet', { fleetSize: 2 }],
    [
      'its events would be dropped, and that is allowed',
      { fn: { ...FN, asyncInvoke: null }, config: kill({ mayLoseEvents: true }) },
    ],
    [
      'its mapping is enough: nothing is dropped',
      { fn: { ...FED, asyncInvoke: null }, mappingTags: OPTED_IN },
    ],
    ['the tag says auto', { fn: { ...FN, tags: { 'firebreak:kill': 'auto' } } }],
    [
      'its mapping opted in too',
      { fn: FED, mappingTags: new Map([['esm-1', { 'firebreak:kill': 'allowed' }]]) },
    ],
    [
      'its own kill is half done, and the last that the hour allows',
      {
        kills: ['a', 'b']
          .map((name) => automatic(name))
          .concat(automatic('orders-worker', { state: 'recorded' })),
      },
    ],
  ])('acts when %s', (_, changes) => expect(reasons(changes)).toEqual([]));

  it('names everything that keeps it from acting', () => {
    expect(reasons({ config: kill({ freeze: true }), fn: { ...FN, tags: {} }, incident: null })).toEqual([
      'frozen',
      'not-opted-in',
      'no-open-incident',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import type { KillEvent } from '../../src/handlers/kill-event.ts';
import { createLog } from '../../src/handlers/log.ts';
import { awsEyes, runKill } from '../../src/handlers/run-kill.ts';
import { type Config, DEFAULT_CONFIG } from '../../src/model/config.ts';
import { RefusedError, UnavailableError } from '../../src/model/errors.ts';
import { OWN_FUNCTION_TAG } from '../../src/model/kill.ts';
import { type MemoryData, memoryData, memoryStore } from '../../src/store/memory-store.ts';
import type { Store } from '../../src/store/store.ts';
import { type FakeAws, fakeAws, mapping, queueArn } from '../observe/aws/fake-aws.ts';
import { fakeWire } from '../observe/aws/wire.ts';
import { AT, depsOf } from '../respond/kill/builders.ts';
import { type FakeLambda, fakeLambda } from '../respond/kill/fake-lambda.ts';
import { incidentOf } from '../store/samples.ts';

const FUNCTION = 'orders-worker';
const OPTED_IN = { 'firebreak:kill': 'allowed' };
const INCIDENT = incidentOf({ functionName: FUNCTION, functions: [FUNCTION], queueName: 'orders' });

interface World {
  readonly aws: FakeAws;
  readonly lambda: FakeLambda;
  readonly data: MemoryData;
  readonly store: Store;
  readonly lines: readonly string[];
  run(event: KillEvent): ReturnType<typeof runKill>;
}

interface Options {
  readonly tags?: Record<string, string>;
  readonly mappingTags?: Record<string, string>;
  readonly kill?: Partial<Config['kill']>;
}

/** One function that a queue feeds, an open incident about it, and a tick that saw a fleet of 100. */
function world(options: Options = {}): World {
  const source = mapping(FUNCTION, queueArn('orders'), { Tags: options.mappingTags ?? OPTED_IN });
  const mappingId = String(source['UUID']);
  const aws = fakeAws({
    functions: [{ name: FUNCTION, tags: options.tags ?? OPTED_IN }],
    mappings: [source],
    queues: [{ name: 'orders', visible: 12 }],
  });
  const lambda = fakeLambda({ mappings: { [mappingId]: true }, reservedConcurrency: null });
  const data = memoryData();
  data.incidents.set(INCIDENT.id, INCIDENT);
  data.note = { at: AT, functions: 100, queues: 40, gaps: [] };
  const lines: string[] = [];
  const log = createLog({ write: (line) => lines.push(line), now: () => AT, monitor: 'Prod', fields: {} });
  const config = {
    ...DEFAULT_CONFIG,
    kill: { ...DEFAULT_CONFIG.kill, mode: 'auto' as const, ...options.kill },
  };
  const store = { ...memoryStore(data) };
  const deps = { ...depsOf(lambda, data), store, eyes: awsEyes(fakeWire(aws), () => AT), config, log };
  return { aws, lambda, data, store, lines, run: (event) => runKill(event, deps) };
}

const automatic: KillEvent = {
  kind: 'automatic',
  request: {
    incidentId: INCIDENT.id,
    functionName: FUNCTION,
    lever: 'disable-event-source',
    reason: 'retry-loop, $60/h wasted',
  },
};
const byHand: KillEvent = {
  kind: 'kill',
  functionName: FUNCTION,
  requestedBy: 'ann',
  reason: 'poison message',
  incidentId: INCIDENT.id,
  hard: false,
};
const restore: KillEvent = {
  kind: 'restore',
  functionName: FUNCTION,
  requestedBy: 'ann',
  onDrift: 'refuse',
  canary: false,
};

describe('an automatic kill', () => {
  it('stops the function by its mapping, on record, and tells everybody at the next tick', async () => {
    const { lambda, data, run } = world();
    const answer = await run(automatic);
    expect(answer).toMatchObject({ kind: 'killed', record: { state: 'killed', incidentId: INCIDENT.id } });
    expect(Object.values(lambda.settings().mappings)).toEqual([false]);
    expect(lambda.settings().reservedConcurrency).toBeNull();
    expect([...data.outbox.values()].map(({ transition }) => transition)).toEqual(['killed']);
  });

  it('asked for again by the next tick: holds, and changes nothing', async () => {
    const { aws, lambda, run } = world();
    await run(automatic);
    const before = lambda.changes.length;
    // The listing still shows it enabled: a deployment has put it back, which is for a person to judge.
    expect(await run(automatic)).toMatchObject({
      kind: 'held',
      guardrails: [{ reason: 'undone-by-others' }],
    });
    aws.state.mappings = aws.state.mappings.map((one) => ({ ...one, State: 'Disabled' }));
    expect(await run(automatic)).toMatchObject({ kind: 'held', guardrails: [{ reason: 'already-killed' }] });
    expect(lambda.changes).toHaveLength(before);
  });

  it.each([
    ['a function that did not opt in', { tags: {} }, 'not-opted-in'],
    ['a mapping that did not opt in', { mappingTags: {} }, 'mapping-not-opted-in'],
    ['a tag that asks for approval', { tags: { 'firebreak:kill': 'approve' } }, 'not-automatic'],
    ['a mode that is not auto', { kill: { mode: 'approve' } }, 'not-automatic'],
    ['a freeze', { kill: { freeze: true } }, 'frozen'],
    ['little waste', { kill: { minimumWastedUsd: 1_000 } }, 'too-little-wasted'],
  ] as const)('holds for %s', async (_, options, reason) => {
    const { lambda, data, run } = world(options);
    expect(await run(automatic)).toMatchObject({ kind: 'held', guardrails: [{ reason }] });
    expect(lambda.changes).toEqual([]);
    expect(data.kills).toEqual([]);
  });

  it.each(['openKill', 'kills', 'incident', 'lastTick', 'createKill'] as const)(
    'refuses without a record: nothing is touched when the store fails at %s',
    async (operation) => {
      const { lambda, store, run } = world();
      const fails = () => Promise.reject(new UnavailableError('store: DynamoDB is out of reach'));
      Object.assign(store, { [operation]: fails });
      await expect(run(automatic)).rejects.toThrow(UnavailableError);
      expect(lambda.changes).toEqual([]);
      expect(lambda.settings().reservedConcurrency).toBeNull();
      expect(Object.values(lambda.settings().mappings)).toEqual([true]);
    },
  );

  it('holds when the incident is over by the time it is asked', async () => {
    const { lambda, data, run } = world();
    data.incidents.set(INCIDENT.id, { ...INCIDENT, state: 'resolved' });
    expect(await run(automatic)).toMatchObject({
      kind: 'held',
      guardrails: [{ reason: 'no-open-incident' }],
    });
    expect(lambda.changes).toEqual([]);
  });
});

describe('a kill that a person asks for', () => {
  it('needs no opt-in of the guardrails: who may start the function has decided', async () => {
    const { lambda, run } = world({ tags: {}, kill: { mode: 'approve' } });
    expect(await run(byHand)).toMatchObject({ kind: 'killed', record: { requestedBy: 'ann' } });
    expect(Object.values(lambda.settings().mappings)).toEqual([false]);
  });

  const untouchable: readonly (readonly [string, Options])[] = [
    ['a protected function', { kill: { protect: [FUNCTION] } }],
    ["a function of firebreak's own", { tags: { ...OPTED_IN, [OWN_FUNCTION_TAG]: 'tick' } }],
  ];
  it.each(untouchable)('is refused for %s', async (_, options) => {
    const { lambda, run } = world(options);
    await expect(run(byHand)).rejects.toThrow(RefusedError);
    expect(lambda.changes).toEqual([]);
  });

  it('stops what is called otherwise too, when that is asked for', async () => {
    const { lambda, run } = world();
    await run({ ...byHand, hard: true });
    expect(lambda.settings().reservedConcurrency).toBe(0);
  });
});

describe('a restore', () => {
  it('puts everything back, and tells everybody at the next tick', async () => {
    const { lambda, data, run } = world();
    const before = lambda.settings();
    await run(automatic);
    expect(await run(restore)).toMatchObject({ kind: 'restored', record: { state: 'restored' } });
    expect(lambda.settings()).toEqual(before);
    expect([...data.outbox.values()].map(({ transition }) => transition)).toEqual(['killed', 'restored']);
  });

  it('of what was never stopped changes nothing', async () => {
    const { lambda, run } = world();
    expect(await run(restore)).toEqual({ kind: 'not-killed', record: null });
    expect(lambda.changes).toEqual([]);
  });
});

describe('a restore that is tried out', () => {
  const kill = { canary: true, cooldownMinutes: 0 };
  const step = (act: 'start' | 'finish' | 'stop', killId: string): KillEvent => ({
    kind: 'canary',
    step: { functionName: FUNCTION, killId, act, reason: 'because' },
  });
  const stopped = async (options: Options = { kill }) => {
    const made = world(options);
    await made.run(automatic);
    return { ...made, before: made.lambda.settings(), id: made.data.kills[0]?.id ?? '' };
  };

  it('runs with two copies, is put back whole when it passes, and everybody is told of both', async () => {
    const { lambda, data, run, id } = await stopped();
    expect(await run(step('start', id))).toMatchObject({ kind: 'started', record: { state: 'canary' } });
    expect(Object.values(lambda.settings().limits ?? {})).toEqual([2]);
    expect(await run(step('finish', id))).toMatchObject({ kind: 'restored' });
    expect(lambda.settings().limits).toBeUndefined();
    expect([...data.outbox.values()].map(({ transition }) => transition)).toEqual([
      'killed',
      'canary',
      'restored',
    ]);
  });

  it('is stopped again when it fails, and the failure is counted', async () => {
    const { lambda, run, id } = await stopped();
    await run(step('start', id));
    expect(await run(step('stop', id))).toMatchObject({
      kind: 'killed',
      record: { id, canary: { failures: 1 } },
    });
    expect(Object.values(lambda.settings().mappings)).toEqual([false]);
  });

  it('is not killed for the incident it was stopped for: its own watch decides', async () => {
    const { run, id } = await stopped();
    await run(step('start', id));
    expect(await run(automatic)).toMatchObject({ kind: 'held', guardrails: [{ reason: 'being-tried-out' }] });
  });

  it.each([
    ['a start of what is being tried out', 'start', ['start']],
    ['a finish of what is not', 'finish', []],
    ['a stop of what is not', 'stop', []],
  ] as const)('%s is out of date, and changes nothing', async (_, act, before) => {
    const { lambda, run, id } = await stopped();
    for (const earlier of before) await run(step(earlier, id));
    const changes = [...lambda.changes];
    expect(await run(step(act, id))).toMatchObject({ kind: 'outdated' });
    expect(lambda.changes).toEqual(changes);
  });

  it('is left as it is where a deployment changed a setting meanwhile: for a person to settle', async () => {
    const { lambda, run, id } = await stopped();
    await run(step('start', id));
    const [mappingId = ''] = Object.keys(lambda.settings().mappings);
    lambda.setLimit(mappingId, 30);
    const answer = await run(step('finish', id));
    expect(answer).toMatchObject({ kind: 'outdated' });
    expect('detail' in answer && answer.detail).toContain('and now it is 30: somebody changed it since');
    expect(lambda.settings().limits).toEqual({ [mappingId]: 30 });
  });

  it('of another kill is out of date', async () => {
    const { run } = await stopped();
    expect(await run(step('start', 'kill-of-last-week'))).toMatchObject({ kind: 'outdated' });
  });

  it.each([['unless that is switched on', { kill: { ...kill, canary: false } }, 'outdated']] as const)(
    'never by itself %s',
    async (_, options, kind) => {
      const { run, id } = await stopped(options);
      expect(await run(step('start', id))).toMatchObject({ kind });
    },
  );

  it('by hand too', async () => {
    const { lambda, run } = await stopped({});
    expect(await run({ ...restore, canary: true } as KillEvent)).toMatchObject({ kind: 'started' });
    expect(Object.values(lambda.settings().limits ?? {})).toEqual([2]);
  });
});

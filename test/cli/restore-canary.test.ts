import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../src/model/time.ts';
import { queueArn } from '../observe/aws/fake-aws.ts';
import { atNight, type Night, NOW } from './at-night.ts';

/** Datapoints of the hour after the restore is tried out: what is received, and whether it is done. */
function deliveries(night: Night, perMinute: number, failed: boolean): void {
  const points = (value: number) =>
    new Map(Array.from({ length: 120 }, (_, minute) => [NOW + minute * MINUTE_MS, value] as const));
  const lambda = { FunctionName: 'orders-worker' };
  const sqs = { QueueName: 'orders' };
  night.aws.state.metrics = [
    { namespace: 'AWS/Lambda', metric: 'Invocations', dimensions: lambda, points: points(perMinute) },
    { namespace: 'AWS/Lambda', metric: 'Errors', dimensions: lambda, points: points(failed ? perMinute : 0) },
    { namespace: 'AWS/Lambda', metric: 'Duration', dimensions: lambda, points: points(100) },
    { namespace: 'AWS/SQS', metric: 'NumberOfMessagesReceived', dimensions: sqs, points: points(perMinute) },
    {
      namespace: 'AWS/SQS',
      metric: 'NumberOfMessagesDeleted',
      dimensions: sqs,
      points: points(failed ? 0 : perMinute),
    },
  ];
}

/** A clock that moves with what is slept. */
function clock() {
  let slept = 0;
  return {
    now: () => NOW + slept,
    sleep: async (ms: number) => {
      slept += ms;
    },
    slept: () => slept,
  };
}

async function killedNight(): Promise<Night> {
  const night = await atNight();
  await night.run('kill', 'orders-worker', '--yes');
  night.aws.changes.length = 0;
  return night;
}

const CANARY = ['restore', 'orders-worker', '--canary', '--yes'] as const;

describe('firebreak restore --canary', () => {
  it('two copies first, watched, and then everything as it was', async () => {
    const night = await killedNight();
    deliveries(night, 6, false);
    const time = clock();
    const { code, io } = await night.runAt(time, ...CANARY);
    expect(io.err()).toContain('What trying its restore out changes first');
    expect(io.err()).toContain('maximum concurrency of the mapping of orders (esm-orders): none -> 2');
    expect(io.err()).toContain('... watching: 0 of ');
    expect(io.err()).toContain('... passed: no sign of the loop: 0 of ');
    expect(io.out()).toContain('orders-worker is as it was before the kill.');
    expect(code).toBe(0);
    expect(night.aws.changes).toEqual([
      'esm-orders at most 2',
      'esm-orders enabled',
      'esm-orders at most any',
    ]);
    expect(time.slept()).toBeGreaterThan(10 * MINUTE_MS);
    expect(await night.store.openKill('orders-worker')).toBeNull();
  });

  it('the loop is still there: stopped again, exit code 3, and restore still gives back what was', async () => {
    const night = await killedNight();
    deliveries(night, 6, true);
    const time = clock();
    const { code, io } = await night.runAt(time, ...CANARY);
    expect(code).toBe(3);
    expect(io.err()).toContain('the loop of orders-worker is still there: it is stopped again');
    expect(night.aws.settings().mapping).toBe('Disabled');
    const record = await night.store.openKill('orders-worker');
    expect(record).toMatchObject({ state: 'killed', canary: { failures: 1 } });
    expect(time.slept()).toBeLessThan(10 * MINUTE_MS);
    await night.run('restore', 'orders-worker', '--yes');
    expect(night.aws.state.mappings[0]).toMatchObject({ State: 'Enabled', ScalingConfig: {} });
  });

  it('interrupted, it says how to go on; run again it watches on to the same end', async () => {
    const night = await killedNight();
    deliveries(night, 6, false);
    const time = clock();
    const person = new AbortController();
    const interrupted = await night.runAt(
      {
        ...time,
        signal: person.signal,
        sleep: async (ms) => {
          await time.sleep(ms);
          if (time.slept() > 3 * MINUTE_MS) person.abort();
        },
      },
      ...CANARY,
    );
    expect(interrupted.code).toBe(4);
    expect(interrupted.io.err()).toContain('firebreak restore orders-worker --canary watches on');
    const status = await night.runAt(time, 'status');
    expect(status.io.out()).toContain('being tried out until 2026-11-24 12:');
    const again = await night.runAt(time, ...CANARY);
    expect(again.io.err()).toContain('Its restore is being tried out already');
    expect(again.code).toBe(0);
    expect(night.aws.changes).toEqual([
      'esm-orders at most 2',
      'esm-orders enabled',
      'esm-orders at most any',
    ]);
  });

  it('somebody restores it meanwhile: nothing is left to do', async () => {
    const night = await killedNight();
    deliveries(night, 6, false);
    let isDone = false;
    const sleep = async () => {
      if (!isDone) await night.run('restore', 'orders-worker', '--yes');
      isDone = true;
    };
    const { code, io } = await night.runAt({ sleep }, ...CANARY);
    expect(code).toBe(3);
    expect(io.err()).toContain('somebody restored orders-worker meanwhile');
  });

  it('--dry-run shows the plan, and changes nothing', async () => {
    const night = await killedNight();
    const { code, io } = await night.run('restore', 'orders-worker', '--canary', '--dry-run');
    expect(code).toBe(0);
    expect(io.out()).toContain('none -> 2');
    const json = await night.run('restore', 'orders-worker', '--canary', '--dry-run', '--json');
    expect(JSON.parse(json.io.out()).steps).toMatchObject([
      { kind: 'limit-event-source', prior: null },
      { kind: 'disable-event-source', prior: true },
    ]);
    expect(night.aws.changes).toEqual([]);
  });

  it('a mapping with provisioned pollers knows no limit: refused, and it says what to run', async () => {
    const night = await killedNight();
    night.aws.state.mappings = night.aws.state.mappings.map((one) => ({
      ...one,
      EventSourceArn: queueArn('orders'),
      ProvisionedPollerConfig: { MinimumPollers: 2, MaximumPollers: 20 },
    }));
    const { code, io } = await night.runAt({}, ...CANARY);
    expect(code).toBe(3);
    expect(io.err()).toContain('cannot be limited (a stream, or provisioned pollers)');
    expect(night.aws.changes).toEqual([]);
  });
});

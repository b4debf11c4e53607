import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/program.ts';
import { incidentOf } from '../store/samples.ts';
import { atNight, NOW } from './at-night.ts';
import { fakeIo } from './fake-io.ts';

const incident = incidentOf({ evaluatedAt: NOW - 60_000 });

describe('firebreak kill', () => {
  it('shows its plan, stops the function, says how to undo it', async () => {
    const night = await atNight();
    const { code, io } = await night.run('kill', 'orders-worker', '--yes', '--reason', 'poison message');
    expect(io.err()).toMatchInlineSnapshot(`
      "orders-worker (111122223333, us-east-1): what stopping it changes
        - event source mapping of orders (esm-orders): enabled -> disabled
      What that means
        - Messages wait in orders (1,240 now, 40 of them in flight), untouched. None is lost before its retention of 4 d ends: one that arrives now expires at 2026-11-28 12:00 UTC, older ones earlier.
        - Good messages moved to orders-dlq: 0 this way, since the mapping of orders is disabled first; up to 1,240 within about 15 min (maxReceiveCount x visibility timeout) with reserved concurrency 0 alone.
        - Invocations that are running finish and are billed: up to 5 min each.
        - Nothing else that calls orders-worker is stopped: direct and asynchronous invocations, APIs and schedules go on. --hard stops those too.
      ... event source mapping of orders (esm-orders): enabled -> disabled
      "
    `);
    expect(
      io.out().replaceAll(night.folder, '<store>').replaceAll(night.endpoint, '<endpoint>'),
    ).toMatchInlineSnapshot(`
      "orders-worker is stopped.
        - event source mapping of orders (esm-orders): enabled -> disabled
      Put it back: firebreak restore orders-worker --region us-east-1 --endpoint-url <endpoint> --store <store>
      Record: kill-orders-worker-20261124T120000000Z in <store>/111122223333/us-east-1
      "
    `);
    expect(code).toBe(0);
    expect(night.aws.settings()).toEqual({ mapping: 'Disabled', reservedConcurrency: null });
    expect(await night.store.openKill('orders-worker')).toMatchObject({
      state: 'killed',
      reason: 'poison message',
      requestedBy: 'arn:aws:iam::111122223333:user/me',
      incidentId: null,
    });
  });

  it('--hard: stops everything that calls it', async () => {
    const night = await atNight();
    const { code, io } = await night.run('kill', 'orders-worker', '--hard', '--yes');
    expect(code).toBe(0);
    expect(night.aws.changes).toEqual(['esm-orders disabled', 'orders-worker concurrency 0']);
    expect(io.err()).toContain(
      'Good messages moved to orders-dlq: 0 this way, since the mapping of orders is disabled first; up to 1,240',
    );
  });

  it('a function without mappings is stopped by its concurrency', async () => {
    const night = await atNight();
    const { code, io } = await night.run('kill', 'thumbnailer', '--yes');
    expect(code).toBe(0);
    expect(night.aws.changes).toEqual(['thumbnailer concurrency 0']);
    expect(io.out()).toContain('  - reserved concurrency: 20 -> 0\n');
  });

  it('done twice: says so, changes nothing, exits with 0', async () => {
    const night = await atNight();
    await night.run('kill', 'orders-worker', '--yes');
    const { code, io } = await night.run('kill', 'orders-worker', '--yes');
    expect(code).toBe(0);
    expect(io.out()).toContain('orders-worker was stopped already, and still is.');
    expect(io.err()).toContain('nothing: it is stopped already');
    expect(night.aws.changes).toEqual(['esm-orders disabled']);
  });

  it('--json: one document on stdout, the talk on stderr', async () => {
    const night = await atNight();
    const { io } = await night.run('kill', 'orders-worker', '--yes', '--json');
    expect(JSON.parse(io.out())).toMatchObject({
      format: 'firebreak-kill/1',
      kind: 'killed',
      record: { function: 'orders-worker', state: 'killed', steps: [{ source: 'orders', prior: true }] },
      plan: { lever: 'disable-event-source' },
      undo: expect.stringContaining('firebreak restore orders-worker --region us-east-1'),
    });
    expect(io.err()).toContain('What that means');
  });

  describe('changes nothing', () => {
    it('with --dry-run', async () => {
      const night = await atNight();
      const { code, io } = await night.run('kill', 'orders-worker', '--dry-run');
      expect(code).toBe(0);
      expect(io.out()).toContain('event source mapping of orders (esm-orders): enabled -> disabled');
      const json = await night.run('kill', 'orders-worker', '--dry-run', '--json');
      expect(JSON.parse(json.io.out())).toMatchObject({ kind: 'dry-run', plan: { refusals: [] } });
      expect(night.aws.changes).toEqual([]);
      expect(await night.store.kills()).toEqual([]);
    });

    it('when the person says no, or nobody is there to ask', async () => {
      const night = await atNight();
      const { code, io } = await night.run('kill', 'orders-worker');
      expect(code).toBe(3);
      expect(io.err()).toContain('firebreak: nothing was changed: it was not confirmed');
      expect(night.aws.changes).toEqual([]);
    });

    it('for a protected function', async () => {
      const night = await atNight();
      const env = { FIREBREAK_CONFIG: '{"kill":{"protect":["orders-worker"]}}' };
      const { code, io } = await night.runAt({ env }, 'kill', 'orders-worker', '--yes');
      expect(code).toBe(3);
      expect(io.err()).toContain('orders-worker is protected (kill.protect in the configuration)');
      expect(night.aws.changes).toEqual([]);
    });

    it('for a function that does not exist, and says which was meant', async () => {
      const night = await atNight();
      const { code, io } = await night.run('kill', 'order-worker', '--yes');
      expect(code).toBe(2);
      expect(io.err()).toContain('did you mean orders-worker?');
    });

    it('for an incident that does not exist', async () => {
      const night = await atNight();
      const { code, io } = await night.run('kill', 'orders-worker', '--yes', '--incident', 'retry-loop-x');
      expect(code).toBe(2);
      expect(io.err()).toContain('there is no incident retry-loop-x');
      expect(night.aws.changes).toEqual([]);
    });

    it('when AWS cannot be reached', async () => {
      const io = fakeIo();
      const argv = [
        'kill',
        'orders-worker',
        '--yes',
        '--region',
        'eu-west-1',
        '--endpoint-url',
        'http://127.0.0.1:1',
      ];
      expect(await run(argv, io)).toBe(4);
    });
  });

  it('asks, and goes ahead on yes', async () => {
    const night = await atNight();
    const asked: string[] = [];
    const confirm = async (question: string) => asked.push(question) > 0;
    const { code } = await night.runAt({ confirm }, 'kill', 'orders-worker');
    expect(code).toBe(0);
    expect(asked).toEqual(['Stop orders-worker?']);
    expect(night.aws.changes).toEqual(['esm-orders disabled']);
  });

  it('belongs to the open incident of the function, and everybody who was told of that will be told', async () => {
    const night = await atNight();
    await night.store.putIncident(incident);
    await night.store.putIncident({ ...incident, id: 'cheaper', burn: { ...incident.burn, wastedUsd: 1 } });
    await night.run('kill', 'orders-worker', '--yes');
    expect((await night.store.openKill('orders-worker'))?.incidentId).toBe(incident.id);
    expect(await night.store.outbox()).toMatchObject([
      { key: `${incident.id}#killed#${NOW / 1000}`, transition: 'killed', reason: 'kill-switch-used' },
    ]);
  });

  it('a half-done kill says how to go on, and goes on', async () => {
    const night = await atNight();
    night.aws.reservable = -1;
    const first = await night.run('kill', 'orders-worker', '--hard', '--yes');
    expect(first.code).toBe(4);
    expect(first.io.err()).toContain(
      'run the same command again to finish, or firebreak restore orders-worker to undo',
    );
    night.aws.reservable = 900;
    const second = await night.run('kill', 'orders-worker', '--hard', '--yes');
    expect(second.code).toBe(0);
    expect(night.aws.settings()).toEqual({ mapping: 'Disabled', reservedConcurrency: 0 });
  });

  it('says what it could not read, and goes ahead', async () => {
    const night = await atNight();
    night.aws.state.fault = ({ operation }) =>
      operation === 'GetQueueAttributes' ? { status: 403, code: 'AccessDenied' } : undefined;
    const { code, io } = await night.run('kill', 'orders-worker', '--yes');
    expect(code).toBe(0);
    expect(io.err()).toContain('could not read orders: GetQueueAttributes: access denied');
    expect(io.err()).toContain('Messages wait in orders; its retention could not be read');
  });
});

import { describe, expect, it } from 'vitest';
import { incidentOf } from '../store/samples.ts';
import { atNight, NOW } from './at-night.ts';

describe('firebreak restore', () => {
  it('shows its plan and puts everything back', async () => {
    const night = await atNight();
    await night.run('kill', 'orders-worker', '--hard', '--yes', '--reason', 'poison message');
    const { code, io } = await night.runAt(
      { now: () => NOW + 3 * 3_600_000 },
      'restore',
      'orders-worker',
      '--yes',
    );
    expect(io.err()).toMatchInlineSnapshot(`
      "orders-worker (111122223333, us-east-1): stopped 2026-11-24 12:00 UTC (3 h ago) by arn:aws:iam::111122223333:user/me: poison message
      What restoring it changes
        - reserved concurrency: 0 -> none
        - event source mapping of orders (esm-orders): disabled -> enabled
      ... reserved concurrency: 0 -> none
      ... event source mapping of orders (esm-orders): disabled -> enabled
      "
    `);
    expect(io.out()).toMatchInlineSnapshot(`
      "orders-worker is as it was before the kill.
        - reserved concurrency: 0 -> none
        - event source mapping of orders (esm-orders): disabled -> enabled
      "
    `);
    expect(code).toBe(0);
    expect(night.aws.settings()).toEqual({ mapping: 'Enabled', reservedConcurrency: null });
    expect(await night.store.openKill('orders-worker')).toBeNull();
  });

  it('done twice: says when it was done, and exits with 0', async () => {
    const night = await atNight();
    await night.run('kill', 'orders-worker', '--yes');
    await night.run('restore', 'orders-worker', '--yes');
    const { code, io } = await night.runAt({ now: () => NOW + 600_000 }, 'restore', 'orders-worker', '--yes');
    expect(code).toBe(0);
    expect(io.out()).toBe(
      'orders-worker is not stopped: it was restored 2026-11-24 12:00 UTC (10 min ago).\n',
    );
    const json = await night.run('restore', 'orders-worker', '--yes', '--json');
    expect(JSON.parse(json.io.out())).toMatchObject({ kind: 'not-killed', record: { state: 'restored' } });
  });

  it('a function that was never stopped', async () => {
    const night = await atNight();
    const { code, io } = await night.run('restore', 'thumbnailer', '--yes');
    expect(code).toBe(2);
    expect(io.err()).toContain('firebreak has not stopped thumbnailer as far as');
  });

  it.each([
    ['asked first: no', false, 3, 'Disabled'],
    ['asked first: yes', true, 0, 'Enabled'],
  ])('%s', async (_, answer, exitCode, mapping) => {
    const night = await atNight();
    await night.run('kill', 'orders-worker', '--yes');
    const { code } = await night.runAt({ confirm: async () => answer }, 'restore', 'orders-worker');
    expect(code).toBe(exitCode);
    expect(night.aws.settings().mapping).toBe(mapping);
  });

  it('--dry-run: says what it would do, and does nothing', async () => {
    const night = await atNight();
    await night.run('kill', 'orders-worker', '--yes');
    const { code, io } = await night.run('restore', 'orders-worker', '--dry-run');
    expect(code).toBe(0);
    expect(io.out()).toContain('  - event source mapping of orders (esm-orders): disabled -> enabled\n');
    const json = await night.run('restore', 'orders-worker', '--dry-run', '--json');
    expect(JSON.parse(json.io.out())).toMatchObject({
      format: 'firebreak-restore/1',
      kind: 'dry-run',
      steps: [{ source: 'orders', prior: true, now: false, verdict: 'put-back' }],
    });
    expect(night.aws.settings().mapping).toBe('Disabled');
  });

  describe('a setting that somebody changed since the kill', () => {
    const changed = async () => {
      const night = await atNight();
      await night.run('kill', 'orders-worker', '--hard', '--yes');
      night.aws.setReservedConcurrency(5);
      return night;
    };

    it('is refused without being asked about, and says both ways out', async () => {
      const night = await changed();
      const confirm = () => Promise.reject(new Error('there is nothing to agree to'));
      const { code, io } = await night.runAt({ confirm }, 'restore', 'orders-worker');
      expect(code).toBe(3);
      expect(io.err()).toContain('reserved concurrency was none, the kill made it 0, and now it is 5');
      expect(io.err()).toContain('--force puts back what was before the kill; --keep-changed leaves');
      expect(night.aws.settings()).toEqual({ mapping: 'Disabled', reservedConcurrency: 5 });
    });

    it('--force: overwrites it', async () => {
      const night = await changed();
      const { code, io } = await night.run('restore', 'orders-worker', '--yes', '--force');
      expect(code).toBe(0);
      expect(io.out()).toBe(
        'orders-worker is as it was before the kill.\n' +
          '  - reserved concurrency: 5 -> none\n' +
          '  - event source mapping of orders (esm-orders): disabled -> enabled\n',
      );
      expect(night.aws.settings()).toEqual({ mapping: 'Enabled', reservedConcurrency: null });
    });

    it('--keep-changed: leaves it', async () => {
      const night = await changed();
      const { code, io } = await night.run('restore', 'orders-worker', '--yes', '--keep-changed');
      expect(code).toBe(0);
      expect(io.out()).toContain('orders-worker is restored, with these exceptions.\n');
      expect(io.out()).toContain('reserved concurrency: kept at 5, as somebody set it since the kill');
      expect(night.aws.settings()).toEqual({ mapping: 'Enabled', reservedConcurrency: 5 });
    });

    it('both at once make no sense', async () => {
      const night = await changed();
      const { code } = await night.run('restore', 'orders-worker', '--yes', '--force', '--keep-changed');
      expect(code).toBe(2);
    });
  });

  it('a mapping that was deleted meanwhile is told', async () => {
    const night = await atNight();
    await night.run('kill', 'orders-worker', '--yes');
    night.aws.state.mappings = [];
    const { code, io } = await night.run('restore', 'orders-worker', '--yes');
    expect(code).toBe(0);
    expect(io.out()).toContain('does not exist any more, so there is nothing to put back');
  });

  it('a reservation that cannot be had any more: says so, and can be run again', async () => {
    const night = await atNight();
    await night.run('kill', 'thumbnailer', '--yes');
    night.aws.reservable = 10;
    const first = await night.run('restore', 'thumbnailer', '--yes');
    expect(first.code).toBe(4);
    expect(first.io.err()).toContain('AWS does not give thumbnailer its reserved concurrency of 20');
    expect(first.io.err()).toContain('run firebreak restore thumbnailer again to finish');
    night.aws.reservable = 900;
    expect((await night.run('restore', 'thumbnailer', '--yes')).code).toBe(0);
  });

  it('everybody who was told of the incident will be told', async () => {
    const night = await atNight();
    await night.store.putIncident(incidentOf({ evaluatedAt: NOW }));
    await night.run('kill', 'orders-worker', '--yes');
    await night.run('restore', 'orders-worker', '--yes');
    expect((await night.store.outbox()).map(({ transition }) => transition).sort()).toEqual([
      'killed',
      'restored',
    ]);
  });
});

import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/program.ts';
import { fileStore } from '../../src/store/file/file-store.ts';
import { incidentOf, killOf } from '../store/samples.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { fakeIo } from './fake-io.ts';

/** 2026-11-01T07:17:00Z: three hours into the night of the samples. */
const NOW = Date.UTC(2026, 10, 1, 7, 17);
const MINUTE = 60_000;

describe('firebreak status', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder('status');
  });
  const storeOf = (account: string, region: string) => fileStore(join(folder, account, region));
  const status = async (...argv: string[]) => {
    const io = fakeIo({ now: () => NOW });
    const code = await run(['status', '--store', folder, ...argv], io);
    return { code, out: io.out().replaceAll(folder, '<store>'), err: io.err() };
  };

  it('nothing yet', async () => {
    expect(await status()).toEqual({ code: 0, out: 'Nothing is recorded in <store> yet.\n', err: '' });
  });

  it('a bad night at one glance', async () => {
    const store = storeOf('111122223333', 'eu-west-1');
    await store.createKill(killOf());
    await store.updateKill(killOf({ revision: 2, state: 'killed', killedAt: NOW - 90 * MINUTE }));
    await store.createKill(killOf({ functionName: 'thumbnailer', id: 'kill-2', reason: 'loop' }));
    await store.putIncident(incidentOf());
    await store.putIncident(incidentOf({ id: 'emerging', state: 'pending', openedAt: null }));
    await store.putIncident(incidentOf({ id: 'over', state: 'resolved', resolvedAt: NOW - MINUTE }));
    await store.putTick({
      at: NOW - MINUTE,
      functions: 12,
      queues: 5,
      gaps: [{ resource: 'payments', operation: 'GetQueueAttributes', reason: 'access denied' }],
    });
    const { code, out, err } = await status();
    expect(code).toBe(0);
    expect(err).toBe('');
    expect(out).toMatchInlineSnapshot(`
      "account 111122223333, eu-west-1
      Stopped: 2
        orders-worker  2026-11-01 05:47 UTC (1 h 30 min ago) by jane: retry loop
          event source mapping of orders (esm-1): was enabled
          reserved concurrency: was none
          put it back: firebreak restore orders-worker --region eu-west-1 --store <store>
        thumbnailer  2026-11-01 04:15 UTC (3 h 2 min ago) by jane: loop
          event source mapping of orders (esm-1): was enabled
          reserved concurrency: was none
          HALF DONE: stopping began and did not finish. Finish: firebreak kill thumbnailer --region eu-west-1 --store <store>; undo: firebreak restore thumbnailer --region eu-west-1 --store <store>
      Open incidents: 1, wasting $60.00/h
        STATE     INCIDENT                                      FOR  WASTED       NOW  NEXT STEP
        critical  retry-loop-orders-worker-20261101-0412  3 h 5 min   $4.10  $60.00/h  stopped; once repaired, firebreak restore orders-worker
      Last tick: 2026-11-01 07:16 UTC (60 s ago), 12 functions, 5 queues
      Could not be read then: 1
        payments: GetQueueAttributes: access denied
      "
    `);
  });

  it('a monitor that stopped looking', async () => {
    await storeOf('111122223333', 'eu-west-1').putTick({
      at: NOW - 7 * MINUTE,
      functions: 1,
      queues: 1,
      gaps: [],
    });
    const { out } = await status();
    expect(out).toContain('Nobody has looked for 7 min: is the monitor running?');
    expect(out).toContain('Could not be read then: nothing');
  });

  it('a monitor that never looked', async () => {
    await storeOf('111122223333', 'eu-west-1').createKill(killOf());
    expect((await status()).out).toContain('Last tick: none, so nobody is looking');
  });

  it('every account and region of a folder, or one region', async () => {
    await storeOf('111122223333', 'eu-west-1').createKill(killOf());
    await storeOf('111122223333', 'us-east-1').createKill(killOf({ region: 'us-east-1' }));
    await storeOf('999988887777', 'eu-west-1').putIncident(incidentOf());
    const headings = (out: string) => out.split('\n').filter((line) => line.startsWith('account'));
    expect(headings((await status()).out)).toEqual([
      'account 111122223333, eu-west-1',
      'account 111122223333, us-east-1',
      'account 999988887777, eu-west-1',
    ]);
    expect(headings((await status('--region', 'us-east-1')).out)).toEqual([
      'account 111122223333, us-east-1',
    ]);
  });

  it('names a damaged file and shows the rest', async () => {
    const store = storeOf('111122223333', 'eu-west-1');
    await store.putIncident(incidentOf());
    await store.putIncident({ ...incidentOf({ id: 'spoilt' }), reopened: 'x' as unknown as number });
    const { code, out, err } = await status();
    expect(code).toBe(0);
    expect(out).toContain('Open incidents: 1');
    expect(err).toMatch(/^firebreak: .*spoilt.* is damaged/);
  });

  it('--json', async () => {
    const store = storeOf('111122223333', 'eu-west-1');
    await store.createKill(killOf());
    await store.putIncident(incidentOf());
    await store.putTick({ at: NOW, functions: 1, queues: 1, gaps: [] });
    expect(JSON.parse((await status('--json')).out)).toMatchObject({
      format: 'firebreak-status/1',
      at: '2026-11-01T07:17:00Z',
      scopes: [
        {
          account: '111122223333',
          region: 'eu-west-1',
          kills: [{ function: 'orders-worker', state: 'recorded' }],
          incidents: [{ id: incidentOf().id, state: 'critical' }],
          lastTick: { at: '2026-11-01T07:17:00Z', functions: 1, gaps: [] },
        },
      ],
    });
  });
});

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/program.ts';
import { fileStore } from '../../src/store/file/file-store.ts';
import { AT, incidentOf, killOf } from '../store/samples.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { fakeIo } from './fake-io.ts';

describe('firebreak incidents', () => {
  let folder: string;
  beforeEach(async () => {
    folder = temporaryFolder('incidents');
    const store = fileStore(join(folder, '111122223333', 'eu-west-1'));
    await store.putIncident(incidentOf());
    await store.putIncident(
      incidentOf({ id: 'error-storm-api-20261101-0300', state: 'open', onsetAt: AT - 72 * 60_000 }),
    );
    await store.putIncident(
      incidentOf({ id: 'retry-loop-old', state: 'resolved', resolvedAt: AT, onsetAt: AT - 300 * 60_000 }),
    );
    await store.putIncident(
      incidentOf({ id: 'retry-loop-new', state: 'pending', openedAt: null, onsetAt: AT - 1 }),
    );
  });
  const incidents = async (...argv: string[]) => {
    const io = fakeIo({ now: () => AT + 90 * 60_000 });
    const code = await run(['incidents', '--store', folder, ...argv], io);
    return { code, out: io.out(), err: io.err() };
  };

  it('lists the open ones, newest first', async () => {
    const { code, out, err } = await incidents();
    expect(code).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "STATE     INCIDENT                                       FOR  WASTED       NOW  NEXT STEP
      critical  retry-loop-orders-worker-20261101-0412  1 h 30 min   $4.10  $60.00/h  firebreak kill orders-worker
      open      error-storm-api-20261101-0300           2 h 42 min   $4.10  $60.00/h  firebreak kill orders-worker
      "
    `);
    expect(err).toBe('2 more, resolved or only emerging: --all\n');
  });

  it('--all: resolved and emerging ones too', async () => {
    const { out, err } = await incidents('--all');
    expect(out.split('\n').map((line) => line.split('  ')[0])).toEqual([
      'STATE',
      'critical',
      'pending',
      'open',
      'resolved',
      '',
    ]);
    expect(err).toBe('');
  });

  it('--json', async () => {
    const { out } = await incidents('--json');
    expect(JSON.parse(out)).toMatchObject({
      format: 'firebreak-incidents/1',
      incidents: [
        { account: '111122223333', region: 'eu-west-1', id: incidentOf().id, state: 'critical' },
        { id: 'error-storm-api-20261101-0300', state: 'open' },
      ],
    });
  });

  it('what is stopped already is not to be stopped again', async () => {
    const store = fileStore(join(folder, '111122223333', 'eu-west-1'));
    await store.createKill(killOf());
    expect((await incidents()).out).toContain('stopped; once repaired, firebreak restore orders-worker');
  });

  it('says so when there is none', async () => {
    rmSync(folder, { recursive: true });
    expect((await incidents()).out).toBe(`Nothing is recorded in ${folder} yet.\n`);
    const store = fileStore(join(folder, '111122223333', 'eu-west-1'));
    await store.putTick({ at: AT, functions: 0, queues: 0, gaps: [] });
    expect((await incidents()).out).toBe('No open incident.\n');
  });
});

import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../src/model/errors.ts';
import { fileStore } from '../../../src/store/file/file-store.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { AT, alertOf, incidentOf, killOf } from '../samples.ts';

describe('a folder with damaged files', () => {
  let folder: string;
  let warnings: string[];
  const open = () => fileStore(folder, { warn: (message) => warnings.push(message) });
  const onlyFileIn = async (path: string) => join(path, (await readdir(path)).sort().at(-1) ?? '');

  beforeEach(async () => {
    folder = temporaryFolder('damage');
    warnings = [];
  });

  it.each([
    ['torn', '{"format":1,"value":{"id":"retry-', /damaged \(not JSON\)/],
    ['empty', '', /damaged \(not JSON\)/],
    ['foreign', '[]', /not written by firebreak/],
    ['newer', '{"format":2,"value":{}}', /has format 2, this firebreak reads 1: update firebreak/],
    ['edited', '{"format":1,"value":{"id":7}}', /damaged \(id: /],
  ])(
    'an incident that is %s: the list goes on without it, one warning names the file',
    async (_, text, says) => {
      const store = open();
      await store.putIncident(incidentOf());
      await store.putIncident(incidentOf({ id: 'healthy' }));
      const file = await onlyFileIn(join(folder, 'incidents', incidentOf().id));
      await writeFile(file, text);

      expect((await store.incidents({ resolvedSince: 0 })).map(({ id }) => id)).toEqual(['healthy']);
      await store.incidents({ resolvedSince: 0 });
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toContain(file);
      expect(warnings[0]).toMatch(says);
      await expect(store.incident(incidentOf().id)).rejects.toThrow(UnavailableError);
    },
  );

  it('a damaged file is still there after newer ones were written', async () => {
    const store = open();
    await store.putIncident(incidentOf());
    const file = await onlyFileIn(join(folder, 'incidents', incidentOf().id));
    await writeFile(file, 'what a person may still want to read');
    await store.incidents({ resolvedSince: 0 });
    await store.putIncident(incidentOf({ evaluatedAt: AT + 600_000 }));
    expect(await store.incident(incidentOf().id)).toEqual(incidentOf({ evaluatedAt: AT + 600_000 }));
    expect(await readFile(file, 'utf8')).toBe('what a person may still want to read');
  });

  it('without anyone to hear warnings, a list with a damaged entry fails and names the file', async () => {
    const store = fileStore(folder);
    await store.enqueueAlert(alertOf());
    const file = await onlyFileIn(join(folder, 'outbox'));
    await writeFile(file, 'x');
    await expect(store.outbox()).rejects.toThrow(`${file} is damaged`);
  });

  it('a damaged kill record: nothing may be read, created or changed in its place', async () => {
    const store = open();
    await store.createKill(killOf());
    const file = await onlyFileIn(join(folder, 'kills', 'orders-worker'));
    await writeFile(file, '{"format":1,');
    for (const act of [
      () => store.openKill('orders-worker'),
      () => store.createKill(killOf({ id: 'second' })),
      () => store.updateKill(killOf({ revision: 2 })),
    ]) {
      await expect(act()).rejects.toThrow(`${file} is damaged`);
    }
    expect(await store.kills()).toEqual([]);
    expect(warnings).toHaveLength(1);
    expect(await readdir(join(folder, 'kills', 'orders-worker'))).toHaveLength(1);
  });

  it('every revision of a kill stays in the folder: the audit trail', async () => {
    const store = open();
    await store.createKill(killOf());
    await store.updateKill(killOf({ revision: 2, state: 'killed' }));
    await store.updateKill(killOf({ revision: 3, state: 'restored' }));
    const names = (await readdir(join(folder, 'kills', 'orders-worker'))).sort();
    expect(names).toEqual(['000001-000001.json', '000001-000002.json', '000001-000003.json']);
  });

  it('damaged baselines and a damaged note of the last tick read as none, and are replaced', async () => {
    const store = open();
    await writeFile(join(folder, 'baselines.json'), '{');
    await writeFile(join(folder, 'last-tick.json'), '{');
    expect(await store.baselines()).toBeNull();
    expect(await store.lastTick()).toBeNull();
    expect(warnings).toHaveLength(2);
    await store.putTick({ at: AT, functions: 0, queues: 0, gaps: [] });
    expect((await open().lastTick())?.at).toBe(AT);
  });

  it('a damaged claim does not silence the alert', async () => {
    const store = open();
    const claim = { key: 'k#opened', channel: 'slack', now: AT, until: AT + 60_000 };
    await store.claimDelivery(claim);
    await writeFile(await onlyFileIn(join(folder, 'deliveries', await keyFolder())), '');
    expect(await open().claimDelivery(claim)).toBe('claimed');

    async function keyFolder() {
      const [name = ''] = await readdir(join(folder, 'deliveries'));
      return join(name, 'slack');
    }
  });

  it('what a crashed writer or the file manager left behind is passed over', async () => {
    const store = open();
    await store.createKill(killOf());
    await store.enqueueAlert(alertOf());
    await store.putIncident(incidentOf());
    for (const place of [
      '',
      'kills',
      'kills/orders-worker',
      'outbox',
      'incidents',
      `incidents/${incidentOf().id}`,
    ]) {
      await writeFile(join(folder, place, '.3f0c.tmp'), '{"format":1,"val');
      await writeFile(join(folder, place, '.DS_Store'), '\0');
    }
    expect(await store.kills()).toEqual([killOf()]);
    expect(await store.outbox()).toEqual([alertOf()]);
    expect(await store.incidents({ resolvedSince: 0 })).toEqual([incidentOf()]);
    expect(warnings).toEqual([]);
  });

  it('a path that cannot be written is one clear error', async () => {
    await writeFile(join(folder, 'file'), '');
    const store = fileStore(join(folder, 'file', 'state'));
    await expect(store.createKill(killOf())).rejects.toThrow(
      /^store: cannot write .*file\/state\/kills\/orders-worker\/000001-000001\.json: ENOTDIR$/,
    );
  });

  it.skipIf(process.getuid?.() === 0)(
    'a folder that may not be read is an error, not an empty store',
    async () => {
      await mkdir(join(folder, 'kills'));
      await chmod(join(folder, 'kills'), 0o000);
      await expect(open().kills()).rejects.toThrow('cannot list');
      await chmod(join(folder, 'kills'), 0o700);
    },
  );
});

import { resolve } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { allStores, openStore, storePlace } from '../../src/cli/store.ts';
import { InputError } from '../../src/model/errors.ts';
import { killOf } from '../store/samples.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { fakeIo } from './fake-io.ts';

const scope = { account: '111122223333', region: 'eu-west-1' };

describe('where the store is', () => {
  it.each<[string, { store?: string }, Record<string, string>, string]>([
    ['--store wins', { store: '/a' }, { FIREBREAK_STORE: '/b', HOME: '/home/jane' }, '/a'],
    ['relative to the folder one is in', { store: 'state' }, {}, resolve('state')],
    ['then the environment', {}, { FIREBREAK_STORE: '/b', HOME: '/home/jane' }, '/b'],
    ['then the XDG state folder', {}, { XDG_STATE_HOME: '/state', HOME: '/home/jane' }, '/state/firebreak'],
    [
      'which must be absolute',
      {},
      { XDG_STATE_HOME: 'x', HOME: '/home/jane' },
      '/home/jane/.local/state/firebreak',
    ],
    [
      'then home, so that restore finds it from anywhere',
      {},
      { HOME: '/home/jane' },
      '/home/jane/.local/state/firebreak',
    ],
    ['home of Windows', {}, { USERPROFILE: '/users/jane' }, '/users/jane/.local/state/firebreak'],
    ['here, where there is no home', {}, {}, resolve('.firebreak')],
    ['a table', { store: 'dynamodb:firebreak-Table4711' }, {}, 'table firebreak-Table4711'],
    ['a table in the environment', {}, { FIREBREAK_STORE: 'dynamodb:firebreak' }, 'table firebreak'],
  ])('%s', (_, options, env, place) => {
    expect(storePlace(fakeIo({ env }), { ...options, aws: {} })).toBe(place);
  });

  it.each(['dynamodb:', 'dynamodb:a', 'dynamodb:with space', 'dynamodb:https://x'])(
    '%s is no table',
    (store) => {
      expect(() => openStore(fakeIo(), scope, { store, aws: {} })).toThrow(InputError);
    },
  );
});

describe('a folder of stores', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder('scopes');
  });

  it('keeps functions of one name apart by account and region', async () => {
    const here = openStore(fakeIo(), scope, { store: folder, aws: {} }).store;
    const there = openStore(fakeIo(), { ...scope, region: 'us-east-1' }, { store: folder, aws: {} }).store;
    expect(await here.createKill(killOf())).toBe(true);
    expect(await there.openKill('orders-worker')).toBeNull();
    expect(await there.createKill(killOf({ region: 'us-east-1' }))).toBe(true);
    const all = await allStores(fakeIo(), { store: folder, aws: {} });
    expect(all.map((one) => one.scope?.region)).toEqual(['eu-west-1', 'us-east-1']);
  });

  it('says on stderr what it had to leave out', async () => {
    const io = fakeIo();
    const { store } = openStore(io, scope, { store: folder, aws: {} });
    await store.createKill({ ...killOf(), reason: 7 as unknown as string });
    expect(await store.kills()).toEqual([]);
    expect(io.err()).toMatch(/^firebreak: .*orders-worker.* is damaged \(reason: /);
  });
});

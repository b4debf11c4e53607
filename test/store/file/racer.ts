import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileStore } from '../../../src/store/file/file-store.ts';
import { AT, alertOf, incidentOf, killOf } from '../samples.ts';

/**
 * One of several processes on one folder: fights for claims and kill records, and prints what it won.
 * Arguments: folder, rounds, name of this process, names of the others.
 */
const [folder = '', rounds = '0', name = '', ...others] = process.argv.slice(2);
const store = fileStore(folder);
const won = { claims: [] as number[], kills: [] as number[], updates: [] as number[] };

// All start at once: a slow start would leave the first one alone on the folder.
await writeFile(join(folder, `ready-${name}`), '');
for (const other of others) {
  while (!(await exists(join(folder, `ready-${other}`)))) await sleep(2);
}

for (let round = 0; round < Number(rounds); round++) {
  const functionName = `f${round}`;
  const claim = {
    key: alertOf().key,
    channel: 'slack',
    now: AT + round * 1000,
    until: AT + (round + 1) * 1000,
  };
  if ((await store.claimDelivery(claim)) === 'claimed') won.claims.push(round);
  if (await store.createKill(killOf({ functionName, id: `kill-${name}-${round}` }))) won.kills.push(round);
  const open = await store.openKill(functionName);
  if (open !== null && open.revision === 1) {
    if (await store.updateKill({ ...open, revision: 2, state: 'killed', reason: name }))
      won.updates.push(round);
  }
  await store.putIncident(incidentOf({ evaluatedAt: AT + round }));
}
process.stdout.write(JSON.stringify(won));

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

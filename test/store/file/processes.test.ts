import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { fileStore } from '../../../src/store/file/file-store.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { AT, incidentOf } from '../samples.ts';

const PROCESSES = ['a', 'b', 'c'];
const ROUNDS = 25;

describe('several processes on one folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = temporaryFolder('race');
  });

  it('have exactly one winner of every claim, kill record and change', async () => {
    const racer = join(import.meta.dirname, 'racer.ts');
    const results = await Promise.all(
      PROCESSES.map(async (name) => {
        const others = PROCESSES.filter((other) => other !== name);
        const argv = ['--import', 'tsx', racer, folder, String(ROUNDS), name, ...others];
        const { stdout } = await promisify(execFile)(process.execPath, argv);
        return JSON.parse(stdout) as Record<'claims' | 'kills' | 'updates', number[]>;
      }),
    );

    const everyRound = Array.from({ length: ROUNDS }, (_, round) => round);
    for (const kind of ['claims', 'kills', 'updates'] as const) {
      const winners = results.flatMap((result) => result[kind]).sort((a, b) => a - b);
      const lost = everyRound.filter((round) => !winners.includes(round));
      expect(new Set(winners).size, `${kind}: two winners of one round`).toBe(winners.length);
      // A claim belongs to a moment: who comes a round later finds it expired, or newer ones made.
      if (kind !== 'claims') expect(lost, `${kind}: rounds that nobody won`).toEqual([]);
    }
    const store = fileStore(folder);
    expect(await store.kills()).toHaveLength(ROUNDS);
    expect((await store.kills()).every(({ state, revision }) => state === 'killed' && revision === 2)).toBe(
      true,
    );
    expect((await store.incident(incidentOf().id))?.evaluatedAt).toBe(AT + ROUNDS - 1);
  });
});

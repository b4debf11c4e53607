import { describe, expect, it } from 'vitest';
import { MAPPING } from './account.ts';
import { automaticKills, lost, twice, watchOutbox } from './ledger.ts';
import { at, minute, type World, world } from './world.ts';

/** Everything by itself: the tick asks, the kill function acts, for so many minutes. */
async function run(made: World, minutes: number): Promise<void> {
  for (let passed = 0; passed < minutes; passed++) await minute(made);
}

/** What Slack was told, in order. */
function told({ inbox }: World): readonly string[] {
  const seen = new Set<string>();
  return inbox.alerts.flatMap(({ key, transition }) => {
    if (seen.has(key)) return [];
    seen.add(key);
    return [transition];
  });
}

const canaries = ({ data }: World) => automaticKills({ data }).map(({ canary }) => canary?.failures ?? 0);

describe('an automatic kill whose restore is tried out by itself', () => {
  it('fails while the loop is there, waits twice as long, and comes back whole once that is fixed', async () => {
    const made = world({ kill: { canary: true, cooldownMinutes: 10 } });
    const outbox = watchOutbox(made);
    const before = made.account.lambda.settings();
    await run(made, 10);
    expect(made.account.lambda.settings().mappings).toEqual({ [MAPPING]: false });
    await run(made, 10);
    expect(told(made)).toEqual(expect.arrayContaining(['critical', 'killed', 'canary']));
    expect(canaries(made)).toEqual([1]);
    expect(made.account.lambda.settings().mappings).toEqual({ [MAPPING]: false });

    made.account.isFixed = true;
    await run(made, 15);
    // Ten minutes were enough for the first try; the second waits for twenty.
    expect(canaries(made)).toEqual([1]);
    await run(made, 40);
    expect(made.account.lambda.settings()).toEqual(before);
    expect(automaticKills(made).map(({ state }) => state)).toEqual(['restored']);
    expect(told(made).filter((what) => what !== 'resolved' && what !== 'reopened')).toEqual([
      'critical',
      'killed',
      'canary',
      'killed',
      'canary',
      'restored',
    ]);
    expect(lost(made, outbox)).toEqual([]);
    expect(twice(made)).toEqual([]);
  });

  it.each([
    ['between the record of it and the limit', 'store.updateKill', 'dies-after', 2],
    ['between the limit and the mapping', 'port.setMaximumConcurrency', 'dies-after', 1],
    ['after the mapping', 'port.setEventSourceEnabled', 'dies-after', 2],
    ['before it says that it runs', 'store.updateKill', 'dies-before', 3],
    ['before it tells anybody that it runs', 'store.updateKill', 'dies-after', 3],
    ['between the record of the restore and the limit', 'store.updateKill', 'dies-after', 4],
    ['after the limit is gone', 'port.setMaximumConcurrency', 'dies-after', 2],
    ['before it says that all is back', 'store.updateKill', 'dies-before', 5],
    ['before it tells anybody that all is back', 'store.updateKill', 'dies-after', 5],
  ] as const)('dies %s: the next tick has it finished', async (_, seam, fault, nth) => {
    const made = world({ kill: { canary: true, cooldownMinutes: 5 } });
    const outbox = watchOutbox(made);
    const before = made.account.lambda.settings();
    const fate = at(seam, fault, { nth });
    let died = 0;
    made.fate = (called) => {
      const met = fate(called);
      if (met !== null) died += 1;
      return met;
    };
    await run(made, 3);
    made.account.isFixed = true;
    await run(made, 40);
    expect(died).toBe(1);
    expect(made.account.lambda.settings()).toEqual(before);
    expect(automaticKills(made).map(({ state }) => state)).toEqual(['restored']);
    expect(told(made)).toEqual(expect.arrayContaining(['killed', 'canary', 'restored']));
    expect(lost(made, outbox)).toEqual([]);
  });

  it('stays stopped for a person after as many tries as are allowed', async () => {
    const made = world({ kill: { canary: true, cooldownMinutes: 1, maximumCanaries: 2 } });
    await run(made, 90);
    expect(canaries(made)).toEqual([2]);
    expect(made.account.lambda.settings().mappings).toEqual({ [MAPPING]: false });
    expect(automaticKills(made).map(({ state }) => state)).toEqual(['killed']);
  });

  it('never without being told to', async () => {
    const made = world({ kill: { cooldownMinutes: 1 } });
    await run(made, 60);
    expect(told(made)).not.toContain('canary');
    expect(made.account.lambda.settings().mappings).toEqual({ [MAPPING]: false });
  });
});

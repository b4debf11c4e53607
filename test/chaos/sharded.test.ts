import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../src/handlers/log.ts';
import { awsEyes, runKill } from '../../src/handlers/run-kill.ts';
import { DEFAULT_CONFIG } from '../../src/model/config.ts';
import { MINUTE_MS } from '../../src/model/time.ts';
import { planShards } from '../../src/run/sharding.ts';
import { memoryData, memoryStore } from '../../src/store/memory-store.ts';
import { fakeWire } from '../observe/aws/wire.ts';
import { fakeLambda } from '../respond/kill/fake-lambda.ts';
import { playedLoop } from '../run/played-account.ts';
import { type Mishap, monitorOf, tickSharded } from '../run/sharded-monitor.ts';
import { automaticKills } from './ledger.ts';

const PAGE = join(import.meta.dirname, '../../docs/faults.md');
const ACCOUNT = { seed: 7, background: 14, minutes: 400 };
/** Minutes of the account that are watched: the loop begins amid them. */
const FROM = 215;
const TO = 262;
const SHARDS = 4;
const TAGS = { 'firebreak:kill': 'allowed' };
const CONFIG = {
  ...DEFAULT_CONFIG,
  kill: { ...DEFAULT_CONFIG.kill, mode: 'auto' as const, minimumWastedUsd: 0 },
};

type Played = ReturnType<typeof play>;

interface ShardFault {
  readonly name: string;
  /** What goes wrong in the nth minute. */
  readonly mishap?: (minute: number, played: Played) => Mishap;
  readonly executions?: number;
  /** Something is not read for its sake. */
  readonly makesGaps?: true;
}

const FAULTS: readonly ShardFault[] = [
  { name: 'none' },
  {
    name: 'one shard is lost in every minute',
    makesGaps: true,
    mishap: () => ({ lost: (shard) => shard === 0 }),
  },
  {
    name: 'one shard after the other is lost for two minutes',
    makesGaps: true,
    mishap: (minute) => ({ lost: (shard) => shard === Math.floor(minute / 2) % SHARDS }),
  },
  {
    name: 'all shards are lost in every other minute',
    makesGaps: true,
    mishap: (minute) => ({ lost: () => minute % 2 === 0 }),
  },
  {
    name: 'one shard hands over after the tick has decided',
    makesGaps: true,
    mishap: () => ({ late: (shard) => shard === 0 }),
  },
  {
    name: 'all shards hand over after the tick has decided, in every other minute',
    makesGaps: true,
    mishap: (minute) => ({ late: () => minute % 2 === 0 }),
  },
  { name: 'the plan cannot be had', mishap: () => ({ planLost: true }) },
  {
    name: 'the plan is stale: of three ticks two die before they make one',
    mishap: (minute) => ({ diesAfterwards: minute % 3 !== 0 }),
  },
  {
    name: 'the plan is replaced between the shards and the tick',
    mishap: (_, { store, now }) => ({
      meanwhile: async () => {
        const order = { queues: [{ name: 'other', url: 'https://other' }], metrics: [] };
        const cost = { depthMs: 100_000, metricMs: 100_000 };
        await planShards(store, { at: now() + 5 * MINUTE_MS, order, cost, shardsMax: 2 });
      },
    }),
  },
  // What one hands over takes the place of what the other did.
  { name: 'two executions at once', executions: 2, makesGaps: true },
  {
    name: 'two executions at once, and one shard is lost',
    executions: 2,
    makesGaps: true,
    mishap: () => ({ lost: (shard) => shard === 0 }),
  },
];

/** An account whose loop goes on in its metrics whatever is stopped: each tick asks for the kill again, if it may. */
function play(executions: number) {
  const { aws, at } = playedLoop(ACCOUNT);
  aws.state.functions = aws.state.functions.map((fn) => ({ ...fn, tags: TAGS }));
  aws.state.mappings = aws.state.mappings.map((mapping) => ({ ...mapping, Tags: TAGS }));
  const lambda = fakeLambda({
    mappings: Object.fromEntries(aws.state.mappings.map(({ UUID }) => [String(UUID), true])),
    reservedConcurrency: null,
  });
  const data = memoryData();
  const store = memoryStore(data);
  const { told } = monitorOf(aws, store);
  const monitors = Array.from({ length: executions }, () => monitorOf(aws, store, told, CONFIG));
  let clock = 0;
  const now = () => clock;
  const deps = {
    ...{ store, now, port: lambda.port, config: CONFIG, eyes: awsEyes(fakeWire(aws), now) },
    log: createLog({ write: () => undefined, now, monitor: 'chaos', fields: {} }),
    sleep: async () => undefined,
  };
  return {
    ...{ data, store, told, lambda, now },
    /** A minute of the state machine, or of two at once; then the kills that were asked for. */
    async minute(period: number, mishap: Mishap) {
      clock = at(period);
      const reports = await Promise.all(
        monitors.map((monitor, i) =>
          tickSharded(monitor, aws, { now: clock + i * 1_000, shardsMax: SHARDS, ...mishap }),
        ),
      );
      const requests = reports.flatMap(({ result }) => result.actions);
      await Promise.all(requests.map((request) => runKill({ kind: 'automatic', request }, deps)));
      return {
        isSpread: reports.every(({ shards }) => shards === SHARDS),
        hasGaps: reports.some(({ gaps }) => gaps.length > 0),
        isAsked: requests.length > 0,
      };
    },
    restore: (functionName: string) =>
      runKill({ kind: 'restore', functionName, requestedBy: 'jane', onDrift: 'refuse', canary: false }, deps),
  };
}

const rows = new Map<string, string>();

describe('a reading that is spread over shards', () => {
  it.each(FAULTS)('$name', async ({ name, mishap, executions = 1, makesGaps }) => {
    const played = play(executions);
    const before = played.lambda.settings();
    let toldAt: number | null = null;
    let stoppedAt: number | null = null;
    let asked = 0;
    let spread = 0;
    let holed = 0;
    for (let period = FROM; period < TO; period++) {
      const seen = await played.minute(period, mishap?.(period - FROM, played) ?? {});
      spread += Number(seen.isSpread);
      holed += Number(seen.hasGaps);
      asked += Number(seen.isAsked);
      if (played.told.length > 0) toldAt ??= period;
      if (automaticKills(played).length > 0) stoppedAt ??= period;
    }
    const kills = automaticKills(played);
    const [kill] = kills;
    await played.restore(kill?.functionName ?? '');
    await played.minute(TO, {});
    const keys = played.told.map(({ key }) => key);
    const twice = keys.filter((key, i) => keys.indexOf(key) !== i);
    const isExact = JSON.stringify(played.lambda.settings()) === JSON.stringify(before);
    expect(holed > 0, 'something was not read').toBe(makesGaps === true);
    expect(twice).toEqual([]);
    expect(kills).toHaveLength(1);
    expect(played.lambda.changes.filter((change) => change.includes('disabled'))).toHaveLength(1);
    expect(isExact).toBe(true);
    expect([...played.data.outbox.keys()]).toEqual([]);
    expect(played.told.map(({ transition }) => transition)).toEqual(
      expect.arrayContaining(['critical', 'killed', 'restored']),
    );
    const minuteOf = (period: number | null) => (period === null ? 'none' : period - FROM);
    const cells = [
      name,
      spread,
      holed,
      minuteOf(toldAt),
      minuteOf(stoppedAt),
      asked,
      twice.length,
      kills.length,
    ];
    rows.set(name, `| ${cells.join(' | ')} | ${isExact ? 'exactly' : 'no'} |`);
  });
});

const HEADER = [
  '| fault | minutes that were spread | with gaps | first alert in minute | stopped in minute | asked for in | sent twice | automatic kills | restored |',
  '|---|---|---|---|---|---|---|---|---|',
];

it('docs/faults.md shows what came of each (UPDATE_DOCS=1 brings it up to date)', () => {
  const table = [...HEADER, ...FAULTS.map(({ name }) => rows.get(name) ?? `| ${name} | not run |`)].join(
    '\n',
  );
  const page = readFileSync(PAGE, 'utf8');
  const current = page.replace(
    /<!-- shards -->[\s\S]*<!-- \/shards -->/,
    `<!-- shards -->\n\n${table}\n\n<!-- /shards -->`,
  );
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(PAGE, current);
  expect(readFileSync(PAGE, 'utf8')).toBe(current);
});

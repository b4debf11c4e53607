import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { KillEvent } from '../../src/handlers/kill-event.ts';
import { FirebreakError } from '../../src/model/errors.ts';
import { BEGIN_AT, FUNCTION, MAPPING } from './account.ts';
import { FAULT_GROUPS, type NamedFault } from './faults.ts';
import { automaticKills, lost, mixedKeys, twice, watchOutbox } from './ledger.ts';
import { minute, type World, world } from './world.ts';

const PAGE = join(import.meta.dirname, '../../docs/faults.md');
/** Minutes before a person restores it, and after that. */
const MINUTES = 8;
const CALM_MINUTES = 4;
const RESTORES_MAX = 6;

interface Outcome {
  /** Minutes, counted in ticks, until the first alert reached the first channel, and each of them. */
  readonly toldAfter: number | null;
  readonly stoppedAfter: number | null;
  /** Ticks that failed or died. */
  readonly ticksLost: number;
  readonly lost: readonly string[];
  readonly twice: ReturnType<typeof twice>;
  readonly kills: number;
  readonly restores: number;
  readonly isExact: boolean;
}

async function play(fault: NamedFault): Promise<Outcome> {
  const made = world(fault.options);
  const told = watchOutbox(made);
  const before = made.account.lambda.settings();
  fault.begin?.(made);
  let toldAfter: number | null = null;
  let stoppedAfter: number | null = null;
  let ticksLost = 0;
  for (let tick = 0; tick < MINUTES; tick++) {
    fault.before?.(made, tick);
    const ended = await minute(made, { ticks: fault.ticksAtOnce ?? 1, kills: fault.killsAtOnce ?? 1 });
    for (const one of ended) {
      if (one.kind === 'threw') expect(one.error).toBeInstanceOf(FirebreakError);
    }
    ticksLost += ended.filter(({ kind }) => kind !== 'done').length;
    if (made.inbox.alerts.length > 0) toldAfter ??= tick;
    if (made.account.lambda.settings().mappings[MAPPING] === false) stoppedAfter ??= tick;
  }
  // What is in effect is on record as done, or nobody would ever be told of it.
  if (stoppedAfter !== null) expect(made.data.kills.map(({ state }) => state)).toEqual(['killed']);
  made.account.isFixed = true;
  fault.beforeRestore?.(made);
  const restores = await restore(made, fault.restoresAtOnce ?? 1);
  made.fate = () => null;
  const isExact =
    fault.drifts === true ? made.account.lambda.settings().limits?.[MAPPING] === 7 : same(made, before);
  for (let calm = 0; calm < CALM_MINUTES; calm++) await minute(made);
  const mended = ['slack', 'sns'].filter((channel) => channel !== fault.without);
  expect(mixedKeys(made)).toEqual([]);
  return {
    toldAfter,
    stoppedAfter,
    ticksLost,
    lost: lost(made, told, mended),
    twice: twice(made),
    kills: automaticKills(made).length,
    restores,
    isExact,
  };
}

function same(made: World, before: object): boolean {
  return JSON.stringify(made.account.lambda.settings()) === JSON.stringify(before);
}

const RESTORE: KillEvent = {
  kind: 'restore',
  functionName: FUNCTION,
  requestedBy: 'jane',
  onDrift: 'refuse',
  canary: false,
};

/** The same command, until it gets through. How often it had to be given. */
async function restore(made: World, atOnce: number): Promise<number> {
  for (let attempt = 1; attempt <= RESTORES_MAX; attempt++) {
    const ended = await Promise.all(Array.from({ length: atOnce }, () => made.kill(RESTORE)));
    if (ended.every(({ kind }) => kind === 'done')) return attempt;
  }
  return RESTORES_MAX + 1;
}

const rows = new Map<string, string>();

describe.each(FAULT_GROUPS)('$title', ({ faults }) => {
  it.each(faults)('$name', async (fault) => {
    const outcome = await play(fault);
    rows.set(fault.name, row(fault, outcome));
    expect(outcome.lost).toEqual([]);
    expect(outcome.twice.filter(({ isExcused }) => !isExcused)).toEqual([]);
    expect(outcome.kills).toBeLessThanOrEqual(1);
    expect(outcome.isExact, 'restored to what was before').toBe(true);
    expect(outcome.restores).toBeLessThanOrEqual(RESTORES_MAX);
    expect(outcome.toldAfter, 'told').not.toBeNull();
    if (fault.holds === undefined) expect(outcome.stoppedAfter, 'stopped').not.toBeNull();
    else expect(outcome.stoppedAfter, 'held').toBeNull();
  });
});

function row(fault: NamedFault, outcome: Outcome): string {
  const after = (ticks: number | null) =>
    ticks === null ? 'never' : ticks === 0 ? 'at once' : `${ticks} ${ticks === 1 ? 'tick' : 'ticks'} later`;
  const stopped = fault.holds === undefined ? after(outcome.stoppedAfter) : `held: ${fault.holds}`;
  const restored = `${fault.drifts === true ? 'the change is kept' : 'exactly'}${outcome.restores === 1 ? '' : `, asked ${outcome.restores} times`}`;
  const cells = [
    fault.name,
    after(outcome.toldAfter),
    stopped,
    outcome.ticksLost,
    outcome.lost.length,
    outcome.twice.length,
    outcome.kills,
    restored,
  ];
  return `| ${cells.join(' | ')} |`;
}

const HEADER = [
  '| fault | first alert | stopped | ticks lost | alerts lost | sent twice | automatic kills | restored |',
  '|---|---|---|---|---|---|---|---|',
];

it('docs/faults.md shows what came of each (UPDATE_DOCS=1 brings it up to date)', () => {
  expect(rows.size).toBeGreaterThanOrEqual(40);
  const tables = FAULT_GROUPS.map(({ title, faults }) =>
    [
      `**${title}**`,
      '',
      ...HEADER,
      ...faults.map(({ name }) => rows.get(name) ?? `| ${name} | not run |`),
    ].join('\n'),
  );
  const page = readFileSync(PAGE, 'utf8');
  const current = page.replace(
    /<!-- faults -->[\s\S]*<!-- \/faults -->/,
    `<!-- faults -->\n\n${tables.join('\n\n')}\n\n<!-- /faults -->`,
  );
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(PAGE, current);
  expect(readFileSync(PAGE, 'utf8')).toBe(current);
});

it('the story begins on a fixed day, so that the page is the same on every machine', () => {
  expect(new Date(BEGIN_AT).toISOString()).toBe('2026-11-01T04:12:00.000Z');
});

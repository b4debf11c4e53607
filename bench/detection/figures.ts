import { FLAT_PRICES } from '../../src/price/price-list.ts';
import type { Machine } from '../common/results.ts';
import { PEER_IDS, PEERS, type PeerId } from './peers/registry.ts';
import type { DetectionResult, ToolId } from './worker.ts';

/** Incidents that waste less are nobody's business at night. */
export const USD_MIN = 1;
/** One false page a month of a function: what people might leave switched on. */
export const QUIET_PER_THOUSAND = 1_000 / 30;

export const TOOL_IDS: readonly ToolId[] = ['firebreak', 'firebreak-alerts', ...PEER_IDS];

/** Nobody: the first instant at which anything can be read, and the best of the peers chosen for each incident afterwards. */
export type Column = ToolId | 'floor' | 'oracle';

export const COLUMNS: readonly Column[] = [...TOOL_IDS, 'oracle', 'floor'];

/** One incident as every column has it. */
export interface Row {
  readonly family: string;
  readonly seed: number;
  readonly wastedUsd: number;
  readonly minutes: Readonly<Record<Column, number | null>>;
  readonly usd: Readonly<Record<Column, number>>;
}

export interface Total {
  readonly incidents: number;
  readonly paged: number;
  /** Over all incidents; those that were never paged count as never. `null`: never. */
  readonly medianMinutes: number | null;
  readonly p90Minutes: number | null;
  readonly usd: number;
}

export interface Noise {
  readonly functionDays: number;
  readonly falsePages: Readonly<Record<ToolId, number>>;
  readonly interruptions: Readonly<Record<ToolId, number>>;
}

export interface DetectionReport {
  readonly machine: Machine;
  readonly firstSeed: number;
  readonly seedsPerFamily: number;
  readonly traces: number;
  readonly cpuMinutes: number;
  readonly rows: readonly Row[];
  readonly noise: Noise;
  /** By family in which nothing should be reported, and of the others together. */
  readonly noiseByKind: Readonly<Record<string, Noise>>;
  /** Dollars a month for 100 functions with the queues of these traces. */
  readonly usdPerMonth: Readonly<Record<ToolId, number>>;
  readonly falsePagesOfFirebreak: readonly string[];
}

export const FLEET = 100;

export function rowsOf(results: readonly DetectionResult[]): readonly Row[] {
  return results.flatMap((result) =>
    result.incidents.map((incident, i): Row => {
      const minutes = mapTools((tool) => result.tools[tool].pageMinutes[i] ?? null);
      const usd = mapTools((tool) => result.tools[tool].usd[i] ?? 0);
      const best = bestPeer(usd, minutes);
      return {
        family: result.family,
        seed: result.seed,
        wastedUsd: incident.wastedUsd,
        minutes: { ...minutes, floor: incident.floorMinutes, oracle: minutes[best] },
        usd: { ...usd, floor: incident.floorUsd, oracle: usd[best] },
      };
    }),
  );
}

/** The peer that let the least be wasted; of those the first to page. */
function bestPeer(
  usd: Readonly<Record<ToolId, number>>,
  minutes: Readonly<Record<ToolId, number | null>>,
): PeerId {
  const order = [...PEER_IDS].sort(
    (a, b) =>
      usd[a] - usd[b] || (minutes[a] ?? Number.POSITIVE_INFINITY) - (minutes[b] ?? Number.POSITIVE_INFINITY),
  );
  return order[0] as PeerId;
}

export function mapTools<T>(of: (tool: ToolId) => T): Record<ToolId, T> {
  return Object.fromEntries(TOOL_IDS.map((tool) => [tool, of(tool)])) as Record<ToolId, T>;
}

export function totalOf(rows: readonly Row[], column: Column): Total {
  const delays = rows.map(({ minutes }) => minutes[column] ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
  const at = (q: number) => {
    const delay = delays[Math.max(0, Math.ceil(delays.length * q) - 1)] ?? Number.POSITIVE_INFINITY;
    return Number.isFinite(delay) ? delay : null;
  };
  return {
    incidents: rows.length,
    paged: delays.filter(Number.isFinite).length,
    medianMinutes: at(0.5),
    p90Minutes: at(0.9),
    usd: rows.reduce((sum, { usd }) => sum + usd[column], 0),
  };
}

/** The single peer that lets the least be wasted over all incidents; `null`: none is as quiet as that. */
export function bestSinglePeer(
  report: Pick<DetectionReport, 'rows' | 'noise'>,
  falsePerThousandMax: number,
): PeerId | null {
  const usd = (peer: PeerId) => report.rows.reduce((sum, row) => sum + row.usd[peer], 0);
  const quiet = PEER_IDS.filter(
    (peer) => perThousand(report.noise, 'falsePages', peer) <= falsePerThousandMax,
  );
  return [...quiet].sort((a, b) => usd(a) - usd(b))[0] ?? null;
}

export function perThousand(noise: Noise, what: 'falsePages' | 'interruptions', tool: ToolId): number {
  return (noise[what][tool] / noise.functionDays) * 1_000;
}

export function noiseOf(results: readonly DetectionResult[]): Noise {
  const sum = (of: (result: DetectionResult) => number) =>
    results.reduce((total, result) => total + of(result), 0);
  return {
    functionDays: sum(({ functionDays }) => functionDays),
    falsePages: mapTools((tool) => sum(({ tools }) => tools[tool].falsePages)),
    interruptions: mapTools((tool) => sum(({ tools }) => tools[tool].interruptions)),
  };
}

const DAYS_PER_MONTH = 30;

/** Dollars a month for {@link FLEET} functions like these. Firebreak as it was measured: everything read every minute. */
export function usdPerMonthOf(results: readonly DetectionResult[]): Record<ToolId, number> {
  const sum = (of: (result: DetectionResult) => number) =>
    results.reduce((total, result) => total + of(result), 0);
  const functions = sum((result) => result.functions);
  const readUsdPerDay = sum(({ readUsd }) => readUsd) / sum((result) => result.functions * result.days);
  return mapTools((tool) => {
    const peer = PEERS.find(({ id }) => id === tool);
    if (peer === undefined) return readUsdPerDay * FLEET * DAYS_PER_MONTH;
    const metrics = sum(({ tools }) => tools[tool].alarmMetrics);
    return peer.fixedUsdPerMonth + (metrics / functions) * FLEET * FLAT_PRICES.alarm.usd;
  });
}

/** What the words of a line of {@link rowLine} are. */
export const ROW_WORDS = [
  'family',
  'seed',
  'wastedUsd',
  ...COLUMNS.flatMap((column) => [`${column}:minutes`, `${column}:usd`]),
];

/** A row as one line of a file: four significant digits, a dash for never. */
export function rowLine(row: Row): string {
  const figure = (value: number | null) => (value === null ? '-' : Number(value.toPrecision(4)));
  const columns = COLUMNS.flatMap((column) => [figure(row.minutes[column]), figure(row.usd[column])]);
  return [row.family, row.seed, figure(row.wastedUsd), ...columns].join(' ');
}

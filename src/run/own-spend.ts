import * as z from 'zod';
import { DAY_MS, type EpochMs, toIso } from '../model/time.ts';
import { expectedShards } from '../observe/aws/shard-plan.ts';
import { pricesFor } from '../price/lambda-price.ts';
import { forecastMonitorCost } from '../price/monitor-cost.ts';
import { charge, dayUsdOf, type MonitorLedger, monthUsdOf, thriftFor } from '../price/monitor-ledger.ts';
import { THRIFTS, type Thrift, type Watched } from '../price/monitor-pace.ts';
import type { ReadingDemand } from '../price/monitor-reading.ts';
import type { Notebook, Store } from '../store/store.ts';

const ledgerSchema: z.ZodType<MonitorLedger> = z.object({
  month: z.string(),
  monthUsd: z.number(),
  day: z.string(),
  dayUsd: z.number(),
  lastDayUsd: z.number().nullable(),
  chargedAt: z.number(),
  thrift: z.literal(THRIFTS),
  thriftAt: z.number(),
});

const PARTS = ['spend-tick', 'spend-survey', 'spend-watch'] as const;
type Part = (typeof PARTS)[number] & Notebook;

/** What the monitor itself spends, and what it may. */
export interface OwnSpend {
  /** How much to save on reading, so that the ceiling holds. */
  thrift(watched: readonly Watched[], now: EpochMs): Thrift;
  /** Adds to the account of this part. */
  charge(usd: number, now: EpochMs): Promise<Charged>;
}

interface Charged {
  readonly thrift: Thrift;
  /** What the day before cost, all parts together, at the first charge of a new day; `null`: not yet a new day. */
  readonly endedDayUsd: number | null;
}

/** Opens the account of one part. What cannot be read of it is taken for nothing spent: watching comes first. */
export async function openOwnSpend(
  store: Pick<Store, 'notebook' | 'putNotebook'>,
  options: {
    readonly part: Part;
    readonly region: string;
    readonly ceilingUsd: number | null;
    /** `maximumShards`; 0: it is not set. */
    readonly shardsMax: number;
  },
): Promise<OwnSpend> {
  const { part, region, ceilingUsd, shardsMax } = options;
  const shardsOf = shardsMax === 0 ? undefined : (demand: ReadingDemand) => expectedShards(demand, shardsMax);
  const ledgers = new Map(await ledgersOf(store));
  let thrift: Thrift = ledgers.get(part)?.thrift ?? 0;
  return {
    thrift(watched, now) {
      if (ceilingUsd === null) return 0;
      const fleet = fleetOf(watched);
      const prices = pricesFor(region);
      thrift = thriftFor({
        ceilingUsd,
        spentUsd: monthUsdOf([...ledgers.values()], now),
        now,
        before: thrift,
        forecastUsd: (one) =>
          forecastMonitorCost({ fleet, watched, prices, thrift: one, shardsOf }).usdPerMonth,
      });
      return thrift;
    },
    async charge(usd, now) {
      const before = ledgers.get(part) ?? null;
      const ledger = charge(before, { usd, now, thrift: ceilingUsd === null ? 0 : thrift });
      ledgers.set(part, ledger);
      await store.putNotebook(part, { at: now, text: JSON.stringify(ledger) });
      if (before === null || before.day === ledger.day) return { thrift: ledger.thrift, endedDayUsd: null };
      // The other parts wrote theirs since.
      for (const [other, one] of await ledgersOf(store)) ledgers.set(other, one);
      return { thrift: ledger.thrift, endedDayUsd: dayUsdOf([...ledgers.values()], before.day) };
    },
  };
}

/** What all parts have spent. */
export interface OwnSpendTotal {
  readonly monthUsd: number;
  /** `null`: none of them ran yesterday. */
  readonly lastDayUsd: number | null;
  /** The account of the part that saves most on reading; `null`: none saves anything. */
  readonly thrifty: MonitorLedger | null;
}

/** What is written down of it; `null`: nothing. */
export async function readOwnSpend(
  store: Pick<Store, 'notebook'>,
  now: EpochMs,
): Promise<OwnSpendTotal | null> {
  const ledgers = (await ledgersOf(store)).map(([, ledger]) => ledger);
  if (ledgers.length === 0) return null;
  const yesterday = dayUsdOf(ledgers, toIso(now - DAY_MS).slice(0, 10));
  const [thriftiest] = ledgers.filter(({ thrift }) => thrift > 0).sort((a, b) => b.thrift - a.thrift);
  return {
    monthUsd: monthUsdOf(ledgers, now),
    lastDayUsd: yesterday === 0 ? null : yesterday,
    thrifty: thriftiest ?? null,
  };
}

/** The accounts of all parts that have one. */
async function ledgersOf(
  store: Pick<Store, 'notebook'>,
): Promise<readonly (readonly [Part, MonitorLedger])[]> {
  const found: [Part, MonitorLedger][] = [];
  for (const part of PARTS) {
    const text = await store.notebook(part);
    const parsed = text === null ? null : ledgerSchema.safeParse(parseJson(text));
    if (parsed?.success === true) found.push([part, parsed.data]);
  }
  return found;
}

function fleetOf(watched: readonly Watched[]) {
  const count = (of: (one: Watched) => number) => watched.reduce((sum, one) => sum + of(one), 0);
  return {
    functions: watched.length,
    queues: count(({ queues, deadLetterQueues }) => queues + deadLetterQueues),
    activeShare: watched.length === 0 ? 0 : count(({ isActive }) => (isActive ? 1 : 0)) / watched.length,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

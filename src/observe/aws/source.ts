import { setTimeout as delay } from 'node:timers/promises';
import type { Incident } from '../../model/incident.ts';
import type { Inventory } from '../../model/inventory.ts';
import type { EpochMs } from '../../model/time.ts';
import type { Window } from '../../model/window.ts';
import { burnNow } from '../../price/burn-now.ts';
import type { PricingOptions } from '../../price/lambda-price.ts';
import type { Thrift, Watched } from '../../price/monitor-pace.ts';
import type { Source } from '../source.ts';
import { type Attention, attend } from './attention.ts';
import { readBaselines } from './baselines.ts';
import { type AwsClients, type AwsOptions, awsClients } from './clients.ts';
import { withDepths } from './depth-history.ts';
import { summariseGaps } from './failure.ts';
import { DETAILS_PER_TICK, type DetailLimits } from './function-details.ts';
import type { HandedOver } from './handed-over.ts';
import { type Identity, readIdentity, readInventory, toInventory } from './inventory.ts';
import type { SourceMemory } from './memory.ts';
import { meter } from './meter.ts';
import { queueAsker, readMoveTasks } from './queues.ts';
import { dueQueues, type ReadingPlan, readingPlan } from './reading-plan.ts';
import { type Reads, readCounter } from './reads.ts';
import { metricReader, readSeries } from './series.ts';
import { activeFunctions, planSeries } from './series-plan.ts';
import { type ReadingCost, type ReadingOrder, readingCost } from './shard-plan.ts';
import { CALLS_PER_SECOND, type Reader, turnsOf } from './turns.ts';
import { windowSpan } from './window-span.ts';
import type { Wire } from './wire.ts';

export interface AwsSourceOptions extends AwsOptions {
  /** Clients to use instead of those that the options above describe. */
  readonly clients?: AwsClients;
  /** Asked once, for what an earlier source remembered ({@link AwsSource.memory}); a store keeps it between cold starts. */
  readonly memory?: () => Promise<SourceMemory | null>;
  /** How much to save on reading, asked before each window; default: nothing. */
  readonly thrift?: (watched: readonly Watched[], now: EpochMs) => Thrift;
  /** How many functions' tags and reserved concurrency one window may read. Default: what fits a tick. */
  readonly detailLimits?: DetailLimits;
  /** Which of several readers it is that share what firebreak may call. Default: there is no other. */
  readonly reader?: Reader;
  readonly sleep?: (ms: number) => Promise<void>;
  /** How long one window may be read; what is not read by then is a gap, and read by the next ones. Default: as long as it takes. */
  readonly readingMs?: number;
  readonly signal?: AbortSignal;
}

/** AWS over the wire. */
export interface AwsSource extends Source {
  /** As any source's; `handed`: what shards have read of it already. */
  window(
    now: EpochMs,
    incidents?: readonly Incident[],
    stopped?: ReadonlySet<string>,
    pricing?: PricingOptions,
    handed?: HandedOver,
  ): Promise<Window>;
  /** What a tick at `now` will read, by what is known after the last one. */
  order(now: EpochMs, incidents: readonly Incident[], stopped: ReadonlySet<string>): ReadingOrder;
  /** How long reading takes, as measured; the older it is the less it counts. */
  cost(): ReadingCost;
  /** What to hand to the next source of the same account and region; `null` before the first window. */
  memory(): SourceMemory | null;
  /** What was asked of AWS so far: the monitor's own bill. */
  reads(): Reads;
}

/** The wire to these clients. */
export function wireOf(options: AwsSourceOptions): Wire {
  return {
    clients: options.clients ?? awsClients(options),
    reads: readCounter(),
    meter: meter(),
    // By a clock that nobody sets back.
    turns: turnsOf(
      CALLS_PER_SECOND,
      { now: () => performance.now(), sleep: options.sleep ?? ((ms) => delay(ms, undefined)) },
      options.reader,
    ),
    signal: options.signal,
  };
}

/**
 * Lambda, SQS and CloudWatch of one account and region. Everything that cannot be read is a gap in the window.
 *
 * @throws {UnavailableError} from `window` and `baselines` when nothing can be read at all.
 * @example
 * const source = awsSource({ region: 'eu-central-1' });
 * const window = await source.window(now);
 */
export function awsSource(options: AwsSourceOptions): AwsSource {
  const wire = wireOf(options);
  let memory: SourceMemory | null = null;
  let isRemembered = options.memory === undefined;
  let identity: Promise<Identity> | null = null;

  async function identify(): Promise<Identity> {
    identity ??= readIdentity(wire);
    return identity.catch((error) => {
      identity = null;
      throw error;
    });
  }

  async function remember(): Promise<void> {
    if (!isRemembered) memory = (await options.memory?.()) ?? null;
    isRemembered = true;
  }

  const planAt =
    (now: EpochMs) =>
    (inventory: Inventory, known: SourceMemory): ReadingPlan => {
      const full = readingPlan(inventory, known, { now, thrift: 0 });
      const thrift = options.thrift?.(full.watched, now) ?? 0;
      return thrift === 0 ? full : readingPlan(inventory, known, { now, thrift });
    };

  return {
    async window(now, incidents = [], stopped = new Set(), pricing = {}, handed) {
      const who = await identify();
      await remember();
      for (const { measured } of handed?.readings ?? []) wire.meter.add(measured);
      const timely = { ...wire, signal: within(options.readingMs, options.signal) };
      const planFor = planAt(now);
      const asker = queueAsker(timely);
      const read = await readInventory(timely, who, memory, {
        now,
        limits: options.detailLimits ?? DETAILS_PER_TICK,
        dueQueues: (inventory, known) =>
          dueQueues(inventory, known, {
            ...{ now, turnAt: handed?.turnAt, incidents, stopped },
            paces: planFor(inventory, known).paces,
          }),
        ask: handed?.ask(asker) ?? asker,
      });
      const { inventory } = read;
      const known = { ...read.memory, depths: withDepths(read.memory.depths, now, read.depths) };
      const plan = planFor(inventory, known);
      const span = windowSpan(now);
      const attention = attentionAt({ now, incidents, stopped }, { inventory, known, plan });
      const reader = metricReader(timely, span);
      const [series, tasks] = await Promise.all([
        readSeries(handed?.read(reader) ?? reader, {
          ...{ ...plan, inventory, memory: known, now, attention, span },
        }),
        readMoveTasks(timely, known, now),
      ]);
      const { functions, queues } = series;
      const seen = { functions, queues, inventory, minutes: span.points };
      const usdPerHour = lastBurns(seen, series.memory.reading.usdPerHour, pricing);
      const reading = { ...series.memory.reading, usdPerHour };
      memory = { ...series.memory, moveTasks: tasks.moveTasks, reading };
      return {
        ...seen,
        startAt: span.startAt,
        unread: new Map([...usdPerHour].filter(([name]) => !functions.has(name))),
        depths: read.depths,
        moveTasks: tasks.moveTasks.items,
        gaps: summariseGaps([...read.gaps, ...series.gaps, ...tasks.gaps]),
      };
    },
    order(now, incidents, stopped) {
      if (memory === null) return { queues: [], metrics: [] };
      const known = memory;
      const inventory = toInventory(known);
      const plan = planAt(now)(inventory, known);
      const due = dueQueues(inventory, known, { now, incidents, stopped, paces: plan.paces });
      const attention = attentionAt({ now, incidents, stopped }, { inventory, known, plan });
      const { requests } = planSeries({ inventory, memory: known, now, attention });
      return {
        queues: [...known.queues.values()]
          .filter(({ name }) => due(name) > 0)
          .map(({ name, url }) => ({ name, url })),
        metrics: requests.flatMap(({ namespace, name, metric }) =>
          name === null ? [] : [{ namespace, name, metric }],
        ),
      };
    },
    cost() {
      const cost = readingCost(wire.meter.measured());
      wire.meter.age();
      return cost;
    },
    async baselines(now, incidents, spending) {
      const who = await identify();
      await remember();
      return readBaselines(wire, { identity: who, memory, now, incidents, spending });
    },
    memory: () => memory,
    reads: () => wire.reads.total(),
  };
}

function attentionAt(
  at: {
    readonly now: EpochMs;
    readonly incidents: readonly Incident[];
    readonly stopped: ReadonlySet<string>;
  },
  {
    inventory,
    known,
    plan,
  }: { readonly inventory: Inventory; readonly known: SourceMemory; readonly plan: ReadingPlan },
): Attention {
  return attend({
    ...{ ...at, inventory, paces: plan.paces, reading: known.reading, depths: known.depths },
    isActive: activeFunctions(known, at.now),
  });
}

function within(ms: number | undefined, signal: AbortSignal | undefined): AbortSignal | undefined {
  if (ms === undefined) return signal;
  const timeout = AbortSignal.timeout(ms);
  return signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
}

/** Dollars an hour of every function that still exists, as of its last reading. */
function lastBurns(
  window: Parameters<typeof burnNow>[0],
  before: ReadonlyMap<string, number>,
  pricing: PricingOptions,
): ReadonlyMap<string, number> {
  return new Map(
    window.inventory.functions.flatMap((fn): [string, number][] => {
      const usdPerHour = burnNow(window, fn, pricing)?.usdPerHour ?? before.get(fn.name);
      return usdPerHour === undefined || usdPerHour === 0 ? [] : [[fn.name, usdPerHour]];
    }),
  );
}

import pLimit from 'p-limit';
import * as z from 'zod';
import type { EpochMs } from '../../model/time.ts';
import { mapSchema } from './depth-history.ts';
import type { Measured } from './meter.ts';
import { readMetricData } from './metric-data.ts';
import { type MetricRequest, type MetricValues, requestsFor } from './metric-request.ts';
import { pack, unpack } from './packed.ts';
import { askAttributes, QUEUES_AT_ONCE, type QueueReply } from './queues.ts';
import type { ReadingOrder } from './shard-plan.ts';
import { windowSpan } from './window-span.ts';
import type { Wire } from './wire.ts';

const gapSchema = z.object({ resource: z.string(), operation: z.string(), reason: z.string() });
const replySchema = z.union([
  z.object({ url: z.string(), attributes: z.unknown().optional() }),
  z.object({ gap: gapSchema, isGone: z.boolean() }),
]);
const series = z.array(z.number().nullable()).transform((values): Float64Array => {
  return Float64Array.from(values, (value) => value ?? Number.NaN);
});
const takenSchema = z.object({ count: z.number().nonnegative(), ms: z.number().nonnegative() });
const namespaceSchema = z.enum(['AWS/Lambda', 'AWS/SQS']);

const readingSchema = z.object({
  /** Instant that the reading is of. */
  at: z.number(),
  queues: mapSchema(replySchema),
  metrics: z.array(
    z.object({
      namespace: namespaceSchema,
      name: z.string(),
      metric: z.string(),
      values: z.partialRecord(z.enum(['Sum', 'Average', 'Maximum']), series),
    }),
  ),
  gaps: z.array(gapSchema),
  measured: z.object({ depths: takenSchema, metrics: takenSchema }),
  /** What reading it took, as the monitor's own bill. */
  usd: z.number().nonnegative(),
});
/** What one shard has read, in the words of AWS. */
export type ShardReading = Readonly<z.infer<typeof readingSchema>>;

/** Reads a part of an order. What cannot be read is a gap. */
export async function readShard(
  wire: Wire,
  part: ReadingOrder,
  at: EpochMs,
): Promise<Omit<ShardReading, 'usd'>> {
  const limit = pLimit(QUEUES_AT_ONCE);
  const requests = part.metrics.flatMap(({ namespace, name, metric }) =>
    requestsFor(namespace, name, [metric]),
  );
  const [queues, { values, gaps }] = await Promise.all([
    limit.map(part.queues, async ({ name, url }): Promise<[string, QueueReply]> => {
      return [name, await askAttributes(wire, name, url)];
    }),
    readMetricData(wire, requests, windowSpan(at)),
  ]);
  const measured: Measured = wire.meter.measured();
  return { at, queues: new Map(queues), metrics: [...values].map(readMetric), gaps: [...gaps], measured };
}

function readMetric([{ namespace, name, metric }, values]: [MetricRequest, MetricValues]) {
  return { namespace, name: name ?? '', metric, values };
}

/** As a text for a store. */
export function packReading({ metrics, ...reading }: ShardReading): string {
  return pack({
    ...reading,
    metrics: metrics.map((one) => ({
      ...one,
      values: Object.fromEntries(
        Object.entries(one.values).map(([statistic, values]) => [statistic, [...(values ?? [])]]),
      ),
    })),
  });
}

/** `null`: damaged, or of another version. */
export function unpackReading(text: string): ShardReading | null {
  return unpack(text, readingSchema);
}

const addressSchema = z.object({ name: z.string().min(1), url: z.string().min(1) });
const orderSchema = z.object({
  queues: z.array(addressSchema),
  metrics: z.array(z.object({ namespace: namespaceSchema, name: z.string().min(1), metric: z.string() })),
});
const planSchema = z.object({
  /** Instant of the tick for which it was made. */
  at: z.number(),
  parts: z.array(orderSchema),
});
/** What each shard is to read. */
export type ShardPlan = Readonly<z.infer<typeof planSchema>>;

export function packPlan(plan: { readonly at: EpochMs; readonly parts: readonly ReadingOrder[] }): string {
  return pack(plan);
}

/** `null`: damaged, or of another version. */
export function unpackPlan(text: string): ShardPlan | null {
  return unpack(text, planSchema);
}

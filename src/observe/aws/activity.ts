import { ListMetricsCommand, type Metric } from '@aws-sdk/client-cloudwatch';
import { type EpochMs, MINUTE_MS } from '../../model/time.ts';
import type { ReadGap } from '../../model/window.ts';
import { gapOf } from './failure.ts';
import type { Activity } from './memory.ts';
import type { MetricNamespace } from './metric-request.ts';
import { type Listing, listAll, type Wire } from './wire.ts';

/**
 * A listing this old is fresh enough: CloudWatch itself needs up to 15 minutes to list a metric that is new
 * (ListMetrics API reference, 2026-08). What wakes up sooner shows in the region's totals.
 */
const ACTIVITY_TTL_MS = 10 * MINUTE_MS;

/** A function that publishes one of these has run, or was kept from running. */
const ACTIVE_METRICS = ['Invocations', 'Throttles'];
const ASYNC_METRICS = ['AsyncEventsReceived'];
/** Published only when it happens, which for most functions is never: read where it is listed. */
export const RARE_METRICS = [
  'AsyncEventsDropped',
  'DeadLetterErrors',
  'RecursiveInvocationsDropped',
] as const;

/**
 * Which functions published metrics within the last three hours, from ListMetrics: free up to a million CloudWatch
 * requests a month, where reading the series of every silent function would be $0.43 per metric and month.
 * `null`: it could not be read, and was not known before.
 */
export async function refreshActivity(
  wire: Wire,
  before: Activity | null,
  now: EpochMs,
): Promise<{ readonly activity: Activity | null; readonly gaps: readonly ReadGap[] }> {
  if (before !== null && now >= before.readAt && now - before.readAt < ACTIVITY_TTL_MS) {
    return { activity: before, gaps: [] };
  }
  const gaps: ReadGap[] = [];
  const names = new Map<string, readonly string[]>();
  for (const metric of [...ACTIVE_METRICS, ...ASYNC_METRICS, ...RARE_METRICS]) {
    try {
      const listing = await listNames(wire, { namespace: 'AWS/Lambda', metric, recent: true });
      if (listing.cutBy !== null) throw listing.cutBy;
      names.set(metric, listing.items);
    } catch (error) {
      gaps.push(gapOf(error, 'ListMetrics', metric));
      return { activity: before, gaps };
    }
  }
  const union = (metrics: readonly string[]) => [
    ...new Set(metrics.flatMap((metric) => names.get(metric) ?? [])),
  ];
  const activity: Activity = {
    readAt: now,
    active: union(ACTIVE_METRICS),
    async: union(ASYNC_METRICS),
    rare: new Map(RARE_METRICS.map((metric) => [metric, [...(names.get(metric) ?? [])]])),
  };
  return { activity, gaps };
}

/** Functions or queues that have this metric: within the last three hours (`recent`), or two weeks. */
export async function listNames(
  wire: Wire,
  wanted: { readonly namespace: MetricNamespace; readonly metric: string; readonly recent: boolean },
): Promise<Listing<string>> {
  const dimension = wanted.namespace === 'AWS/Lambda' ? 'FunctionName' : 'QueueName';
  const listing = await listAll(wire, 'ListMetrics', async (NextToken, options) => {
    const command = new ListMetricsCommand({
      Namespace: wanted.namespace,
      MetricName: wanted.metric,
      Dimensions: [{ Name: dimension }],
      NextToken,
      ...(wanted.recent ? { RecentlyActive: 'PT3H' } : {}),
    });
    const output = await wire.clients.cloudWatch.send(command, options);
    return { $metadata: output.$metadata, items: output.Metrics ?? [], next: output.NextToken };
  });
  const items = listing.items.flatMap((metric) => soleDimension(metric, dimension));
  return { ...listing, items: [...new Set(items)] };
}

/** Metrics per version or alias carry a second dimension: adding them would count twice. */
function soleDimension(metric: Metric | undefined, dimension: string): string[] {
  const dimensions = metric?.Dimensions;
  if (!Array.isArray(dimensions) || dimensions.length !== 1) return [];
  const [{ Name, Value } = {}] = dimensions as readonly { Name?: unknown; Value?: unknown }[];
  return Name === dimension && typeof Value === 'string' && Value !== '' ? [Value] : [];
}

import {
  CostExplorerClient,
  type Expression,
  GetCostAndUsageCommand,
  type GetCostAndUsageCommandOutput,
  type Group,
  type MetricValue,
  type ResultByTime,
} from '@aws-sdk/client-cost-explorer';
import { UnavailableError } from '../../model/errors.ts';
import { DAY_MS, type EpochMs } from '../../model/time.ts';
import { type AwsOptions, awsClientConfig } from './clients.ts';

/** What one usage type of one service cost on one day. */
interface BilledLine {
  readonly service: string;
  /** As on the bill, with the region's prefix, e.g. `EU-Lambda-GB-Second-ARM`; empty: the service as a whole. */
  readonly usageType: string;
  /** Unblended: what the line costs, discounts of agreements included. */
  readonly usd: number;
  /** In the usage type's own unit: GB-seconds, requests. */
  readonly quantity: number;
}

/** One day (UTC) of the bill. */
interface BilledDay {
  readonly startAt: EpochMs;
  /** AWS may still change it. Days of the running month stay so until the invoice. */
  readonly isEstimated: boolean;
  readonly lines: readonly BilledLine[];
}

export interface Bill {
  /** Oldest first. */
  readonly days: readonly BilledDay[];
  /** Paginated requests that were sent; each costs $0.01 (Cost Explorer pricing, 2026). */
  readonly requests: number;
}

/** SERVICE values of what firebreak prices (Cost Explorer, as on bills of 2026; the SQS one is an assumption). */
export const BILLED_SERVICES = { lambda: 'AWS Lambda', sqs: 'Amazon Simple Queue Service' } as const;

/** Lines that are no use of anything: they come and go by agreement, and would look like falls and rises. */
const NOT_USE = ['Credit', 'Refund', 'Tax'];

/** Some hundred usage types fit a page; more pages than this are not worth their price. */
const PAGES_MAX = 10;
const TIMEOUT_MS = 30_000;

export function costExplorerClient(options: AwsOptions): CostExplorerClient {
  return new CostExplorerClient(awsClientConfig(options));
}

/**
 * What a region cost by day, credits, refunds and taxes left out: Lambda and SQS by usage type, or every service as a whole.
 * Grouped so, half a year of a large account is a page or two.
 * @throws {UnavailableError} when a page cannot be read: part of a bill is worse than none.
 */
export async function readBill(input: {
  readonly client: CostExplorerClient;
  readonly region: string;
  /** Start of the first day, UTC. */
  readonly fromAt: EpochMs;
  /** End of the last day, UTC. */
  readonly toAt: EpochMs;
  /** Default: `usage-type`. */
  readonly by?: 'usage-type' | 'service';
}): Promise<Bill> {
  const days = new Map<EpochMs, BilledDay>();
  let token: string | undefined;
  let requests = 0;
  do {
    if (requests === PAGES_MAX) throw unreadable(`more than ${PAGES_MAX} pages`);
    const answer = await page(input, token);
    requests += answer.$metadata?.attempts ?? 1;
    for (const day of daysOf(answer)) merge(days, day);
    if (answer.NextPageToken !== undefined && answer.NextPageToken === token) {
      throw unreadable('AWS repeats the same page');
    }
    token = answer.NextPageToken;
  } while (token !== undefined && token !== '');
  return { days: [...days.values()].sort((a, b) => a.startAt - b.startAt), requests };
}

async function page(input: Parameters<typeof readBill>[0], token: string | undefined) {
  const { client, region, fromAt, toAt, by = 'usage-type' } = input;
  const command = new GetCostAndUsageCommand({
    TimePeriod: { Start: dateOf(fromAt), End: dateOf(toAt) },
    Granularity: 'DAILY',
    Metrics: ['UnblendedCost', 'UsageQuantity'],
    GroupBy: [
      { Type: 'DIMENSION', Key: 'SERVICE' },
      ...(by === 'usage-type' ? [{ Type: 'DIMENSION', Key: 'USAGE_TYPE' } as const] : []),
    ],
    Filter: filterOf(region, by),
    NextPageToken: token,
  });
  try {
    return await client.send(command, { abortSignal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    throw unreadable(reasonOf(error), error);
  }
}

function filterOf(region: string, by: 'usage-type' | 'service'): Expression {
  return {
    And: [
      ...(by === 'usage-type'
        ? [{ Dimensions: { Key: 'SERVICE', Values: Object.values(BILLED_SERVICES) } } as const]
        : []),
      { Dimensions: { Key: 'REGION', Values: [region] } },
      { Not: { Dimensions: { Key: 'RECORD_TYPE', Values: NOT_USE } } },
    ],
  };
}

/** A day's groups can be spread over pages. */
function merge(days: Map<EpochMs, BilledDay>, day: BilledDay): void {
  const known = days.get(day.startAt);
  days.set(
    day.startAt,
    known === undefined
      ? day
      : {
          startAt: day.startAt,
          isEstimated: known.isEstimated || day.isEstimated,
          lines: [...known.lines, ...day.lines],
        },
  );
}

/** What it cannot make sense of is no bill: half of one is worse than none. */
function daysOf({ ResultsByTime }: GetCostAndUsageCommandOutput): readonly BilledDay[] {
  try {
    return (ResultsByTime ?? []).map(dayOf);
  } catch (error) {
    throw error instanceof UnavailableError ? error : unreadable('malformed answer', error);
  }
}

function dayOf(result: ResultByTime): BilledDay {
  const startAt = Date.parse(`${result.TimePeriod?.Start ?? ''}T00:00:00Z`);
  if (Number.isNaN(startAt)) throw unreadable('a result without its day');
  return {
    startAt,
    // Absent would be new to us: taken for what may still change.
    isEstimated: result.Estimated !== false,
    lines: (result.Groups ?? []).map(lineOf),
  };
}

function lineOf(group: Group): BilledLine {
  const [service, usageType = ''] = group.Keys ?? [];
  const cost = group.Metrics?.['UnblendedCost'];
  const usd = amountOf(cost);
  const quantity = amountOf(group.Metrics?.['UsageQuantity']);
  if (typeof service !== 'string' || typeof usageType !== 'string' || usd === null || quantity === null) {
    const keys = JSON.stringify(group.Keys ?? null).slice(0, 100);
    throw unreadable(`a group that cannot be understood: ${keys}`);
  }
  if (cost?.Unit !== 'USD') {
    const unit = typeof cost?.Unit === 'string' ? cost.Unit.slice(0, 20) : 'no currency';
    throw unreadable(`the bill is in ${unit}, not in USD`);
  }
  return { service, usageType, usd, quantity };
}

/** `null`: it is no number. */
function amountOf(metric: MetricValue | undefined): number | null {
  const text = metric?.Amount;
  if (typeof text !== 'string' || text.trim() === '') return null;
  const amount = Number(text);
  return Number.isFinite(amount) ? amount : null;
}

function dateOf(at: EpochMs): string {
  if (at % DAY_MS !== 0) throw new RangeError(`${at} is not the start of a day`);
  return new Date(at).toISOString().slice(0, 10);
}

function reasonOf(error: unknown): string {
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  if (/AccessDenied|NotAuthorized/.test(name)) return 'access denied: needs ce:GetCostAndUsage';
  if (name === 'DataUnavailableException') {
    return 'no data: Cost Explorer was never opened in this account, or less than a day ago';
  }
  return `${name}: ${message.replace(/\s+/g, ' ').slice(0, 160)}`;
}

function unreadable(reason: string, cause?: unknown): UnavailableError {
  return new UnavailableError(`AWS GetCostAndUsage: ${reason}`, cause === undefined ? undefined : { cause });
}

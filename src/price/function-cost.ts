import type { BillingModel, LambdaFunction } from '../model/inventory.ts';
import { initUsd, type MeasuredInit } from './init-estimate.ts';
import {
  billedStorageGbSeconds,
  durationUsd,
  gbSeconds,
  type PricingOptions,
  provisionedConfiguredUsd,
  provisionedInvocationsUsd,
  type RegionPrices,
  sqsRequestUsd,
} from './lambda-price.ts';
import { FLAT_PRICES, LAMBDA_FREE_TIER } from './price-list.ts';

/** What one function did in some time: the quantities AWS bills. */
export interface FunctionUse {
  readonly fn: Pick<LambdaFunction, 'memoryMB' | 'architecture' | 'ephemeralStorageMB' | 'billing'>;
  /** On-demand invocations: the Sum of Invocations less those on provisioned concurrency. */
  readonly invocations: number;
  /** Sum of Duration of those, ms. */
  readonly durationMs: number;
  /** INIT: `estimate` from assumed cold starts, measured, or left out where absent. */
  readonly init?: 'estimate' | MeasuredInit | undefined;
  readonly provisioned?:
    | {
        readonly executions: number;
        readonly seconds: number;
        readonly invocations: number;
        readonly durationMs: number;
      }
    | undefined;
  /** SQS requests of its event sources, receives without messages too; left out where absent. */
  readonly sqsRequests?: number | undefined;
  /** Hours of provisioned event pollers, all of them together; left out where absent. */
  readonly pollerHours?: number | undefined;
  /** Bytes written to CloudWatch Logs; left out where absent. */
  readonly logBytes?: number | undefined;
  /** Durable operations, where known. */
  readonly durableOperations?: number | undefined;
}

type CostItemId =
  | 'duration'
  | 'requests'
  | 'ephemeral-storage'
  | 'init'
  | 'provisioned-configured'
  | 'provisioned-invocations'
  | 'durable-operations'
  | 'sqs-requests'
  | 'provisioned-pollers'
  | 'logs-ingestion';

interface CostItem {
  readonly id: CostItemId;
  readonly usd: number;
}

export interface FunctionCost {
  /** Sum of the items. */
  readonly usd: number;
  readonly items: readonly CostItem[];
  readonly billing: BillingModel;
  /** False where AWS bills something that is not in `items`; `notes` says what. */
  readonly complete: boolean;
  readonly notes: readonly string[];
}

const BYTES_PER_GB = 1024 ** 3;

/** What AWS charges for the use of one function, itemised, with what is left out said in `notes`. */
export function functionCost(input: {
  readonly use: FunctionUse;
  readonly prices: RegionPrices;
  readonly options?: PricingOptions | undefined;
}): FunctionCost {
  const { use, prices } = input;
  const options = input.options ?? {};
  const billing = use.fn.billing ?? 'on-demand';
  const notes: string[] = [];
  if (prices.estimatedReason !== null) notes.push(prices.estimatedReason);
  const items =
    billing === 'managed-instances'
      ? managedItems(use)
      : [...onDemandItems({ use, prices, options, notes }), ...provisionedItems({ use, prices, options })];
  if (billing === 'durable') items.push(...durableItems(use));
  items.push(...sourceItems(use, prices));
  if (use.logBytes !== undefined) {
    items.push({ id: 'logs-ingestion', usd: (use.logBytes / BYTES_PER_GB) * prices.logsIngestionUsdPerGb });
  }
  notes.push(...billingNotes(use, billing));
  return {
    usd: items.reduce((sum, { usd }) => sum + usd, 0),
    items,
    billing,
    complete: billing === 'on-demand',
    notes,
  };
}

interface Priced {
  readonly use: FunctionUse;
  readonly prices: RegionPrices;
  readonly options: PricingOptions;
}

function onDemandItems({ use, prices, options, notes }: Priced & { notes: string[] }): CostItem[] {
  const { architecture, memoryMB, ephemeralStorageMB } = use.fn;
  const { durationMs, invocations } = use;
  const rate = { prices, architecture, ...options };
  const freeRequests = options.freeTier === true ? LAMBDA_FREE_TIER.requests : 0;
  const items: CostItem[] = [
    { id: 'duration', usd: durationUsd({ ...rate, gbSeconds: gbSeconds({ memoryMB, durationMs }) }) },
    { id: 'requests', usd: Math.max(0, invocations - freeRequests) * prices.usdPerRequest },
    {
      id: 'ephemeral-storage',
      usd: billedStorageGbSeconds({ ephemeralStorageMB, durationMs }) * prices.ephemeralStorageUsdPerGbSecond,
    },
  ];
  if (use.init !== undefined) {
    const measured = use.init === 'estimate' ? undefined : use.init;
    const estimate = initUsd({ ...rate, memoryMB, invocations, measured });
    items.push({ id: 'init', usd: estimate.usd });
    notes.push(estimate.basis);
  }
  return items;
}

function provisionedItems({ use, prices, options }: Priced): CostItem[] {
  const { provisioned } = use;
  if (provisioned === undefined) return [];
  const { architecture, memoryMB, ephemeralStorageMB } = use.fn;
  const rate = { prices, architecture, memoryMB, ...options };
  return [
    { id: 'provisioned-configured', usd: provisionedConfiguredUsd({ ...rate, ...provisioned }) },
    {
      id: 'provisioned-invocations',
      usd: provisionedInvocationsUsd({ ...rate, ...provisioned, ephemeralStorageMB }),
    },
  ];
}

function sourceItems({ sqsRequests, pollerHours }: FunctionUse, prices: RegionPrices): CostItem[] {
  return [
    ...(sqsRequests === undefined
      ? []
      : [
          {
            id: 'sqs-requests',
            usd: sqsRequestUsd({ prices, fifo: false, requests: sqsRequests }),
          } as const,
        ]),
    ...(pollerHours === undefined
      ? []
      : [{ id: 'provisioned-pollers', usd: pollerHours * prices.provisionedPollerUsdPerHour } as const]),
  ];
}

/** Managed instances pay for EC2 hours, not for GB-seconds: only the requests can be told from metrics. */
function managedItems(use: FunctionUse): CostItem[] {
  return [{ id: 'requests', usd: (use.invocations / 1e6) * FLAT_PRICES.managedInstanceRequest.usd }];
}

function durableItems(use: FunctionUse): CostItem[] {
  if (use.durableOperations === undefined) return [];
  return [{ id: 'durable-operations', usd: use.durableOperations * FLAT_PRICES.durableOperation.usd }];
}

/** What AWS bills beyond the items, by billing model (AWS Lambda pricing, 2026). */
export function billingNotes(
  use: Pick<FunctionUse, 'durableOperations'>,
  billing: BillingModel,
): readonly string[] {
  switch (billing) {
    case 'on-demand':
      return [];
    case 'managed-instances':
      return ['Lambda Managed Instances: EC2 instance hours and the 15 % management fee are not included'];
    case 'durable':
      return [
        use.durableOperations === undefined
          ? 'durable function: operations ($0.000008 each) and stored data are not included'
          : 'durable function: stored data ($0.25/GB written, $0.15/GB-month) is not included',
      ];
  }
}

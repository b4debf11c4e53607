import type { PriceSourceKey } from './price-source.ts';

/**
 * Lambda prices of one region. Every figure is US dollars per million: GB-seconds (1 GB = 1,024 MB) or requests.
 * `null`: no source was found, and the us-east-1 rate stands in, labelled.
 */
export type LambdaRow = readonly [
  region: string,
  x86: number,
  arm: number,
  request: number,
  ephemeralStorage: number | null,
  provisionedConfigured: number | null,
  provisionedDuration: number | null,
  source: PriceSourceKey,
];

/** On-demand x86_64 and arm64 duration (first tier), requests, storage above 512 MB, provisioned concurrency (x86_64). */
export const LAMBDA_ROWS: readonly LambdaRow[] = [
  ['us-east-1', 16.6667, 13.3334, 0.2, 0.0309, 4.1667, 9.7222, 'lambdaOffer'],
  ['us-east-2', 16.6667, 13.3334, 0.2, 0.0309, 4.1667, 9.7222, 'calculator'],
  ['us-west-2', 16.6667, 13.3334, 0.2, 0.0309, 4.1667, 9.7222, 'calculator'],
  ['us-west-1', 16.6667, 13.3334, 0.2, 0.037, 4.9041, 11.443, 'calculator'],
  ['ca-central-1', 16.6667, 13.3334, 0.2, 0.034, 4.646, 10.8407, 'calculator'],
  ['sa-east-1', 16.6667, 13.3334, 0.2, 0.0586, 6.6372, 15.4867, 'calculator'],
  ['eu-west-1', 16.6667, 13.3334, 0.2, 0.034, 4.646, 10.8407, 'calculator'],
  ['eu-west-2', 16.6667, 13.3334, 0.2, 0.0358, 4.8304, 11.2709, 'calculator'],
  ['eu-west-3', 16.6667, 13.3334, 0.2, 0.0358, 4.8673, 11.3569, 'calculator'],
  ['eu-central-1', 16.6667, 13.3334, 0.2, 0.0367, 5.0147, 11.7011, 'calculator'],
  ['eu-central-2', 18.3334, 14.6667, 0.22, 0.0441, 5.5162, 12.8712, 'calculator'],
  ['eu-north-1', 16.6667, 13.3334, 0.2, 0.0323, 4.4248, 10.3245, 'calculator'],
  ['eu-south-1', 19.5172, 15.6138, 0.23, 0.0357, 4.8783, 11.3827, 'calculator'],
  ['me-south-1', 20.6667, 16.5334, 0.25, 0.0374, 5.1108, 11.9251, 'calculator'],
  ['af-south-1', 22.1, 17.68, 0.27, 0.0404, 5.53, 12.9, 'calculator'],
  ['ap-east-1', 22.92, 18.3, 0.28, 0.0407, 5.7153, 13.3358, 'calculator'],
  ['ap-south-1', 16.6667, 13.3334, 0.2, 0.0352, 4.4985, 10.4966, 'calculator'],
  ['ap-northeast-1', 16.6667, 13.3334, 0.2, 0.037, 5.3835, 12.5615, 'calculator'],
  ['ap-northeast-3', 16.6667, 13.3334, 0.2, 0.037, 5.3835, 12.5615, 'calculator'],
  ['ap-northeast-2', 16.6667, 13.3334, 0.2, 0.0352, 5.1254, 11.9592, 'calculator'],
  ['ap-southeast-1', 16.6667, 13.3334, 0.2, 0.037, 5.1991, 12.1313, 'calculator'],
  ['ap-southeast-2', 16.6667, 13.3334, 0.2, 0.037, 5.236, 12.2173, 'calculator'],
  ['ap-southeast-4', 16.6667, 13.3334, 0.2, 0.037, 5.236, 12.2173, 'calculator'],
  ['ap-southeast-5', 15, 12, 0.18, 0.0333, 4.6791, 10.9181, 'calculator'],
  ['me-central-1', 20.6667, 16.5334, 0.25, null, null, null, 'codeConstants'],
  // arm64 of the last three is 80 % of x86_64, as everywhere else: inferred.
  ['il-central-1', 17.5, 14, 0.21, null, null, null, 'codeConstants'],
  ['eu-south-2', 16.6667, 13.3334, 0.2, null, null, null, 'codeConstants'],
  ['us-gov-east-1', 16.6667, 13.3334, 0.2, null, null, null, 'codeConstants'],
];

/** Regions for which no price was found at all; they take us-east-1 rates, as does any region not listed here. */
export const REGIONS_WITHOUT_PRICE = [
  'ap-south-2',
  'ap-southeast-3',
  'ap-southeast-6',
  'ap-southeast-7',
  'ap-east-2',
  'mx-central-1',
  'ca-west-1',
  'us-gov-west-1',
] as const;

/** A step of a tiered price: it holds for monthly use below `upTo` (`Infinity`: the rest). */
export interface TierRow {
  readonly upTo: number;
  /** Dollars per million units. */
  readonly usdPerMillion: number;
}

/** Duration tiers of us-east-1, by the GB-seconds used in the month, per architecture (AWS Lambda pricing, 2026). */
export const DURATION_TIERS: Readonly<Record<'x86_64' | 'arm64', readonly TierRow[]>> = {
  x86_64: [
    { upTo: 6e9, usdPerMillion: 16.6667 },
    { upTo: 15e9, usdPerMillion: 15 },
    { upTo: Number.POSITIVE_INFINITY, usdPerMillion: 13.3334 },
  ],
  arm64: [
    { upTo: 7.5e9, usdPerMillion: 13.3334 },
    { upTo: 18.75e9, usdPerMillion: 12.0001 },
    { upTo: Number.POSITIVE_INFINITY, usdPerMillion: 10.6667 },
  ],
};

/** Tiers 2 and 3 against tier 1 in us-east-1; assumed to hold in every region. */
export const DURATION_TIER_SHARES = [1, 0.9, 0.8] as const;

/** arm64 against x86_64 for provisioned concurrency in us-east-1 (3.3334 / 4.1667, 7.7778 / 9.7222). */
export const ARM_PROVISIONED_SHARE = 0.8;

/** SQS requests of us-east-1 by monthly use (cloudburn.io 2026-03-14). FIFO beyond 100 B is from memory. */
export const SQS_TIERS: Readonly<Record<'standard' | 'fifo', readonly TierRow[]>> = {
  standard: [
    { upTo: 100e9, usdPerMillion: 0.4 },
    { upTo: 200e9, usdPerMillion: 0.3 },
    { upTo: Number.POSITIVE_INFINITY, usdPerMillion: 0.24 },
  ],
  fifo: [
    { upTo: 100e9, usdPerMillion: 0.5 },
    { upTo: 200e9, usdPerMillion: 0.4 },
    { upTo: Number.POSITIVE_INFINITY, usdPerMillion: 0.35 },
  ],
};

/** Regions whose SQS prices a source gives; all others are assumed to be the same. */
export const SQS_SOURCED_REGIONS: readonly string[] = ['us-east-1', 'eu-west-1'];

/** CloudWatch Logs ingestion, standard class, dollars per GB. Elsewhere the us-east-1 rate is assumed. */
export const LOGS_INGESTION_USD_PER_GB: ReadonlyMap<string, number> = new Map([
  ['us-east-1', 0.5],
  ['eu-west-1', 0.57],
  ['eu-central-1', 0.63],
]);

/** A price that is the same in every region we know of, or known for us-east-1 only. */
export interface FlatPrice {
  readonly id: string;
  readonly item: string;
  readonly usd: number;
  readonly per: string;
  readonly source: PriceSourceKey;
}

export const FLAT_PRICES = {
  provisionedPoller: {
    id: 'lambda-sqs-provisioned-poller',
    item: 'Provisioned event poller of an SQS event source mapping',
    usd: 0.00925,
    per: 'poller-hour',
    source: 'lambdaOffer',
  },
  managedInstanceRequest: {
    id: 'lambda-managed-instances-requests',
    item: 'Requests of a function on Lambda Managed Instances (EC2 + 15 % fee come on top)',
    usd: 0.2,
    per: '1,000,000 requests',
    source: 'lambdaOffer',
  },
  durableOperation: {
    id: 'lambda-durable-operation',
    item: 'Durable function operation (data written and kept come on top)',
    usd: 0.000008,
    per: 'operation',
    source: 'lambdaOffer',
  },
  snapStartCache: {
    id: 'lambda-snapstart-cache',
    item: 'SnapStart cache (Python, .NET)',
    usd: 1.5046,
    per: '1,000,000 GB-seconds',
    source: 'lambdaOffer',
  },
  snapStartRestore: {
    id: 'lambda-snapstart-restore',
    item: 'SnapStart restore (Python, .NET)',
    usd: 0.0001397998,
    per: 'GB restored',
    source: 'lambdaOffer',
  },
  getMetricData: {
    id: 'cloudwatch-get-metric-data',
    item: 'CloudWatch GetMetricData (never free; five statistics of one metric count once)',
    usd: 0.01,
    per: '1,000 metrics requested',
    source: 'cloudWatchOffer',
  },
  cloudWatchRequest: {
    id: 'cloudwatch-api-request',
    item: 'CloudWatch GetMetricStatistics, ListMetrics, PutMetricData (first 1,000,000 a month free)',
    usd: 0.01,
    per: '1,000 requests',
    source: 'cloudWatchOffer',
  },
  alarm: {
    id: 'cloudwatch-alarm',
    item: 'CloudWatch standard alarm (10 free)',
    usd: 0.1,
    per: 'alarm metric-month',
    source: 'cloudWatchOffer',
  },
  customMetric: {
    id: 'cloudwatch-custom-metric',
    item: 'CloudWatch custom metric (first 10,000; 10 free)',
    usd: 0.3,
    per: 'metric-month',
    source: 'cloudWatchOffer',
  },
  logsStorage: {
    id: 'logs-storage',
    item: 'CloudWatch Logs storage',
    usd: 0.03,
    per: 'GB-month',
    source: 'cloudWatchOffer',
  },
  logsInsights: {
    id: 'logs-insights',
    item: 'CloudWatch Logs Insights scan',
    usd: 0.005,
    per: 'GB scanned',
    source: 'cloudWatchOffer',
  },
  schedulerInvocation: {
    id: 'eventbridge-scheduler',
    item: 'EventBridge Scheduler invocation (first 14,000,000 a month free)',
    usd: 1,
    per: '1,000,000 invocations',
    source: 'costMemo',
  },
  stateTransition: {
    id: 'step-functions-transition',
    item: 'Step Functions standard workflow, state transition (first 4,000 a month free)',
    usd: 0.025,
    per: '1,000 transitions',
    source: 'stepFunctionsPage',
  },
  expressRequest: {
    id: 'step-functions-express-request',
    item: 'Step Functions express workflow, request',
    usd: 1,
    per: '1,000,000 requests',
    source: 'stepFunctionsPage',
  },
  expressDuration: {
    id: 'step-functions-express-duration',
    item: 'Step Functions express workflow, duration (64 MB at least)',
    usd: 0.00001667,
    per: 'GB-second',
    source: 'stepFunctionsPage',
  },
  snsPublish: {
    id: 'sns-publish',
    item: 'SNS publish (first 1,000,000 a month free)',
    usd: 0.5,
    per: '1,000,000 publishes',
    source: 'infracost',
  },
  costExplorerRequest: {
    id: 'cost-explorer-request',
    item: 'Cost Explorer API, per page of an answer',
    usd: 0.01,
    per: 'request',
    source: 'costExplorerGuide',
  },
  dynamoDbRead: {
    id: 'dynamodb-read',
    item: 'DynamoDB on-demand read request unit',
    usd: 0.125,
    per: '1,000,000 units',
    source: 'serviceOffers',
  },
  dynamoDbWrite: {
    id: 'dynamodb-write',
    item: 'DynamoDB on-demand write request unit',
    usd: 0.625,
    per: '1,000,000 units',
    source: 'serviceOffers',
  },
  kmsKey: {
    id: 'kms-key',
    item: 'KMS customer managed key',
    usd: 1,
    per: 'key-month',
    source: 'kmsNote',
  },
  secret: {
    id: 'secrets-manager-secret',
    item: 'Secrets Manager secret',
    usd: 0.4,
    per: 'secret-month',
    source: 'serviceOffers',
  },
} as const satisfies Record<string, FlatPrice>;

/** The always-free part of a month: x86_64 and arm64 together, not for provisioned concurrency (AWS Lambda pricing, 2026). */
export const LAMBDA_FREE_TIER = { gbSeconds: 400_000, requests: 1_000_000 } as const;
export const SQS_FREE_REQUESTS = 1_000_000;
/** Storage a function has without charge. */
export const FREE_EPHEMERAL_STORAGE_MB = 512;

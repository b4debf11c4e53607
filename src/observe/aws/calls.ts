import type { Quota } from './turns.ts';

/** What one API call needs, may take, and may return at most. */
export interface CallPolicy {
  readonly service: 'lambda' | 'sqs' | 'cloudwatch' | 'sts';
  /** IAM action; `null`: every principal may call it. */
  readonly permission: string | null;
  /** All attempts and their back-off together. */
  readonly timeoutMs: number;
  /** Pages followed at most; 1: the call has no pages. What is beyond is reported, never silently dropped. */
  readonly pagesMax: number;
  /** What it takes from; `null`: far below what there is. */
  readonly quota: Quota | null;
}

const USUAL_QUOTA: Readonly<Record<CallPolicy['service'], Quota | null>> = {
  lambda: 'controlPlane',
  sqs: 'sqs',
  cloudwatch: null,
  sts: null,
};

function policy(
  service: CallPolicy['service'],
  permission: string | null,
  limits: { readonly timeoutMs?: number; readonly pagesMax?: number; readonly quota?: Quota } = {},
): CallPolicy {
  const { timeoutMs = 20_000, pagesMax = 1, quota = USUAL_QUOTA[service] } = limits;
  return { service, permission, timeoutMs, pagesMax, quota };
}

/** Every call that observing makes, with its limits. `docs/permissions.md` says why each is needed and what it costs. */
export const CALLS = {
  GetCallerIdentity: policy('sts', null, { timeoutMs: 10_000 }),
  /** 50 functions a page (botocore 1.43.67): 100,000 functions. */
  ListFunctions: policy('lambda', 'lambda:ListFunctions', { timeoutMs: 30_000, pagesMax: 2_000 }),
  /** 100 mappings a page (botocore 1.43.67). */
  ListEventSourceMappings: policy('lambda', 'lambda:ListEventSourceMappings', {
    timeoutMs: 30_000,
    pagesMax: 1_000,
  }),
  GetFunction: policy('lambda', 'lambda:GetFunction', { quota: 'getFunction' }),
  GetFunctionConcurrency: policy('lambda', 'lambda:GetFunctionConcurrency'),
  ListTags: policy('lambda', 'lambda:ListTags'),
  GetFunctionEventInvokeConfig: policy('lambda', 'lambda:GetFunctionEventInvokeConfig'),
  GetAccountSettings: policy('lambda', 'lambda:GetAccountSettings'),
  GetQueueUrl: policy('sqs', 'sqs:GetQueueUrl', { timeoutMs: 10_000 }),
  GetQueueAttributes: policy('sqs', 'sqs:GetQueueAttributes', { timeoutMs: 10_000 }),
  ListMessageMoveTasks: policy('sqs', 'sqs:ListMessageMoveTasks', { timeoutMs: 10_000 }),
  /** 500 metrics a page. */
  ListMetrics: policy('cloudwatch', 'cloudwatch:ListMetrics', { timeoutMs: 30_000, pagesMax: 200 }),
  GetMetricData: policy('cloudwatch', 'cloudwatch:GetMetricData', {
    timeoutMs: 45_000,
    pagesMax: 50,
    quota: 'getMetricData',
  }),
  GetMetricStatistics: policy('cloudwatch', 'cloudwatch:GetMetricStatistics'),
} as const satisfies Record<string, CallPolicy>;

export type Operation = keyof typeof CALLS;

/** IAM actions that observing uses: all of them only read. */
export const READ_PERMISSIONS: readonly string[] = Object.values(CALLS)
  .map((call) => call.permission)
  .filter((permission) => permission !== null);

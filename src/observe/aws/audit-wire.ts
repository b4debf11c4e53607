import { AccessAnalyzerClient } from '@aws-sdk/client-accessanalyzer';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient } from '@aws-sdk/client-iam';
import type { ReadGap } from '../../model/window.ts';
import { type AwsClients, type AwsOptions, awsClientConfig, awsClients } from './clients.ts';
import { failureOf, Interrupted } from './failure.ts';

/**
 * Lambda's control plane has 15 requests a second for the whole account and region, deployments included (AWS Lambda
 * quotas, 2026); an audit takes at most a quarter of that.
 */
const CONTROL_PLANE_PAUSE_MS = 250;
/** FilterLogEvents has a small quota of its own; other calls here are few. */
const LOGS_PAUSE_MS = 250;
/** One call with all its attempts. */
const TIMEOUT_MS = 30_000;

export interface AuditClients extends AwsClients {
  readonly logs: CloudWatchLogsClient;
  readonly iam: IAMClient;
  readonly accessAnalyzer: AccessAnalyzerClient;
}

export function auditClients(options: AwsOptions): AuditClients {
  const config = awsClientConfig(options);
  return {
    ...awsClients(options),
    logs: new CloudWatchLogsClient(config),
    iam: new IAMClient(config),
    accessAnalyzer: new AccessAnalyzerClient(config),
  };
}

/** What an audit calls, and the permission each needs; all of them only read. `pauseMs`: before each attempt. */
export const AUDIT_CALLS = {
  ListFunctions: { permission: 'lambda:ListFunctions', pauseMs: CONTROL_PLANE_PAUSE_MS },
  ListEventSourceMappings: { permission: 'lambda:ListEventSourceMappings', pauseMs: CONTROL_PLANE_PAUSE_MS },
  GetAccountSettings: { permission: 'lambda:GetAccountSettings', pauseMs: CONTROL_PLANE_PAUSE_MS },
  GetFunctionConcurrency: { permission: 'lambda:GetFunctionConcurrency', pauseMs: CONTROL_PLANE_PAUSE_MS },
  GetFunctionRecursionConfig: {
    permission: 'lambda:GetFunctionRecursionConfig',
    pauseMs: CONTROL_PLANE_PAUSE_MS,
  },
  GetFunctionEventInvokeConfig: {
    permission: 'lambda:GetFunctionEventInvokeConfig',
    pauseMs: CONTROL_PLANE_PAUSE_MS,
  },
  ListProvisionedConcurrencyConfigs: {
    permission: 'lambda:ListProvisionedConcurrencyConfigs',
    pauseMs: CONTROL_PLANE_PAUSE_MS,
  },
  GetPolicy: { permission: 'lambda:GetPolicy', pauseMs: CONTROL_PLANE_PAUSE_MS },
  ListQueues: { permission: 'sqs:ListQueues', pauseMs: 0 },
  GetQueueAttributes: { permission: 'sqs:GetQueueAttributes', pauseMs: 0 },
  DescribeAlarms: { permission: 'cloudwatch:DescribeAlarms', pauseMs: CONTROL_PLANE_PAUSE_MS },
  GetMetricStatistics: { permission: 'cloudwatch:GetMetricStatistics', pauseMs: 0 },
  DescribeLogGroups: { permission: 'logs:DescribeLogGroups', pauseMs: LOGS_PAUSE_MS },
  FilterLogEvents: { permission: 'logs:FilterLogEvents', pauseMs: LOGS_PAUSE_MS },
  GetAccountAuthorizationDetails: { permission: 'iam:GetAccountAuthorizationDetails', pauseMs: 0 },
  ListAnalyzers: { permission: 'access-analyzer:ListAnalyzers', pauseMs: CONTROL_PLANE_PAUSE_MS },
  // The second versions of both calls have the actions of the first (IAM Access Analyzer API reference, 2026).
  ListFindingsV2: { permission: 'access-analyzer:ListFindings', pauseMs: CONTROL_PLANE_PAUSE_MS },
  GetFindingV2: { permission: 'access-analyzer:GetFinding', pauseMs: CONTROL_PLANE_PAUSE_MS },
} as const;
export type AuditCall = keyof typeof AUDIT_CALLS;

export interface AuditWire {
  readonly clients: AuditClients;
  /**
   * The answer to one call; `undefined`, with a gap, if it failed; `null` if what it asks for does not exist. A call
   * that was denied once is not tried again: one gap says it for all resources.
   * @throws {Interrupted} when the person interrupts.
   */
  ask<Out>(
    operation: AuditCall,
    resource: string,
    send: (options: { readonly abortSignal: AbortSignal }) => Promise<Out>,
  ): Promise<Out | undefined | null>;
  gaps(): readonly ReadGap[];
}

/** Where each attempt passes, retries included. One that another wire has put there gives way. */
const EACH_ATTEMPT = { step: 'finalizeRequest', name: 'firebreakPace', override: true } as const;

/** Pauses before every attempt of a call that has a pause: what the SDK tries again is paced too. */
function paceAttempts(
  { lambda, cloudWatch, logs, accessAnalyzer }: AuditClients,
  sleep: (ms: number) => Promise<void>,
): void {
  const paced =
    <Args, Out>(
      next: (args: Args) => Promise<Out>,
      { commandName = '' }: { readonly commandName?: string | undefined },
    ) =>
    async (args: Args): Promise<Out> => {
      const { pauseMs } = AUDIT_CALLS[commandName.replace(/Command$/, '') as AuditCall];
      if (pauseMs > 0) await sleep(pauseMs);
      return next(args);
    };
  lambda.middlewareStack.add(paced, EACH_ATTEMPT);
  cloudWatch.middlewareStack.add(paced, EACH_ATTEMPT);
  logs.middlewareStack.add(paced, EACH_ATTEMPT);
  accessAnalyzer.middlewareStack.add(paced, EACH_ATTEMPT);
}

export function auditWire(input: {
  readonly clients: AuditClients;
  readonly sleep: (ms: number) => Promise<void>;
  readonly signal?: AbortSignal | undefined;
}): AuditWire {
  const gaps: ReadGap[] = [];
  const denied = new Set<AuditCall>();
  const isAborted = () => input.signal?.aborted === true;
  paceAttempts(input.clients, input.sleep);
  return {
    clients: input.clients,
    gaps: () => gaps,
    async ask(operation, resource, send) {
      if (denied.has(operation)) return undefined;
      const { permission } = AUDIT_CALLS[operation];
      if (isAborted()) throw new Interrupted();
      const timeout = AbortSignal.timeout(TIMEOUT_MS);
      const abortSignal = input.signal === undefined ? timeout : AbortSignal.any([timeout, input.signal]);
      try {
        return await send({ abortSignal });
      } catch (error) {
        if (isAborted()) throw new Interrupted();
        // Any operation without a permission of its own will do: the text is made here.
        const failure = failureOf(error, 'GetCallerIdentity');
        if (failure.kind === 'missing') return null;
        const isDenied = failure.kind === 'denied';
        if (isDenied) denied.add(operation);
        gaps.push({
          resource: isDenied ? 'all resources' : resource,
          operation,
          reason: isDenied ? `access denied: needs ${permission}` : failure.text,
        });
        return undefined;
      }
    },
  };
}

/** Pages of one listing that are followed at most; what is beyond is a gap. */
const PAGES_MAX = 400;

/** All items of a listing; `undefined`, with a gap, if a page could not be read: half a list is no list. */
export async function listPages<Item>(
  wire: AuditWire,
  operation: AuditCall,
  page: (
    token: string | undefined,
    options: { readonly abortSignal: AbortSignal },
  ) => Promise<{ readonly items: readonly Item[]; readonly next: string | undefined }>,
  resource = 'all resources',
): Promise<readonly Item[] | undefined> {
  const items: Item[] = [];
  let token: string | undefined;
  for (let pages = 0; pages < PAGES_MAX; pages++) {
    const answer = await wire.ask(operation, resource, (options) => page(token, options));
    if (answer === undefined || answer === null) return undefined;
    items.push(...answer.items);
    if (!answer.next || answer.next === token) return items;
    token = answer.next;
  }
  return undefined;
}

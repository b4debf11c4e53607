import {
  GetFunctionConcurrencyCommand,
  GetFunctionEventInvokeConfigCommand,
  GetFunctionRecursionConfigCommand,
  GetPolicyCommand,
  ListProvisionedConcurrencyConfigsCommand,
} from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { invokerNames, invokerOf } from '../../audit/invokers.ts';
import type { EpochMs } from '../../model/time.ts';
import { readProvisionedUse } from './audit-surroundings.ts';
import type { AuditWire } from './audit-wire.ts';

/** What takes calls of its own for each function. Kept in the side file, so it holds no secrets. */
export const detailsSchema = z.object({
  reservedConcurrency: z.number().nullable().optional(),
  recursiveLoop: z.enum(['Allow', 'Terminate']).optional(),
  asyncInvoke: z
    .object({
      maximumRetryAttempts: z.number(),
      maximumEventAgeSeconds: z.number(),
      onFailure: z.string().nullable(),
    })
    .nullable()
    .optional(),
  provisionedConcurrency: z
    .array(
      z.object({
        qualifier: z.string(),
        executions: z.number(),
        utilizationMaximum: z.number().optional(),
        spilloverInvocations: z.number().optional(),
      }),
    )
    .optional(),
  asyncInvokers: z.array(z.string()).optional(),
  syncInvokers: z.array(z.string()).optional(),
  observed: z
    .object({
      invocations: z.number(),
      maxDurationMs: z.number(),
      averageBilledMs: z.number(),
      maxMemoryUsedMB: z.number(),
      coldStarts: z.number(),
      averageInitMs: z.number(),
      averageFirstRunMs: z.number(),
      medianWarmRunMs: z.number(),
      logBytesPerDay: z.number().optional(),
      hours: z.number(),
    })
    .optional(),
});
export type FunctionDetails = z.infer<typeof detailsSchema>;

/** Five calls on Lambda's control plane, one after the other, and how its provisioned concurrency was used. */
export async function readDetails(
  wire: AuditWire,
  functionName: string,
  now: EpochMs,
): Promise<FunctionDetails> {
  return {
    reservedConcurrency: await readConcurrency(wire, functionName),
    recursiveLoop: await readRecursion(wire, functionName),
    asyncInvoke: await readAsyncInvoke(wire, functionName),
    provisionedConcurrency: await readProvisioned(wire, functionName, now),
    ...(await readInvokers(wire, functionName)),
  };
}

/** No reservation is an answer without the field; 0 is 0. */
async function readConcurrency(wire: AuditWire, FunctionName: string): Promise<number | null | undefined> {
  const output = await wire.ask('GetFunctionConcurrency', FunctionName, (options) =>
    wire.clients.lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }), options),
  );
  return output == null ? undefined : (output.ReservedConcurrentExecutions ?? null);
}

async function readRecursion(
  wire: AuditWire,
  FunctionName: string,
): Promise<FunctionDetails['recursiveLoop']> {
  const output = await wire.ask('GetFunctionRecursionConfig', FunctionName, (options) =>
    wire.clients.lambda.send(new GetFunctionRecursionConfigCommand({ FunctionName }), options),
  );
  return output?.RecursiveLoop;
}

/** "Does not exist" means the defaults hold. */
async function readAsyncInvoke(
  wire: AuditWire,
  FunctionName: string,
): Promise<FunctionDetails['asyncInvoke']> {
  const output = await wire.ask('GetFunctionEventInvokeConfig', FunctionName, (options) =>
    wire.clients.lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName }), options),
  );
  if (output === null || output === undefined) return output;
  return {
    maximumRetryAttempts: output.MaximumRetryAttempts ?? 2,
    maximumEventAgeSeconds: output.MaximumEventAgeInSeconds ?? 21_600,
    onFailure: output.DestinationConfig?.OnFailure?.Destination ?? null,
  };
}

async function readProvisioned(
  wire: AuditWire,
  FunctionName: string,
  now: EpochMs,
): Promise<FunctionDetails['provisionedConcurrency']> {
  const output = await wire.ask('ListProvisionedConcurrencyConfigs', FunctionName, (options) =>
    wire.clients.lambda.send(new ListProvisionedConcurrencyConfigsCommand({ FunctionName }), options),
  );
  if (output == null) return output === null ? [] : undefined;
  const configs = [];
  for (const config of output.ProvisionedConcurrencyConfigs ?? []) {
    const kept = {
      qualifier: config.FunctionArn?.split(':').at(-1) ?? '$LATEST',
      executions: config.RequestedProvisionedConcurrentExecutions ?? 0,
    };
    configs.push(await readProvisionedUse(wire, FunctionName, kept, now));
  }
  return configs;
}

const policySchema = z.object({
  Statement: z.array(
    z.object({
      Effect: z.string(),
      Principal: z.union([z.string(), z.record(z.string(), z.union([z.string(), z.array(z.string())]))]),
    }),
  ),
});

/** Who the function's own policy lets in; without a policy nobody but roles of the account. */
async function readInvokers(
  wire: AuditWire,
  FunctionName: string,
): Promise<Pick<FunctionDetails, 'asyncInvokers' | 'syncInvokers'>> {
  const output = await wire.ask('GetPolicy', FunctionName, (options) =>
    wire.clients.lambda.send(new GetPolicyCommand({ FunctionName }), options),
  );
  if (output === undefined) return {};
  if (output === null) return { asyncInvokers: [], syncInvokers: [] };
  const policy = policySchema.safeParse(parseJson(output.Policy));
  if (!policy.success) return {};
  const invokers = policy.data.Statement.filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Principal }) =>
      typeof Principal === 'string' ? [Principal] : Object.values(Principal).flat(),
    )
    .map(invokerOf);
  return {
    asyncInvokers: [...invokerNames(invokers, true)],
    syncInvokers: [...invokerNames(invokers, false)],
  };
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

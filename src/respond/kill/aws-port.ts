import {
  DeleteFunctionConcurrencyCommand,
  GetEventSourceMappingCommand,
  GetFunctionConcurrencyCommand,
  type LambdaClient,
  PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { UnavailableError } from '../../model/errors.ts';
import { SECOND_MS } from '../../model/time.ts';
import { type EventSourceReading, type KillPort, TryAgain } from './port.ts';

/** One call, all its attempts included. */
const CALL_TIMEOUT_MS = 20 * SECOND_MS;

/**
 * AWS is changing the resource, or has too many calls at once. (API reference of UpdateEventSourceMapping and
 * PutFunctionConcurrency, 2026: ResourceInUseException while a mapping is created or updated, ResourceConflictException,
 * TooManyRequestsException, ServiceException.)
 */
const BUSY = new Set([
  'ResourceInUseException',
  'ResourceConflictException',
  'TooManyRequestsException',
  'ThrottlingException',
  'ServiceException',
  'ServiceUnavailable',
  'TimeoutError',
]);
const GONE = 'ResourceNotFoundException';

/** The only calls with which firebreak changes anything, or reads what it is about to change. */
export function awsKillPort(client: LambdaClient): KillPort {
  const within = () => ({ abortSignal: AbortSignal.timeout(CALL_TIMEOUT_MS) });
  return {
    getEventSource: (id) =>
      orGone('lambda:GetEventSourceMapping', `event source mapping ${id}`, async () => {
        const answer = await client.send(new GetEventSourceMappingCommand({ UUID: id }), within());
        return readingOf(mappingSchema.parse(answer));
      }),
    setEventSourceEnabled: (id, enabled) =>
      called('lambda:UpdateEventSourceMapping', `event source mapping ${id}`, async () => {
        await client.send(new UpdateEventSourceMappingCommand({ UUID: id, Enabled: enabled }), within());
      }),
    setMaximumConcurrency: (id, maximumConcurrency) =>
      called('lambda:UpdateEventSourceMapping', `event source mapping ${id}`, async () => {
        // An empty configuration takes the limit away (UpdateEventSourceMapping, API reference, 2026).
        const ScalingConfig = maximumConcurrency === null ? {} : { MaximumConcurrency: maximumConcurrency };
        await client.send(new UpdateEventSourceMappingCommand({ UUID: id, ScalingConfig }), within());
      }),
    getReservedConcurrency: (functionName) =>
      orGone('lambda:GetFunctionConcurrency', `reserved concurrency of ${functionName}`, async () => {
        const answer = await client.send(
          new GetFunctionConcurrencyCommand({ FunctionName: functionName }),
          within(),
        );
        // Absent is no reservation; 0 is a reservation of nothing (GetFunctionConcurrency, API reference, 2026).
        return z.number().int().nonnegative().optional().parse(answer.ReservedConcurrentExecutions) ?? null;
      }),
    putReservedConcurrency: (functionName, reservedConcurrency) =>
      called('lambda:PutFunctionConcurrency', `reserved concurrency of ${functionName}`, async () => {
        const input = { FunctionName: functionName, ReservedConcurrentExecutions: reservedConcurrency };
        await client.send(new PutFunctionConcurrencyCommand(input), within());
      }).catch((error: unknown) => {
        throw reservationError(error, functionName, reservedConcurrency);
      }),
    deleteReservedConcurrency: (functionName) =>
      called('lambda:DeleteFunctionConcurrency', `reserved concurrency of ${functionName}`, async () => {
        await client.send(new DeleteFunctionConcurrencyCommand({ FunctionName: functionName }), within());
      }),
  };
}

const mappingSchema = z.object({
  State: z.string('no State in the answer'),
  EventSourceArn: z.string().optional(),
  ScalingConfig: z.object({ MaximumConcurrency: z.number().positive().optional() }).optional(),
  ProvisionedPollerConfig: z.object({ MinimumPollers: z.number().optional() }).optional(),
});
type MappingAnswer = z.infer<typeof mappingSchema>;

/** Where a mapping is (API reference of GetEventSourceMapping, 2026). One that is deleted polls nothing any more. */
export function readingOf(answer: MappingAnswer): EventSourceReading | 'gone' {
  const progress = progressOf(answer.State);
  if (progress === 'gone') return 'gone';
  return {
    ...progress,
    state: answer.State,
    maximumConcurrency: answer.ScalingConfig?.MaximumConcurrency ?? null,
    // ProvisionedPollerConfig and ScalingConfig exclude each other (Lambda developer guide, SQS scaling, 2026).
    canBeLimited:
      answer.EventSourceArn?.split(':')[2] === 'sqs' &&
      answer.ProvisionedPollerConfig?.MinimumPollers === undefined,
  };
}

function progressOf(state: string): Pick<EventSourceReading, 'enabled' | 'isSettled'> | 'gone' {
  switch (state) {
    case 'Enabled':
      return { enabled: true, isSettled: true };
    case 'Enabling':
      return { enabled: true, isSettled: false };
    case 'Disabled':
      return { enabled: false, isSettled: true };
    case 'Disabling':
      return { enabled: false, isSettled: false };
    case 'Deleting':
      return 'gone';
    default:
      return { enabled: null, isSettled: false };
  }
}

async function orGone<T>(permission: string, what: string, call: () => Promise<T>): Promise<T | 'gone'> {
  try {
    return await called(permission, what, call);
  } catch (error) {
    if (error instanceof TryAgain && nameOf(error.cause) === GONE) return 'gone';
    throw error;
  }
}

async function called<T>(permission: string, what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    const name = nameOf(cause);
    if (name === GONE) throw new TryAgain('AWS says it does not exist', { cause });
    if (BUSY.has(name)) throw new TryAgain(`AWS is busy with it (${name})`, { cause });
    if (/^(AccessDenied|Unauthorized|NotAuthorized)/.test(name)) {
      throw new UnavailableError(`${what}: access denied, needs ${permission}`, { cause });
    }
    const message = firstLine(cause instanceof z.ZodError ? cause.issues[0]?.message : cause);
    throw new UnavailableError(`${what}: ${permission.replace('lambda:', '')} failed (${name}: ${message})`, {
      cause,
    });
  }
}

/**
 * A reservation that cannot be had: others took the room meanwhile, for 100 executions of the account must stay unreserved
 * (Lambda quotas, 2026).
 */
function reservationError(error: unknown, functionName: string, reservedConcurrency: number): unknown {
  const isRefused =
    error instanceof UnavailableError && nameOf(error.cause) === 'InvalidParameterValueException';
  // Nothing is what every account has room for.
  if (!isRefused || reservedConcurrency === 0) return error;
  return new UnavailableError(
    `AWS does not give ${functionName} its reserved concurrency of ${reservedConcurrency}: the account has not enough ` +
      'unreserved concurrency left (100 must remain). The function stays stopped and its messages wait. ' +
      'Lower another reservation or raise the account limit',
    { cause: error.cause },
  );
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}

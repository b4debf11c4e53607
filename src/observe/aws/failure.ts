import * as z from 'zod';
import { UnavailableError } from '../../model/errors.ts';
import type { ReadGap } from '../../model/window.ts';
import { CALLS, type Operation } from './calls.ts';

/** What went wrong with a call, as far as it changes what to do about it. */
type FailureKind =
  | 'interrupted'
  | 'credentials'
  | 'no-region'
  | 'denied'
  | 'unreachable'
  | 'throttled'
  | 'missing'
  | 'other';

/** The person interrupted, or the time for reading is over. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

export interface Failure {
  readonly kind: FailureKind;
  /** One short line without account data: what happened and what is needed. */
  readonly text: string;
}

const CREDENTIAL_ERRORS = new Set([
  'CredentialsProviderError',
  'TokenProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidAccessKeyId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'AuthFailure',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
]);
const DENIED = /^(AccessDenied|NotAuthorized|Unauthorized|AuthorizationError)/;
const THROTTLED = /Throttl|TooManyRequests|RequestLimitExceeded|LimitExceeded|SlowDown/;
const MISSING = /ResourceNotFound|QueueDoesNotExist|NonExistentQueue/;
const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
]);
const TEXT_LENGTH_MAX = 160;

/** Sorts an SDK error by what can be done about it. */
export function failureOf(error: unknown, operation: Operation): Failure {
  if (error instanceof z.ZodError) {
    const issue = error.issues[0];
    const field = issue?.path.join('.') || operation;
    return { kind: 'other', text: oneLine(`malformed answer: ${field}: ${issue?.message ?? 'unreadable'}`) };
  }
  if (error instanceof Interrupted) {
    return { kind: 'interrupted', text: error.message || 'interrupted' };
  }
  const { name, code, message, status } = traits(error);
  const needs = CALLS[operation].permission;
  if (CREDENTIAL_ERRORS.has(name)) return { kind: 'credentials', text: `no usable credentials (${name})` };
  if (/Region is missing|region=""/.test(message)) return { kind: 'no-region', text: 'no region is set' };
  if (DENIED.test(name) || status === 403) {
    return { kind: 'denied', text: needs === null ? 'access denied' : `access denied: needs ${needs}` };
  }
  if (THROTTLED.test(name) || status === 429) return { kind: 'throttled', text: 'throttled by AWS' };
  if (MISSING.test(name) || status === 404) return { kind: 'missing', text: 'does not exist' };
  if (NETWORK_CODES.has(code)) return { kind: 'unreachable', text: `endpoint unreachable (${code})` };
  if (name === 'TimeoutError' || name === 'AbortError') {
    return { kind: 'unreachable', text: 'no answer in time' };
  }
  return { kind: 'other', text: oneLine(name === 'Error' || name === '' ? message : `${name}: ${message}`) };
}

function traits(error: unknown): { name: string; code: string; message: string; status: number | undefined } {
  if (typeof error !== 'object' || error === null) {
    return { name: '', code: '', message: String(error), status: undefined };
  }
  const { name, code, message, $metadata } = error as Record<string, unknown>;
  const status = ($metadata as { httpStatusCode?: unknown } | undefined)?.httpStatusCode;
  return {
    name: typeof name === 'string' ? name : '',
    code: typeof code === 'string' ? code : '',
    message: typeof message === 'string' ? message : '',
    status: typeof status === 'number' ? status : undefined,
  };
}

function oneLine(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  return flat.length > TEXT_LENGTH_MAX ? `${flat.slice(0, TEXT_LENGTH_MAX - 1)}…` : flat;
}

export function gapOf(error: unknown, operation: Operation, resource: string): ReadGap {
  return { resource, operation, reason: failureOf(error, operation).text };
}

const REMEDIES: Readonly<Record<FailureKind, string>> = {
  interrupted: 'nothing was changed',
  credentials: 'log in, or choose another with --profile or AWS_PROFILE',
  'no-region': 'pass --region or set AWS_REGION',
  denied: 'allow it to this role (docs/permissions.md lists every permission)',
  unreachable: 'check --region, --endpoint-url and the network',
  throttled: 'try again in a minute',
  missing: 'check --region and --endpoint-url',
  other: 'check --profile, --region and --endpoint-url',
};

/** What to do about it, in a few words. */
export function remedyOf({ kind }: Failure): string {
  return REMEDIES[kind];
}

/** Nothing at all can be read: one line that says what to do. */
export function unavailable(error: unknown, operation: Operation): UnavailableError {
  const failure = failureOf(error, operation);
  return new UnavailableError(`AWS ${operation}: ${failure.text}; ${remedyOf(failure)}`, { cause: error });
}

/** From this many resources with the same failure on, they share one gap. */
const ALIKE_MIN = 4;
const NAMED_MAX = 3;

/**
 * One gap for many resources that failed alike, so that a missing permission is one line and not a thousand. The metric
 * that an operation was about is dropped then.
 */
export function summariseGaps(gaps: readonly ReadGap[]): readonly ReadGap[] {
  const groups = new Map<string, ReadGap[]>();
  for (const gap of gaps) {
    const key = JSON.stringify([callOf(gap), gap.reason]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [gap]);
    else group.push(gap);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined || group.length < ALIKE_MIN) return group;
    const resources = [...new Set(group.map((gap) => gap.resource))];
    const named = resources.slice(0, NAMED_MAX).join(', ');
    const more = resources.length - NAMED_MAX;
    return [{ ...first, operation: callOf(first), resource: more > 0 ? `${named} and ${more} more` : named }];
  });
}

function callOf({ operation }: ReadGap): string {
  return operation.split(' ')[0] ?? operation;
}

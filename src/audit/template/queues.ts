import type { AuditQueue } from '../subject.ts';
import type { NamedResource, Resolver } from './resolve.ts';
import { booleanOf, isUnknown, numberOf, property, type Resolved } from './values.ts';

/** Defaults of a queue (Amazon SQS message quotas, 2026). */
const VISIBILITY_DEFAULT_SECONDS = 30;
const RETENTION_DEFAULT_SECONDS = 345_600;
/** Of a redrive policy that gives none (Amazon SQS API reference). */
const MAX_RECEIVE_COUNT_DEFAULT = 10;

export function queuesOf(resolver: Resolver): readonly AuditQueue[] {
  return resolver.ofType('AWS::SQS::Queue').map((resource) => queueOf(resource, resolver));
}

function queueOf({ name, properties }: NamedResource, resolver: Resolver): AuditQueue {
  return {
    name,
    fifo: booleanOf(properties['FifoQueue'], false) === true || name.endsWith('.fifo'),
    visibilityTimeoutSeconds: numberOf(properties['VisibilityTimeout'], VISIBILITY_DEFAULT_SECONDS),
    messageRetentionSeconds: numberOf(properties['MessageRetentionPeriod'], RETENTION_DEFAULT_SECONDS),
    redrive: redriveOf(properties['RedrivePolicy'], resolver),
  };
}

function redriveOf(policy: Resolved, resolver: Resolver): AuditQueue['redrive'] {
  if (policy === undefined) return null;
  if (isUnknown(policy)) return undefined;
  const deadLetterQueue = nameFromArn(property(policy, 'deadLetterTargetArn'), resolver);
  const maxReceiveCount = numberOf(property(policy, 'maxReceiveCount'), MAX_RECEIVE_COUNT_DEFAULT);
  if (maxReceiveCount === undefined) return undefined;
  return { deadLetterQueue: deadLetterQueue ?? 'a queue outside this template', maxReceiveCount };
}

/** Name of a queue, topic, role or function from its ARN or from a reference to it. */
export function nameFromArn(arn: Resolved, resolver: Resolver): string | undefined {
  const text = resolver.text(arn);
  if (text === undefined || !text.startsWith('arn:')) return text;
  return text.split(/[:/]/).at(-1);
}

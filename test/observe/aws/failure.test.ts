import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { READ_PERMISSIONS } from '../../../src/observe/aws/calls.ts';
import { failureOf, summariseGaps } from '../../../src/observe/aws/failure.ts';

function sdkError(name: string, more: object = {}): Error {
  return Object.assign(new Error('arn:aws:iam::111122223333:user/me may not'), { name, ...more });
}

describe('what a failed call is taken for', () => {
  it.each([
    ['no credentials', sdkError('CredentialsProviderError'), 'credentials'],
    ['an expired token', sdkError('ExpiredTokenException'), 'credentials'],
    ['a wrong key', sdkError('InvalidClientTokenId', { $metadata: { httpStatusCode: 403 } }), 'credentials'],
    ['a denied action', sdkError('AccessDeniedException'), 'denied'],
    [
      'SQS denying in its own words',
      sdkError('AccessDenied', { $metadata: { httpStatusCode: 403 } }),
      'denied',
    ],
    ['a proxy that says 403', sdkError('Unknown', { $metadata: { httpStatusCode: 403 } }), 'denied'],
    ['throttling', sdkError('TooManyRequestsException'), 'throttled'],
    ['CloudWatch throttling', sdkError('Throttling'), 'throttled'],
    ['a queue that is gone', sdkError('QueueDoesNotExist'), 'missing'],
    ['a function that is gone', sdkError('ResourceNotFoundException'), 'missing'],
    ['a refused connection', sdkError('Error', { code: 'ECONNREFUSED' }), 'unreachable'],
    ['a name that does not resolve', sdkError('Error', { code: 'ENOTFOUND' }), 'unreachable'],
    ['no answer in time', sdkError('TimeoutError'), 'unreachable'],
    ['no region', new Error('Region is missing'), 'no-region'],
    [
      'an empty AWS_REGION',
      new Error('Region not accepted: region="" is not a valid hostname component.'),
      'no-region',
    ],
    ['anything else', sdkError('ServiceException'), 'other'],
    ['something that is no error', 'what?', 'other'],
    ['nothing', undefined, 'other'],
  ])('%s', (_, error, kind) => {
    expect(failureOf(error, 'GetQueueAttributes').kind).toBe(kind);
  });

  it('names the permission, and not the account', () => {
    const { text } = failureOf(sdkError('AccessDeniedException'), 'ListMessageMoveTasks');
    expect(text).toBe('access denied: needs sqs:ListMessageMoveTasks');
  });

  it('is one short line, however long the message', () => {
    const { text } = failureOf(new Error(`first line\n${'x'.repeat(5000)}`), 'ListMetrics');
    expect(text).not.toContain('\n');
    expect(text.length).toBeLessThanOrEqual(160);
  });

  it('names the field that is malformed', () => {
    const { error } = z.object({ Policy: z.string() }).safeParse({});
    expect(failureOf(error, 'GetFunction').text).toMatch(/^malformed answer: Policy: /);
  });
});

describe('gaps', () => {
  const gap = (resource: string, reason = 'denied') => ({
    resource,
    operation: 'GetQueueAttributes',
    reason,
  });

  it('of a few resources stay apart', () => {
    const gaps = [gap('a'), gap('b'), gap('c')];
    expect(summariseGaps(gaps)).toEqual(gaps);
  });

  it('of many that failed alike are one, and others are untouched', () => {
    const gaps = [gap('a'), gap('b'), gap('other', 'throttled'), gap('c'), gap('d'), gap('e')];
    expect(summariseGaps(gaps)).toEqual([gap('a, b, c and 2 more'), gap('other', 'throttled')]);
  });
});

describe('docs/permissions.md', () => {
  it('lists every permission that reading needs', () => {
    const text = readFileSync(join(import.meta.dirname, '../../../docs/permissions.md'), 'utf8');
    for (const permission of READ_PERMISSIONS) expect(text).toContain(`\`${permission}\``);
  });
});

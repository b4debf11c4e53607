import { describe, expect, it } from 'vitest';
import { guardDeletion, parseDeletionRequest } from '../../src/handlers/deletion-guard.ts';
import { UnavailableError } from '../../src/model/errors.ts';
import type { KillRecord } from '../../src/model/kill.ts';
import { killOf } from '../store/samples.ts';

const REQUEST = {
  RequestType: 'Delete',
  ResponseURL: 'https://cloudformation-custom-resource-response.s3.amazonaws.com/x?Signature=secret',
  StackId: 'arn:aws:cloudformation:eu-west-1:111122223333:stack/Firebreak/1',
  RequestId: 'r-1',
  ResourceType: 'Custom::FirebreakDeletionGuard',
  LogicalResourceId: 'DeletionGuard',
  PhysicalResourceId: 'deletion-guard',
  ResourceProperties: {},
};

function guard(kills: readonly KillRecord[], changes: object = {}) {
  const request = parseDeletionRequest({ ...REQUEST, ...changes });
  if (request === null) throw new Error('not from CloudFormation');
  return guardDeletion(request, { kills: async () => kills });
}

describe('what CloudFormation is answered', () => {
  it.each<[string, readonly KillRecord[], string, string]>([
    ['nothing was ever stopped', [], 'SUCCESS', 'nothing is stopped'],
    ['all is restored', [killOf({ state: 'restored' })], 'SUCCESS', 'nothing is stopped'],
    [
      'one is stopped',
      [killOf({ state: 'killed' })],
      'FAILED',
      'stopped and not restored: orders-worker. Restore them (firebreak restore FUNCTION), then delete the stack again',
    ],
    [
      'one is half stopped',
      [killOf({ state: 'recorded' })],
      'FAILED',
      'stopped and not restored: orders-worker.',
    ],
    ['one is being tried out', [killOf({ state: 'canary' })], 'FAILED', 'stopped and not restored'],
  ])('%s', async (_, kills, status, reason) => {
    const answer = await guard(kills);
    expect(answer).toMatchObject({
      Status: status,
      PhysicalResourceId: 'deletion-guard',
      StackId: REQUEST.StackId,
      RequestId: 'r-1',
      LogicalResourceId: 'DeletionGuard',
    });
    expect(answer.Reason).toContain(reason);
  });

  it('hundreds are stopped: it fits the 4 KB that an answer may have', async () => {
    const kills = Array.from({ length: 300 }, (_, nth) =>
      killOf({ functionName: `${'f'.repeat(60)}-${nth}`, state: 'killed' }),
    );
    const answer = await guard(kills);
    expect(answer.Reason).toContain('and 280 more');
    expect(JSON.stringify(answer).length).toBeLessThan(4_096);
  });

  it('the records cannot be read: it is refused', async () => {
    const request = parseDeletionRequest(REQUEST);
    if (request === null) throw new Error('not from CloudFormation');
    const answer = await guardDeletion(request, {
      kills: () => Promise.reject(new UnavailableError('store: DynamoDB Query failed')),
    });
    expect(answer).toMatchObject({ Status: 'FAILED' });
    expect(answer.Reason).toContain('DynamoDB Query failed');
  });

  it.each(['Create', 'Update'])('%s is none of its business, whatever is stopped', async (RequestType) => {
    expect(await guard([killOf({ state: 'killed' })], { RequestType })).toMatchObject({ Status: 'SUCCESS' });
  });

  it('never hands out the signed address', async () => {
    expect(JSON.stringify(await guard([]))).not.toContain('Signature');
  });
});

it.each([
  ['a kill event', { kind: 'kill', functionName: 'a', requestedBy: 'ann' }],
  ['a request without an address', { ...REQUEST, ResponseURL: undefined }],
  ['an address of another kind', { ...REQUEST, ResponseURL: 'file:///etc/passwd' }],
  ['nothing', undefined],
])('%s is not from CloudFormation', (_, event) => expect(parseDeletionRequest(event)).toBeNull());

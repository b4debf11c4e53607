import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../src/model/time.ts';
import {
  DETAILS_PER_TICK,
  type DetailFunction,
  type DetailLimits,
  refreshAsyncInvoke,
  refreshDetails,
} from '../../../src/observe/aws/function-details.ts';
import type { SourceMemory } from '../../../src/observe/aws/memory.ts';
import { NOW } from './account.ts';
import { ACCOUNT, type FakeState, fakeAws, REGION } from './fake-aws.ts';
import { fakeWire } from './wire.ts';

type Before = Pick<SourceMemory, 'details' | 'getFunctionDeniedAt'>;
const NOTHING: Before = { details: new Map(), getFunctionDeniedAt: null };

function functions(count: number): { name: string; tags: { n: string }; reservedConcurrency: number }[] {
  return Array.from({ length: count }, (_, i) => ({
    name: `fn-${i}`,
    tags: { n: String(i) },
    reservedConcurrency: i,
  }));
}

async function refresh(
  state: Partial<FakeState>,
  options: {
    readonly before?: Before;
    readonly now?: number;
    readonly limits?: DetailLimits;
    readonly functions?: readonly DetailFunction[];
  } = {},
) {
  const aws = fakeAws(state);
  const wire = fakeWire(aws);
  const read = await refreshDetails(
    wire,
    options.functions ?? state.functions ?? [],
    options.before ?? NOTHING,
    {
      now: options.now ?? NOW,
      limits: options.limits ?? DETAILS_PER_TICK,
      account: ACCOUNT,
      region: REGION,
    },
  );
  return { aws, wire, ...read };
}

describe('tags and reserved concurrency', () => {
  it('come from GetFunction, which has a quota of its own, at 20 a second', async () => {
    const { aws, wire, details, gaps } = await refresh({ functions: functions(61) });
    expect(details.get('fn-2')).toEqual({ readAt: NOW, reservedConcurrency: 2, tags: { n: '2' } });
    expect(gaps).toEqual([]);
    expect(aws.calls.map(({ operation }) => operation)).toEqual(Array(61).fill('GetFunction'));
    expect(wire.clock.now()).toBe(3_000);
  });

  it('are read a slice at a time, and what is left is one gap', async () => {
    const fleet = functions(5);
    const limits = { ...DETAILS_PER_TICK, getFunction: 2, controlPlane: 2 };
    const first = await refresh({ functions: fleet }, { limits });
    expect([...first.details.keys()]).toEqual(['fn-0', 'fn-1']);
    expect(first.gaps.map(({ resource }) => resource)).toEqual(['3 of 5 functions']);
    const second = await refresh({ functions: fleet }, { limits, before: first });
    expect([...second.details.keys()].sort()).toEqual(['fn-0', 'fn-1', 'fn-2', 'fn-3']);
    const third = await refresh({ functions: fleet }, { limits, before: second });
    expect(third.gaps).toEqual([]);
  });

  it('are believed for a quarter of an hour, or until the function changes', async () => {
    const fleet = functions(2);
    const before = await refresh({ functions: fleet });
    const fresh = await refresh({ functions: fleet }, { before, now: NOW + 14 * MINUTE_MS });
    expect(fresh.aws.calls).toEqual([]);
    const changed = await refresh(
      { functions: fleet },
      {
        before,
        now: NOW + MINUTE_MS,
        functions: [{ name: 'fn-0' }, { name: 'fn-1', lastModifiedAt: NOW + 1 }],
      },
    );
    expect(changed.aws.calls.map(({ input }) => input['name'])).toEqual(['fn-1']);
    const old = await refresh({ functions: fleet }, { before, now: NOW + 15 * MINUTE_MS });
    expect(old.aws.count('GetFunction')).toBe(1);
  });

  it('that only grew old are read anew a share at a time, each before it is twice as old', async () => {
    const fleet = functions(40);
    let before: Before = await refresh({ functions: fleet });
    const calls: number[] = [];
    for (let minute = 1; minute <= 60; minute++) {
      const now = NOW + minute * MINUTE_MS;
      const read = await refresh({ functions: fleet }, { before, now });
      calls.push(read.aws.count('GetFunction'));
      before = read;
      for (const { readAt } of read.details.values()) expect(now - readAt).toBeLessThan(30 * MINUTE_MS);
    }
    expect(Math.max(...calls)).toBe(3);
  });

  it('that only grew old wait where the tick has asked for enough, new ones do not', async () => {
    const before = await refresh({ functions: functions(2) });
    const aws = fakeAws({ functions: functions(3) });
    const options = { now: NOW + HOUR_MS, limits: DETAILS_PER_TICK, account: ACCOUNT, region: REGION };
    await refreshDetails(fakeWire(aws), functions(3), before, { ...options, onlyNew: true });
    expect(aws.calls.map(({ input }) => input['name'])).toEqual(['fn-2']);
  });

  it('of a function that is gone are forgotten', async () => {
    const before = await refresh({ functions: functions(2) });
    const after = await refresh({ functions: functions(1) }, { before });
    expect([...after.details.keys()]).toEqual(['fn-0']);
  });

  it('say so when tags are withheld', async () => {
    const { details, gaps } = await refresh({
      functions: functions(1),
      tamper: (_, body) => {
        const { Tags: _tags, ...rest } = body as { Tags: unknown };
        return { ...rest, TagsError: { ErrorCode: 'AccessDeniedException', Message: 'no' } };
      },
    });
    expect(details.get('fn-0')?.reservedConcurrency).toBe(0);
    expect(gaps).toEqual([
      { resource: 'fn-0', operation: 'GetFunction', reason: 'no tags: needs lambda:ListTags' },
    ]);
  });

  it('one function that fails leaves the others alone', async () => {
    const { details, gaps } = await refresh({
      functions: functions(3),
      fault: ({ input }) =>
        input['name'] === 'fn-1' ? { status: 404, code: 'ResourceNotFoundException' } : undefined,
    });
    expect([...details.keys()]).toEqual(['fn-0', 'fn-2']);
    expect(gaps[0]).toEqual({ resource: 'fn-1', operation: 'GetFunction', reason: 'does not exist' });
  });
});

describe('a role that may not GetFunction, which would let it download code', () => {
  const denied: Partial<FakeState> = {
    functions: functions(5),
    fault: ({ operation }) =>
      operation === 'GetFunction' ? { status: 403, code: 'AccessDeniedException' } : undefined,
  };

  it('asks two calls instead, slower: four a second of the quota that deployments share', async () => {
    const { details, gaps, aws, wire } = await refresh(denied);
    expect(details.get('fn-4')).toEqual({ readAt: NOW, reservedConcurrency: 4, tags: { n: '4' } });
    expect(gaps).toEqual([]);
    expect(aws.count('GetFunctionConcurrency')).toBe(5);
    expect(aws.count('ListTags')).toBe(5);
    expect(wire.clock.now()).toBe(2_000);
  });

  it('does not try again for an hour', async () => {
    const before = await refresh(denied);
    expect(before.getFunctionDeniedAt).toBe(NOW);
    const soon = await refresh(denied, { before, now: NOW + 30 * MINUTE_MS });
    expect(soon.aws.count('GetFunction')).toBe(0);
    const later = await refresh({ functions: functions(5) }, { before, now: NOW + 61 * MINUTE_MS });
    expect(later.getFunctionDeniedAt).toBeNull();
    expect(later.aws.count('GetFunction')).toBeGreaterThan(0);
  });

  it('reads no more functions than its slice', async () => {
    const { aws } = await refresh(denied, { limits: { ...DETAILS_PER_TICK, controlPlane: 4 } });
    expect(aws.count('GetFunctionConcurrency')).toBe(2);
  });
});

describe('async invoke configurations', () => {
  const fleet = [
    {
      name: 'configured',
      eventInvokeConfig: {
        MaximumRetryAttempts: 0,
        MaximumEventAgeInSeconds: 60,
        DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:us-east-1:111122223333:failed' } },
      },
    },
    { name: 'plain' },
  ];

  it('absent means the defaults of AWS, and is no gap', async () => {
    const { asyncInvoke, gaps } = await refreshAsyncInvoke(
      fakeWire(fakeAws({ functions: fleet })),
      fleet,
      new Map(),
      {
        now: NOW,
        limits: DETAILS_PER_TICK,
      },
    );
    expect(gaps).toEqual([]);
    expect(asyncInvoke.get('plain')?.config).toBeNull();
    expect(asyncInvoke.get('configured')?.config).toEqual({
      maximumRetryAttempts: 0,
      maximumEventAgeSeconds: 60,
      onFailure: 'arn:aws:sqs:us-east-1:111122223333:failed',
    });
  });

  it('that are denied are gaps, and unknown', async () => {
    const aws = fakeAws({ functions: fleet, fault: () => ({ status: 403, code: 'AccessDeniedException' }) });
    const { asyncInvoke, gaps } = await refreshAsyncInvoke(fakeWire(aws), fleet, new Map(), {
      now: NOW,
      limits: DETAILS_PER_TICK,
    });
    expect(asyncInvoke.size).toBe(0);
    expect(gaps.map(({ reason }) => reason)).toEqual(
      Array(2).fill('access denied: needs lambda:GetFunctionEventInvokeConfig'),
    );
  });
});

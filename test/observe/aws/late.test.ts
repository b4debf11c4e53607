import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../../src/model/time.ts';
import type { Window } from '../../../src/model/window.ts';
import type { SourceMemory } from '../../../src/observe/aws/memory.ts';
import { awsSource } from '../../../src/observe/aws/source.ts';
import { lambdaMetric, NOW } from './account.ts';
import { type FakeAws, fakeAws, mapping, queueArn } from './fake-aws.ts';

const names = Array.from({ length: 24 }, (_, i) => `worker-${i}`);

function fleet(): FakeAws {
  return fakeAws({
    functions: names.map((name) => ({ name })),
    mappings: names.map((name) => mapping(name, queueArn(`${name}-jobs`))),
    queues: names.map((name) => ({ name: `${name}-jobs` })),
    metrics: names.map((name) => lambdaMetric(name, 'Invocations', [5, 5, 5])),
  });
}

/** Ticks of a process each; the time of each is over once so many depths were asked for. */
function ticksOver(aws: FakeAws) {
  let memory: SourceMemory | null = null;
  let now = NOW;
  return async (depths: number): Promise<Window> => {
    const over = new AbortController();
    let made = 0;
    aws.state.fault = (seen) => {
      if (seen.operation === 'GetQueueAttributes' && ++made === depths) {
        over.abort(new DOMException('too late', 'TimeoutError'));
      }
      return undefined;
    };
    const source = awsSource({
      clients: aws.clients,
      sleep: async () => undefined,
      memory: async () => memory,
      signal: over.signal,
    });
    const window = await source.window(now);
    memory = source.memory();
    now += MINUTE_MS;
    return window;
  };
}

describe('a tick whose time is over before all is read', () => {
  it('says so of what is missing, and still shows the rest', async () => {
    const window = await ticksOver(fleet())(12);
    expect(window.inventory.functions).toHaveLength(names.length);
    expect(window.gaps.map(({ reason }) => reason)).toContain('no time left for it');
    expect(window.depths.size).toBeLessThan(names.length);
  });

  it('leaves the depths of queues to the next ones, none of them for ever', async () => {
    const tick = ticksOver(fleet());
    const seen = new Set<string>();
    for (let minute = 0; minute < 30; minute++) {
      for (const name of (await tick(12)).depths.keys()) seen.add(name);
    }
    expect(seen.size).toBe(names.length);
  });

  it('leaves functions to the next ones, which do not take them for read', async () => {
    const tick = ticksOver(fleet());
    const late = await tick(names.length);
    expect(late.functions.get('worker-23')?.invocations).toBeUndefined();
    const inTime = await tick(Number.POSITIVE_INFINITY);
    expect(inTime.functions.get('worker-23')?.invocations?.at(-2)).toBe(5);
  });
});

describe('a list that one tick cannot read', () => {
  const limits = { getFunction: 0, controlPlane: 0, listPages: 2 };

  it('is read by several, page after page, and then believed', async () => {
    const aws = fleet();
    aws.state.functionsPerPage = 4;
    const source = awsSource({ clients: aws.clients, sleep: async () => undefined, detailLimits: limits });
    const known: number[] = [];
    const gaps: boolean[] = [];
    for (let minute = 0; minute < 4; minute++) {
      const window = await source.window(NOW + minute * MINUTE_MS);
      known.push(window.inventory.functions.length);
      gaps.push(window.gaps.some(({ resource }) => resource === 'the rest of the list'));
    }
    expect(known).toEqual([8, 16, 24, 24]);
    expect(gaps).toEqual([true, true, false, false]);
    expect(aws.count('ListFunctions')).toBe(6);
  });

  it('shows what was known while it is read anew, and begins anew where its place is lost', async () => {
    const aws = fleet();
    aws.state.functionsPerPage = 4;
    const source = awsSource({ clients: aws.clients, sleep: async () => undefined, detailLimits: limits });
    for (let minute = 0; minute < 4; minute++) await source.window(NOW + minute * MINUTE_MS);
    const sizes: number[] = [];
    for (let minute = 10; minute < 15; minute++) {
      aws.state.fault = ({ operation, input }) =>
        operation === 'ListFunctions' && minute === 11 && input['Marker'] === '8'
          ? { status: 400, code: 'InvalidParameterValueException' }
          : undefined;
      sizes.push((await source.window(NOW + minute * MINUTE_MS)).inventory.functions.length);
    }
    expect(sizes).toEqual([24, 24, 24, 24, 24]);
  });
});

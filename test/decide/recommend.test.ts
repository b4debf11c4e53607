import { describe, expect, it } from 'vitest';
import { recommend } from '../../src/decide/recommend.ts';
import { problemOf } from '../docs/command-lines.ts';
import { finding, lambdaFunction, window } from './build.ts';

const wasting = new Float64Array(180).fill(1);
const queued = lambdaFunction();
const called = lambdaFunction({ eventSources: [] });

describe('what an alert recommends', () => {
  it.each([
    ['a worker of a queue: its mapping', queued, { wastedShare: wasting }, 'disable-event-source'],
    [
      'a function that is called: its concurrency',
      called,
      { wastedShare: wasting },
      'reserved-concurrency-zero',
    ],
    ['nothing is wasted: no lever', queued, { wastedShare: null }, 'none'],
    ['no function is concerned: no lever', queued, { functions: [] }, 'none'],
  ] as const)('%s', async (_, fn, overrides, lever) => {
    const { inventory } = window();
    const found = recommend(finding(overrides), { ...inventory, functions: [fn] });
    expect(found.lever).toBe(lever);
    const [, line = ''] = /^firebreak (.*)$/.exec(found.command) ?? [];
    expect(line).not.toBe('');
    expect(await problemOf(line), found.command).toBeNull();
  });
});

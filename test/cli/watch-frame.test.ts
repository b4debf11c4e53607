import { describe, expect, it } from 'vitest';
import { sparkline } from '../../src/cli/sparkline.ts';
import { watchFrame } from '../../src/cli/watch-frame.ts';
import { decide } from '../../src/decide/tick.ts';
import { finding, input, lambdaFunction, NOW, window } from '../decide/build.ts';
import { fakeIo } from './fake-io.ts';

describe('sparkline', () => {
  it.each([
    [[0, 0, 0], '▁▁▁'],
    [[1, 2, 4, 8], '▂▃▅█'],
    [[Number.NaN, 5], '▁█'],
  ])('of %j is %s', (values, bars) => {
    expect(sparkline(values, 10)).toBe(bars);
  });

  it('keeps the newest values', () => {
    expect(sparkline([8, 0, 0], 2)).toBe('▁▁');
  });
});

describe('watchFrame', () => {
  const functions = [
    lambdaFunction(),
    lambdaFunction({ name: `a-very-long-function-name-${'x'.repeat(60)}` }),
  ];
  const seen = window({ functions });
  const report = {
    at: NOW,
    window: seen,
    pricing: {},
    result: decide(input({ window: seen }), [finding()]),
    killWatch: { steps: [], alerts: [], decisions: [] },
    stopped: new Set<string>(),
    delivery: { outcomes: [], storeFailures: [] },
    gaps: [{ resource: 'orders', operation: 'GetQueueAttributes', reason: 'AccessDenied' }],
  };
  const frameOf = (pageUrl: string | null) =>
    watchFrame({ report, readUsd: 0.01, pageUrl }, fakeIo({ columns: 80 }));
  const frame = frameOf(null);

  it('says where the live page is, whole, wherever the screen is redrawn', () => {
    const url = `http://127.0.0.1:4711/${'t'.repeat(64)}/`;
    expect(frameOf(url)).toContain(`live page, for this machine only: ${url}\n`);
    expect(frame).not.toContain('live page');
  });

  it('shows spend, incidents with their command, and what could not be read', () => {
    expect(frame).toMatch(/\$0\.12\/h now, 2 functions/);
    expect(frame).toMatch(
      /^critical +retry-loop-worker-\d+-\d+\n +for \d+ min, .* wasted, .*\/h now\n +firebreak kill worker\n/m,
    );
    expect(frame).toMatch(/not read: GetQueueAttributes orders: AccessDenied/);
  });

  it('says of what is stopped how to put it back', () => {
    const stopped = { ...report, stopped: new Set(['worker']) };
    expect(watchFrame({ report: stopped, readUsd: 0.01, pageUrl: null }, fakeIo())).toContain(
      'stopped; once repaired, firebreak restore worker',
    );
  });

  it('keeps its own lines within 80 columns and uses no colour where there is none', () => {
    expect(frame).not.toContain('\u001b');
    for (const line of frame.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });
});

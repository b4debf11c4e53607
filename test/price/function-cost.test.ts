import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FunctionUse, functionCost } from '../../src/price/function-cost.ts';
import { INIT_ASSUMPTION, initUsd } from '../../src/price/init-estimate.ts';
import { lambdaUsd, pricesFor } from '../../src/price/lambda-price.ts';

const prices = pricesFor('us-east-1');
const fn = { memoryMB: 1024, architecture: 'arm64', ephemeralStorageMB: 512 } as const;

function cost(use: Partial<FunctionUse>) {
  return functionCost({ use: { fn, invocations: 0, durationMs: 0, ...use }, prices });
}

function item(result: ReturnType<typeof cost>, id: string): number | undefined {
  return result.items.find((entry) => entry.id === id)?.usd;
}

describe('functionCost', () => {
  it('is what lambdaUsd says, itemised, for a plain function', () => {
    const result = cost({ invocations: 1000, durationMs: 5e6 });
    const usd = lambdaUsd({
      prices,
      architecture: 'arm64',
      memoryMB: 1024,
      durationMs: 5e6,
      invocations: 1000,
    });
    expect(result.usd).toBeCloseTo(usd, 12);
    expect(result).toMatchObject({ billing: 'on-demand', complete: true, notes: [] });
  });

  it('estimates INIT from assumed cold starts and says so', () => {
    const result = cost({ invocations: 10_000, durationMs: 1e6, init: 'estimate' });
    const seconds = 10_000 * INIT_ASSUMPTION.coldStartShare * (INIT_ASSUMPTION.initMs / 1000);
    expect(item(result, 'init')).toBeCloseTo(seconds * 0.0000133334, 9);
    expect(result.notes.join()).toMatch(/INIT estimated/);
  });

  it('prices measured INIT as measured', () => {
    const result = cost({ invocations: 10_000, init: { coldStarts: 500, averageInitMs: 2000 } });
    expect(item(result, 'init')).toBeCloseTo(1000 * 0.0000133334, 9);
    expect(result.notes.join()).not.toMatch(/estimated/);
  });

  it('labels managed instances and prices their requests only', () => {
    const result = cost({ fn: { ...fn, billing: 'managed-instances' }, invocations: 1e6, durationMs: 1e9 });
    expect(result.usd).toBeCloseTo(0.2, 9);
    expect(result.complete).toBe(false);
    expect(result.notes.join()).toMatch(/EC2 instance hours/);
  });

  it.each([
    ['unknown operations', undefined, 0, /operations .* not included/],
    ['known operations', 1e6, 8, /stored data/],
  ] as const)('labels a durable function with %s', (_, durableOperations, usd, note) => {
    const result = cost({ fn: { ...fn, billing: 'durable' }, durableOperations });
    expect(result.usd).toBeCloseTo(usd, 9);
    expect(result.complete).toBe(false);
    expect(result.notes.join()).toMatch(note);
  });

  it('adds log ingestion and provisioned concurrency where given', () => {
    const result = cost({
      logBytes: 2 * 1024 ** 3,
      provisioned: { executions: 5, seconds: 100, invocations: 0, durationMs: 0 },
    });
    expect(item(result, 'logs-ingestion')).toBeCloseTo(1, 9);
    expect(item(result, 'provisioned-configured')).toBeCloseTo(500 * 0.0000033334, 9);
  });

  it('takes the free million requests off where the free tier applies', () => {
    const use = { fn, invocations: 1_500_000, durationMs: 0 };
    const result = functionCost({ use, prices, options: { freeTier: true } });
    expect(result.usd).toBeCloseTo(0.1, 9);
  });

  it('says that a region without a price is estimated', () => {
    const use = { fn, invocations: 1, durationMs: 1 };
    expect(functionCost({ use, prices: pricesFor('ca-west-1') }).notes.join()).toMatch(/us-east-1 rates/);
  });

  it('is the sum of its items and never negative', () => {
    const count = fc.integer({ min: 0, max: 1e9 });
    fc.assert(
      fc.property(count, count, fc.option(count, { nil: undefined }), (invocations, durationMs, logBytes) => {
        const result = cost({ invocations, durationMs, logBytes, init: 'estimate' });
        const sum = result.items.reduce((total, { usd }) => total + usd, 0);
        expect(result.usd).toBe(sum);
        expect(result.items.every(({ usd }) => usd >= 0)).toBe(true);
      }),
    );
  });
});

describe('initUsd', () => {
  it('is nothing without invocations', () => {
    expect(initUsd({ prices, architecture: 'arm64', memoryMB: 1024, invocations: 0 }).usd).toBe(0);
  });
});

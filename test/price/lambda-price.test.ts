import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  concurrencyUsdPerHour,
  durationUsd,
  gbSeconds,
  invocationUsd,
  lambdaUsd,
  pricesFor,
  provisionedConfiguredUsd,
  provisionedInvocationsUsd,
  sqsRequestUsd,
  usdPerGbSecond,
} from '../../src/price/lambda-price.ts';

const prices = pricesFor('us-east-1');
const x86 = { prices, architecture: 'x86_64' } as const;
const amount = fc.double({ min: 0, max: 5e10, noNaN: true });

describe('usdPerGbSecond', () => {
  it.each([
    ['the first tier', 'x86_64', 0, 0.0000166667],
    ['the last GB-second of the first tier', 'x86_64', 6e9 - 1, 0.0000166667],
    ['the first GB-second of the second tier', 'x86_64', 6e9, 0.000015],
    ['the third tier', 'x86_64', 2e10, 0.0000133334],
    ['arm64, whose tiers are wider', 'arm64', 7e9, 0.0000133334],
    ['arm64 beyond its first tier', 'arm64', 7.5e9, 0.0000120001],
  ] as const)('prices %s', (_, architecture, monthToDateGbSeconds, usd) => {
    expect(usdPerGbSecond({ prices, architecture, monthToDateGbSeconds })).toBeCloseTo(usd, 13);
  });

  it('takes the Savings Plan discount off', () => {
    expect(usdPerGbSecond({ ...x86, savingsPlanDiscount: 0.12 })).toBeCloseTo(0.0000166667 * 0.88, 13);
  });

  it('costs nothing within the free tier, where asked, and the first tier after it', () => {
    expect(usdPerGbSecond({ ...x86, freeTier: true, monthToDateGbSeconds: 399_999 })).toBe(0);
    expect(usdPerGbSecond({ ...x86, freeTier: true, monthToDateGbSeconds: 400_000 })).toBeCloseTo(
      1.66667e-5,
      13,
    );
  });
});

describe('durationUsd', () => {
  it('adds up the parts of each tier', () => {
    const usd = durationUsd({ ...x86, monthToDateGbSeconds: 6e9 - 100, gbSeconds: 300 });
    expect(usd).toBeCloseTo(100 * 0.0000166667 + 200 * 0.000015, 9);
  });

  it('is additive: two uses after each other cost what they cost together', () => {
    fc.assert(
      fc.property(amount, amount, amount, (from, first, second) => {
        const together = durationUsd({ ...x86, monthToDateGbSeconds: from, gbSeconds: first + second });
        const apart =
          durationUsd({ ...x86, monthToDateGbSeconds: from, gbSeconds: first }) +
          durationUsd({ ...x86, monthToDateGbSeconds: from + first, gbSeconds: second });
        expect(Math.abs(together - apart)).toBeLessThanOrEqual(1e-9 * Math.max(1, together));
      }),
    );
  });

  it('never falls with more use, and never exceeds the first tier', () => {
    fc.assert(
      fc.property(amount, amount, amount, (monthToDateGbSeconds, use, more) => {
        const less = durationUsd({ ...x86, monthToDateGbSeconds, gbSeconds: use });
        expect(durationUsd({ ...x86, monthToDateGbSeconds, gbSeconds: use + more })).toBeGreaterThanOrEqual(
          less,
        );
        expect(less).toBeGreaterThanOrEqual(0);
        expect(less).toBeLessThanOrEqual(use * 0.0000166667 * (1 + 1e-9));
      }),
    );
  });
});

describe('lambdaUsd', () => {
  it('prices the textbook case: 3 million invocations of 120 ms at 1,536 MB', () => {
    const usd = lambdaUsd({ ...x86, memoryMB: 1536, durationMs: 3e6 * 120, invocations: 3e6 });
    // 540,000 GB-s x $0.0000166667 + 3 x $0.20
    expect(usd).toBeCloseTo(9.000018 + 0.6, 6);
  });

  it('bills storage above 512 MB only', () => {
    const base = { ...x86, memoryMB: 1024, durationMs: 1e6, invocations: 0 };
    expect(lambdaUsd({ ...base, ephemeralStorageMB: 512 })).toBe(lambdaUsd(base));
    expect(lambdaUsd({ ...base, ephemeralStorageMB: 512 + 1024 }) - lambdaUsd(base)).toBeCloseTo(
      1000 * 3.09e-8,
      12,
    );
  });

  it('prices one invocation as one request', () => {
    expect(invocationUsd({ ...x86, memoryMB: 1024, durationMs: 0 })).toBeCloseTo(2e-7, 12);
  });
});

describe('concurrencyUsdPerHour', () => {
  it.each([
    ['1 GB x 1', 1024, 1, 0.06],
    ['1 GB x 1,000', 1024, 1000, 60],
    ['10 GB x 1,000', 10_240, 1000, 600],
    ['128 MB x 1,000', 128, 1000, 7.5],
  ] as const)('%s', (_, memoryMB, concurrency, usd) => {
    expect(concurrencyUsdPerHour({ ...x86, memoryMB, concurrency })).toBeCloseTo(usd, 2);
  });
});

describe('provisioned concurrency', () => {
  it('costs while it is idle', () => {
    const usd = provisionedConfiguredUsd({ ...x86, memoryMB: 1024, executions: 10, seconds: 3600 });
    expect(usd).toBeCloseTo(10 * 3600 * 0.0000041667, 9);
  });

  it('makes invocations cheaper than on demand, and bills their requests', () => {
    const use = { ...x86, memoryMB: 1024, durationMs: 1e6, invocations: 1000 };
    expect(provisionedInvocationsUsd(use)).toBeCloseTo(1000 * 0.0000097222 + 1000 * 2e-7, 9);
    expect(provisionedInvocationsUsd(use)).toBeLessThan(lambdaUsd(use));
  });
});

describe('gbSeconds', () => {
  it('takes a GB for 1,024 MB', () => {
    expect(gbSeconds({ memoryMB: 1024, durationMs: 1000 })).toBe(1);
    expect(gbSeconds({ memoryMB: 128, durationMs: 8000 })).toBe(1);
  });
});

describe('sqsRequestUsd', () => {
  it.each([
    ['standard', false, 1e6, {}, 0.4],
    ['FIFO', true, 1e6, {}, 0.5],
    ['the free million', false, 1e6, { freeTier: true }, 0],
    ['what is beyond the free million', false, 2e6, { freeTier: true }, 0.4],
    ['the second tier', false, 1e6, { monthToDateRequests: 100e9 }, 0.3],
  ] as const)('prices %s', (_, fifo, requests, options, usd) => {
    expect(sqsRequestUsd({ prices, fifo, requests, ...options })).toBeCloseTo(usd, 9);
  });
});

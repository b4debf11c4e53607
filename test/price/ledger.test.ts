import { describe, expect, it } from 'vitest';
import type { Architecture } from '../../src/model/inventory.ts';
import { accrue } from '../../src/price/accrual.ts';
import { type FunctionUse, functionCost } from '../../src/price/function-cost.ts';
import { pricedRegions, pricesFor } from '../../src/price/lambda-price.ts';
import { DURATION_TIERS, LAMBDA_ROWS, LOGS_INGESTION_USD_PER_GB } from '../../src/price/price-list.ts';
import {
  between,
  chance,
  createRng,
  integer,
  logBetween,
  logNormal,
  pick,
  type Rng,
} from '../../src/simulate/random.ts';
import { lambdaFunction } from '../decide/build.ts';

/**
 * Simulated fleets, billed event by event as AWS does it, against what metrics make of them. The ledger is written from the price
 * rows alone: it shares no code with what it checks.
 */

/** One invocation, as its REPORT line has it. */
interface Event {
  readonly fn: number;
  readonly durationMs: number;
  readonly initMs: number;
  /** On provisioned concurrency. */
  readonly isProvisioned: boolean;
}

interface FleetFunction {
  readonly memoryMB: number;
  readonly architecture: Architecture;
  readonly ephemeralStorageMB: number;
  /** Copies kept provisioned for the whole day. */
  readonly provisioned: number;
  readonly pollers: number;
  readonly sqsRequests: number;
  readonly logBytes: number;
}

interface Fleet {
  readonly functions: readonly FleetFunction[];
  readonly events: readonly Event[];
}

const DAY_SECONDS = 86_400;
const FUNCTIONS = 12;
const EVENTS = 400;

function fleetOf(seed: number): Fleet {
  const rng = createRng(seed);
  const functions = Array.from({ length: FUNCTIONS }, () => ({
    memoryMB: pick(rng, [128, 256, 512, 1024, 1769, 3008, 10_240]),
    architecture: pick<Architecture>(rng, ['x86_64', 'arm64']),
    ephemeralStorageMB: pick(rng, [512, 512, 512, 1024, 10_240]),
    provisioned: chance(rng, 0.2) ? integer(rng, 1, 3) : 0,
    pollers: chance(rng, 0.2) ? 2 : 0,
    sqsRequests: chance(rng, 0.5) ? integer(rng, 1_000, 2_000_000) : 0,
    logBytes: Math.round(logBetween(rng, 1e3, 1e9)),
  }));
  return { functions, events: functions.flatMap((fn, index) => eventsOf(rng, fn, index)) };
}

function eventsOf(rng: Rng, fn: FleetFunction, index: number): Event[] {
  const medianMs = logBetween(rng, 40, 20_000);
  return Array.from({ length: EVENTS }, () => ({
    fn: index,
    durationMs: logNormal(rng, medianMs, 0.6),
    // Less than 1 % start cold (AWS Compute Blog, 2025-04-29).
    initMs: chance(rng, 0.007) ? between(rng, 150, 900) : 0,
    isProvisioned: fn.provisioned > 0 && chance(rng, 0.8),
  }));
}

/** To the millisecond, each event at the rate of the tier that the month has reached by then. */
function ledgerUsd({ functions, events }: Fleet, region: string, monthToDateGbSeconds: number): number {
  const row = LAMBDA_ROWS.find(([name]) => name === region);
  const home = LAMBDA_ROWS[0];
  if (row === undefined || home === undefined) throw new Error(`no row for ${region}`);
  const [, x86, arm, request] = row;
  const of = (column: 4 | 5 | 6) => Number(row[column] ?? home[column]);
  const used = { x86_64: monthToDateGbSeconds, arm64: monthToDateGbSeconds };
  let micros = 0;
  for (const event of events) {
    const fn = functions[event.fn] as FleetFunction;
    const first = fn.architecture === 'arm64' ? arm : x86;
    const seconds = Math.ceil(event.durationMs + (event.isProvisioned ? 0 : event.initMs)) / 1000;
    const gbSeconds = (fn.memoryMB / 1024) * seconds;
    if (event.isProvisioned) micros += gbSeconds * of(6) * (fn.architecture === 'arm64' ? 0.8 : 1);
    else {
      const tier = DURATION_TIERS[fn.architecture].findIndex(({ upTo }) => used[fn.architecture] < upTo);
      micros += gbSeconds * first * ([1, 0.9, 0.8][tier] as number);
      used[fn.architecture] += gbSeconds;
    }
    micros += request + (Math.max(0, fn.ephemeralStorageMB - 512) / 1024) * seconds * of(4);
  }
  for (const fn of functions) {
    const keptGbSeconds = (fn.memoryMB / 1024) * fn.provisioned * DAY_SECONDS;
    micros += keptGbSeconds * of(5) * (fn.architecture === 'arm64' ? 0.8 : 1);
    micros += fn.sqsRequests * 0.4;
    micros += 1e6 * fn.pollers * 24 * 0.00925;
    micros += 1e6 * (fn.logBytes / 1024 ** 3) * (LOGS_INGESTION_USD_PER_GB.get(region) ?? 0.5);
  }
  return micros / 1e6;
}

/** What CloudWatch has: sums by function, INIT in none of them. */
function useOf({ functions, events }: Fleet, index: number): FunctionUse {
  const fn = functions[index] as FleetFunction;
  const mine = events.filter((event) => event.fn === index);
  const sumOf = (isProvisioned: boolean) => {
    const some = mine.filter((event) => event.isProvisioned === isProvisioned);
    return {
      invocations: some.length,
      durationMs: some.reduce((sum, { durationMs }) => sum + durationMs, 0),
    };
  };
  return {
    fn,
    ...sumOf(false),
    init: 'estimate',
    ...(fn.provisioned > 0
      ? { provisioned: { executions: fn.provisioned, seconds: DAY_SECONDS, ...sumOf(true) } }
      : {}),
    sqsRequests: fn.sqsRequests,
    pollerHours: fn.pollers * 24,
    logBytes: fn.logBytes,
  };
}

function estimateUsd(fleet: Fleet, region: string, monthToDateGbSeconds: number): number {
  const prices = pricesFor(region);
  return fleet.functions.reduce(
    (sum, _, index) =>
      sum + functionCost({ use: useOf(fleet, index), prices, options: { monthToDateGbSeconds } }).usd,
    0,
  );
}

const TOLERANCE = 0.05;
/** Below the first step, in the second tier of both architectures, and in the third. */
const MONTHS_TO_DATE = [0, 5e9, 10e9, 20e9];

describe.each(pricedRegions())('an estimate in %s', (region) => {
  it.each(MONTHS_TO_DATE)('is within 5 %% of the ledger, %s GB-seconds into the month', (monthToDate) => {
    for (let seed = 1; seed <= 5; seed++) {
      const fleet = fleetOf(seed);
      const exact = ledgerUsd(fleet, region, monthToDate);
      const estimate = estimateUsd(fleet, region, monthToDate);
      expect(Math.abs(estimate / exact - 1), `seed ${seed}`).toBeLessThan(TOLERANCE);
    }
  });
});

describe('an estimate of on-demand functions alone', () => {
  /** Nothing but duration, requests, storage and INIT: no part that is exact by itself hides the others. */
  const bare = (seed: number): Fleet => {
    const { functions, events } = fleetOf(seed);
    const plain = { provisioned: 0, pollers: 0, sqsRequests: 0, logBytes: 0 };
    return {
      functions: functions.map((fn) => ({ ...fn, ...plain })),
      events: events.map((event) => ({ ...event, isProvisioned: false })),
    };
  };

  it.each(pricedRegions())('is within 5 %% of the ledger in %s, over 40 fleets', (region) => {
    for (let seed = 100; seed < 140; seed++) {
      const fleet = bare(seed);
      const exact = ledgerUsd(fleet, region, 0);
      expect(Math.abs(estimateUsd(fleet, region, 0) / exact - 1), `seed ${seed}`).toBeLessThan(TOLERANCE);
    }
  });

  it('would be off without the tier that the month has reached', () => {
    const fleet = bare(1);
    expect(estimateUsd(fleet, 'us-east-1', 0) / ledgerUsd(fleet, 'us-east-1', 20e9)).toBeGreaterThan(1.1);
  });
});

describe('dollars by minute', () => {
  it.each(pricedRegions())('add up to the ledger within 5 %% in %s, INIT left out and said so', (region) => {
    const rng = createRng(7);
    for (const architecture of ['x86_64', 'arm64'] as const) {
      const fn = lambdaFunction({
        eventSources: [],
        memoryMB: 1769,
        architecture,
        ephemeralStorageMB: 2_048,
      });
      const minutes = 60;
      const invocations = new Float64Array(minutes);
      const durationSumMs = new Float64Array(minutes);
      const events: Event[] = [];
      for (let minute = 0; minute < minutes - 10; minute++) {
        for (let i = integer(rng, 0, 40); i > 0; i--) {
          const durationMs = logNormal(rng, 3_000, 0.8);
          events.push({ fn: 0, durationMs, initMs: 0, isProvisioned: false });
          invocations[minute] = (invocations[minute] as number) + 1;
          durationSumMs[minute] = (durationSumMs[minute] as number) + durationMs;
        }
      }
      const lambda = { invocations, durationSumMs };
      const { usd } = accrue({ region, fn, lambda, queues: [], minutes, pricing: {} });
      const none = { provisioned: 0, pollers: 0, sqsRequests: 0, logBytes: 0 };
      const exact = ledgerUsd({ functions: [{ ...fn, ...none }], events }, region, 0);
      const total = usd.reduce((sum, value) => sum + value, 0);
      expect(Math.abs(total / exact - 1), architecture).toBeLessThan(TOLERANCE);
    }
  });

  it('have the provisioned pollers of enabled mappings in them', () => {
    const [source] = lambdaFunction().eventSources;
    if (source === undefined) throw new Error('no source');
    const usdOf = (enabled: boolean) => {
      const fn = lambdaFunction({ eventSources: [{ ...source, enabled, minimumPollers: 4 }] });
      return accrue({ region: 'us-east-1', fn, lambda: {}, queues: [], minutes: 60, pricing: {} }).usd.reduce(
        (sum, value) => sum + value,
        0,
      );
    };
    expect(usdOf(true)).toBeCloseTo(4 * 0.00925, 9);
    expect(usdOf(false)).toBe(0);
  });
});

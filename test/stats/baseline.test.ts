import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../src/model/time.ts';
import {
  type AbnormalSpan,
  BASELINE_HOURS,
  buildBaselines,
  type FunctionHours,
  type QueueHours,
} from '../../src/stats/baseline.ts';
import { series } from '../detectors/build.ts';

const START_AT = Date.parse('2026-10-01T00:00:00Z');

function functionHours(words: Partial<Record<keyof Omit<FunctionHours, 'memoryMB'>, string>>, hours: number) {
  const missing = new Float64Array(hours).fill(Number.NaN);
  const read = (text: string | undefined) => (text === undefined ? missing : series(text));
  return {
    invocations: read(words.invocations),
    errors: read(words.errors),
    throttles: read(words.throttles),
    durationSumMs: read(words.durationSumMs),
    durationMaximumMs: read(words.durationMaximumMs),
    concurrentExecutions: read(words.concurrentExecutions),
    memoryMB: 2048,
  };
}

function worker(
  words: Parameters<typeof functionHours>[0],
  options: { readonly hours?: number; readonly abnormal?: readonly AbnormalSpan[] } = {},
) {
  const functions = new Map([['worker', functionHours(words, options.hours ?? 48)]]);
  const history = { startAt: START_AT, functions, queues: new Map() };
  const built = buildBaselines({ builtAt: START_AT, history, abnormal: options.abnormal ?? [] });
  return built.functions.get('worker');
}

function orders(words: Record<keyof QueueHours, string>) {
  const hours = Object.fromEntries(Object.entries(words).map(([name, text]) => [name, series(text)]));
  const queues = new Map([['orders', hours as unknown as QueueHours]]);
  const history = { startAt: START_AT, functions: new Map(), queues };
  return buildBaselines({ builtAt: START_AT, history, abnormal: [] }).queues.get('orders');
}

const hoursAt = (from: number, to: number, name = 'worker'): AbnormalSpan => ({
  names: [name],
  fromAt: START_AT + from * HOUR_MS,
  toAt: START_AT + to * HOUR_MS,
});

describe('the baseline of a function', () => {
  it('has shares over all hours, and medians of active ones', () => {
    const found = worker({
      invocations: '100x24 _x12 300x12',
      errors: '1x24 _x12 3x12',
      throttles: '0x36 60x12',
      durationSumMs: '50000x24 _x12 150000x12',
    });
    expect(found).toMatchObject({ hours: 48, activeHours: 36, invocationsPerHour: 100, durationMs: 500 });
    expect(found?.errorShare).toBeCloseTo(0.01);
    expect(found?.throttleShare).toBeCloseTo(720 / 6720);
    expect(found?.invocationsMaximum).toBe(300);
    expect(found?.gbSecondsMaximum).toBe(300);
  });

  it('forgives single bad hours in the mean, and remembers regular ones in the 95th percentile', () => {
    const rare = worker({ invocations: '100x48', errors: '0x47 100' });
    const regular = worker({ invocations: '100x48', errors: '0x40 50x8' });
    expect(rare?.errorShareP95).toBe(0);
    expect(regular?.errorShareP95).toBe(0.5);
  });

  it('leaves out hours of an incident, so that a runaway never becomes its own norm', () => {
    const words = { invocations: '100x40 9000x8', errors: '0x40 9000x8' };
    expect(worker(words)?.errorShare).toBeGreaterThan(0.9);
    const without = worker(words, { abnormal: [hoursAt(40, 48)] });
    expect(without).toMatchObject({ hours: 40, errorShare: 0, invocationsMaximum: 100 });
  });

  it('leaves out an hour that an incident only touches, and none that it only borders on', () => {
    const abnormal = [hoursAt(10.9, 12)];
    expect(worker({ invocations: '100x48' }, { abnormal })?.hours).toBe(46);
  });

  it("does not mind other functions' incidents", () => {
    const abnormal = [hoursAt(0, 48, 'another')];
    expect(worker({ invocations: '100x48' }, { abnormal })?.hours).toBe(48);
  });

  it('is absent where no normal hour is left', () => {
    expect(worker({ invocations: '100x48' }, { abnormal: [hoursAt(0, 48)] })).toBeUndefined();
  });

  it('knows the hours of the day, in UTC', () => {
    const day = `${'10 '.repeat(8)}${'200 '.repeat(2)}${'10 '.repeat(14)}`;
    const found = worker({ invocations: day + day });
    expect(found?.invocationsByHour[8]).toBe(200);
    expect(found?.invocationsByHour[10]).toBe(10);
    expect(found?.concurrencyByHour[8]).toBeNaN();
  });

  it('takes the newest two weeks', () => {
    const hours = BASELINE_HOURS + 100;
    const found = worker({ invocations: `9000x100 100x${BASELINE_HOURS}` }, { hours });
    expect(found).toMatchObject({ hours: BASELINE_HOURS, invocationsMaximum: 100 });
  });

  it('of a function that never ran has no share, and no duration', () => {
    const found = worker({});
    expect(found).toMatchObject({ activeHours: 0, hours: 48, errorShare: 0, throttleShare: 0 });
    expect(found?.durationMs).toBeNaN();
    expect(found?.durationMaximumP95Ms).toBeNaN();
  });
});

describe('a history that is nearly all weekend', () => {
  // START_AT is a Thursday: Saturday begins with hour 48, Monday with hour 96.
  it.each([
    ['began on a Saturday', '_x48 5x10', true],
    ['and goes on until Monday afternoon', '_x48 5x67', true],
    ['and has seen most of a working day', '_x48 5x68', false],
    ['and was quiet on that day', '_x48 5x40 _x28', false],
    ['began on Friday evening', '_x44 5x40', true],
    ['began on Thursday', '5x80', false],
    ['began on Friday, and it is Friday', '_x30 5x10', false],
    ['began on Monday', '_x96 5x10', false],
    ['is of one call on a Sunday, long ago', '_x80 1 _x250', false],
    ['has nothing in it', '_x80', false],
  ])('%s', (_, invocations, isOfWeekend) => {
    expect(worker({ invocations }, { hours: series(invocations).length })).toMatchObject({ isOfWeekend });
  });

  it('does not count the hours of an incident', () => {
    const found = worker({ invocations: '_x48 5x100' }, { hours: 148, abnormal: [hoursAt(100, 148)] });
    expect(found).toMatchObject({ isOfWeekend: true });
  });

  it('is known of a queue, too', () => {
    const hours = (text: string) => ({ sent: text, received: text, deleted: text, visible: text });
    expect(orders(hours('_x48 5x40'))).toMatchObject({ isOfWeekend: true });
    expect(orders(hours('5x88'))).toMatchObject({ isOfWeekend: false });
  });
});

describe('the baseline of a queue', () => {
  it('has the share of receives without a delete', () => {
    const found = orders({ sent: '100x48', received: '110x48', deleted: '100x48', visible: '0x48' });
    expect(found?.failedReceiveShare).toBeCloseTo(10 / 110);
    expect(found).toMatchObject({ activeHours: 48, sentPerHour: 100, sentMaximum: 100 });
  });

  it('takes deletes that an hour earlier received for no failures, and never for less than none', () => {
    const found = orders({ sent: '100x4', received: '100x4', deleted: '90 110 100x2', visible: '0x4' });
    expect(found?.failedReceiveShare).toBe(0);
    const more = orders({ sent: '100x4', received: '100x4', deleted: '150x4', visible: '0x4' });
    expect(more?.failedReceiveShare).toBe(0);
  });

  it('of a dead-letter queue has arrivals, from the rise of its depth and deletes', () => {
    const found = orders({ sent: '_x6', received: '_x6', deleted: '_x4 5 _', visible: '0 2 4 6 3 3' });
    expect(found?.arrivalsPerHour).toBe(2);
    expect(found?.arrivalsMaximum).toBe(2);
  });
});

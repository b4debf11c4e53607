import { describe, expect, it } from 'vitest';
import { parseTrace } from '../../src/observe/trace/parse.ts';
import { namedScenarios } from '../../src/simulate/named.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import { minutesWith, total, valuesOf } from '../simulate/read.ts';

function run(name: string) {
  const scenario = namedScenarios[name];
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  return simulate(scenario);
}

describe('incidents that people had', () => {
  it.each(Object.keys(namedScenarios))('%s keeps every message and writes a valid trace', (name) => {
    const { trace, truth } = run(name);
    for (const { balance } of Object.values(truth.conservation)) expect(balance).toBe(0);
    expect(parseTrace(JSON.parse(JSON.stringify(trace))).periods).toBe(namedScenarios[name]?.minutes);
  });

  it('pdf-no-dlq: 192 runs of 15 minutes at 10 GB are $29, hardly the $1,500 that was told', () => {
    const { trace, truth } = run('pdf-no-dlq');
    expect(truth.conservation['scans']).toMatchObject({ sent: 1, received: 192, inFlight: 1 });
    // The run in progress at the end has no metrics yet, but it is paid for.
    expect(total(valuesOf(trace, 'ocr', 'Errors'))).toBe(191);
    expect(truth.wastedUsd['ocr']).toBeCloseTo(192 * 900 * 10 * 1.66667e-5, 1);
  });

  it('no-dlq-4-days: 192 tries, half an hour apart, then the message expires', () => {
    const { trace, truth } = run('no-dlq-4-days');
    expect(truth.conservation['documents']).toMatchObject({ received: 192, expired: 1 });
    const tries = minutesWith(valuesOf(trace, 'embedding', 'Invocations'));
    expect(new Set(tries.slice(1).map((minute, index) => minute - (tries[index] ?? 0)))).toEqual(
      new Set([30]),
    );
  });

  it('retry-8h-silent: 1,000 receives, and the dead-letter queue after 30,000 s', () => {
    const { trace, truth } = run('retry-8h-silent');
    expect(truth.conservation['uploads']).toMatchObject({ received: 1_000, movedToDlq: 1 });
    const dead = minutesWith(valuesOf(trace, 'uploads-dlq', 'ApproximateNumberOfMessagesVisible', 'Maximum'));
    expect(dead[0]).toBeGreaterThanOrEqual(500);
    expect(dead[0]).toBeLessThanOrEqual(501);
  });

  it('throttle-to-dlq: good messages are dead-lettered although not one invocation failed', () => {
    const { trace, truth } = run('throttle-to-dlq');
    expect(total(valuesOf(trace, 'importer', 'Errors'))).toBe(0);
    expect(total(valuesOf(trace, 'importer', 'Throttles'))).toBeGreaterThan(20);
    expect(truth.conservation['rows']?.movedToDlq).toBeGreaterThan(50);
  });

  it('drained-dlq: thousands of dead letters, and a depth that hardly ever shows one', () => {
    const { trace } = run('drained-dlq');
    const depth = valuesOf(trace, 'events-dlq', 'ApproximateNumberOfMessagesVisible', 'Maximum');
    expect(minutesWith(depth)).toEqual([]);
    expect(total(valuesOf(trace, 'events-dlq', 'NumberOfMessagesSent'))).toBe(0);
    expect(total(valuesOf(trace, 'events-dlq', 'NumberOfMessagesReceived'))).toBeGreaterThan(3_000);
  });

  it('timeout-redelivery: a document is done 3.3 times', () => {
    const { truth } = run('timeout-redelivery');
    const { received = 0, deleted = 1 } = truth.conservation['documents'] ?? {};
    expect(received / deleted).toBeGreaterThan(3.1);
    expect(received / deleted).toBeLessThan(3.6);
  });

  it('requeue-copy: nothing fails, nothing is redelivered, and nearly all of the work is superfluous', () => {
    const { trace, truth } = run('requeue-copy');
    expect(total(valuesOf(trace, 'thumbnails', 'Errors'))).toBe(0);
    const { sent, received } = truth.conservation['images'] ?? {};
    expect(received).toBeLessThanOrEqual(sent ?? 0);
    expect(truth.excessUsd['thumbnails']).toBeGreaterThan(0.9 * (truth.byFunctionUsd['thumbnails'] ?? 0));
  });
});

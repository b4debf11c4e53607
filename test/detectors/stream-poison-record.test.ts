import { describe, expect, it } from 'vitest';
import { streamPoisonRecord } from '../../detectors/stream-poison-record.ts';
import { MINUTE_MS } from '../../src/model/time.ts';
import { baselines, kinds, onsetMinute, type Scene, told, windowOf } from './build.ts';

const climb = Array.from({ length: 20 }, (_, i) => (i + 1) * MINUTE_MS).join(' ');
const stream = { kind: 'kinesis', source: 'clicks' } as const;

const BLOCKED: Scene = {
  source: stream,
  lambda: { invocations: '10x60', errors: '0x40 10x20', iteratorAgeMaximumMs: `500x40 ${climb}` },
};

const evaluate = (scene: Scene) => told(streamPoisonRecord.evaluate(windowOf(scene), baselines()));

describe('stream-poison-record', () => {
  it('opens where a shard stands still and its batch is retried', () => {
    const [found] = evaluate(BLOCKED);
    if (found === undefined) throw new Error('no finding');
    expect(found).toMatchObject({ functions: ['worker'], selfEnd: { kind: 'never' } });
    expect(onsetMinute(found)).toBeCloseTo(40, 0);
    expect(kinds(found)).toEqual(['failed-share', 'iterator-age', 'unlimited-retries']);
  });

  it('knows that limited retries end it', () => {
    const [found] = evaluate({ ...BLOCKED, source: { ...stream, maximumRetryAttempts: 10 } });
    expect(found?.selfEnd).toEqual({ kind: 'drained', afterSeconds: 300 });
    expect(found && kinds(found)).not.toContain('unlimited-retries');
  });

  it('sees one shard of many stand still: few errors, the same records each time', () => {
    const [found] = evaluate({
      source: stream,
      fn: { timeoutSeconds: 300 },
      lambda: {
        invocations: '50x60',
        errors: '0x30 1 0x4 1 0x4 1 0x4 1 0x4 1 0x4 1 0x4',
        iteratorAgeMaximumMs: `500x30 ${[0, 5, 10, 15, 20, 25].map((m) => `${(m + 2) * MINUTE_MS} 500x4`).join(' ')}`,
      },
    });
    if (found === undefined) throw new Error('no finding');
    expect(kinds(found)).toEqual(expect.arrayContaining(['same-records', 'iterator-age']));
    expect(onsetMinute(found)).toBe(30);
    expect(found.isOngoing).toBe(true);
  });

  it('lets errors decide alone where IteratorAge was not read', () => {
    const { iteratorAgeMaximumMs: _, ...lambda } = BLOCKED.lambda ?? {};
    const [found] = evaluate({ ...BLOCKED, lambda });
    expect(found && kinds(found)).toEqual(['failed-share', 'unlimited-retries']);
  });

  it('bridges a newest minute of IteratorAge that is late', () => {
    const late = BLOCKED.lambda?.iteratorAgeMaximumMs?.replace(/ \S+$/, ' _') ?? '';
    const [found] = evaluate({ ...BLOCKED, lambda: { ...BLOCKED.lambda, iteratorAgeMaximumMs: late } });
    expect(found?.onsetAt).toBe(evaluate(BLOCKED)[0]?.onsetAt);
  });

  it.each<[string, Scene]>([
    [
      'records that fail and pass',
      { ...BLOCKED, lambda: { ...BLOCKED.lambda, iteratorAgeMaximumMs: '500x60' } },
    ],
    [
      'a consumer that falls behind but does not fail',
      { ...BLOCKED, lambda: { ...BLOCKED.lambda, errors: '0x60' } },
    ],
    [
      'a deploy that has been failing for four minutes',
      {
        source: stream,
        lambda: {
          invocations: '10x60',
          errors: '0x56 10x4',
          iteratorAgeMaximumMs: '500x56 60000 120000 180000 240000',
        },
      },
    ],
    ['a function that reads a queue', { ...BLOCKED, source: {} }],
    ['a function that is called', { ...BLOCKED, source: null }],
    [
      'errors that were not read',
      { source: stream, lambda: { invocations: '10x60', iteratorAgeMaximumMs: '9000000x60' } },
    ],
    [
      'minutes without a datapoint',
      { source: stream, lambda: { invocations: '10x40 _x20', errors: '0x40 _x20' } },
    ],
  ])('does not open for %s', (_name, scene) => {
    expect(evaluate(scene)).toEqual([]);
  });
});

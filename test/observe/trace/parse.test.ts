import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/model/errors.ts';
import { parseTrace } from '../../../src/observe/trace/parse.ts';
import { errorsSeries, traceDocument } from './documents.ts';

describe('parseTrace', () => {
  it('reads inventory, series and missing datapoints', () => {
    const trace = parseTrace(traceDocument());
    expect(trace.inventory.functions[0]?.eventSources[0]?.source).toBe('orders');
    expect([...(trace.functions.get('worker')?.errors?.final ?? [])]).toEqual([0, 0, 3, Number.NaN, 0, 0]);
    expect(trace.startAt).toBe(Date.parse('2026-11-01T00:00:00Z'));
  });

  it('ignores unknown fields, metrics and namespaces, and fills in what may be absent', () => {
    const trace = parseTrace(
      traceDocument({
        comment: 'anything',
        series: [
          errorsSeries({ metric: 'Brandnew' }),
          errorsSeries({ namespace: 'AWS/Kinesis', dimensions: {} }),
        ],
      }),
    );
    expect(trace.functions.get('worker')).toEqual({});
    expect(trace.moveTasks).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['another format', { format: 'firebreak-trace/2' }, /^trace: format: /],
    ['no start', { start: undefined }, /^trace: start: /],
    ['a start that is no instant', { start: 'yesterday' }, /^trace: start: /],
    ['periods of another length', { periodSeconds: 300 }, /^trace: periodSeconds: /],
    ['no periods', { periods: 0 }, /^trace: periods: /],
    ['functions that are no list', { functions: {} }, /^trace: functions: /],
    [
      'a series of the wrong length',
      { series: [errorsSeries({ values: [1] })] },
      /series\[0\]\.values: must have 6 values .* has 1/,
    ],
    [
      'a negative count',
      { series: [errorsSeries({ values: [0, -1, 0, 0, 0, 0] })] },
      /series\[0\]\.values\[1\]: must be a number >= 0 or null, is -1/,
    ],
    [
      'a text for a number',
      { series: [errorsSeries({ values: [0, '7', 0, 0, 0, 0] })] },
      /series\[0\]\.values\[1\].*"7"/,
    ],
    [
      'an unknown function',
      { series: [errorsSeries({ dimensions: { FunctionName: 'x' } })] },
      /series\[0\]\.dimensions\.FunctionName: unknown function "x"/,
    ],
    [
      'an unknown queue',
      {
        series: [
          errorsSeries({
            namespace: 'AWS/SQS',
            metric: 'NumberOfMessagesSent',
            dimensions: { QueueName: 'x' },
          }),
        ],
      },
      /series\[0\]\.dimensions\.QueueName: unknown queue "x"/,
    ],
    [
      'a late entry outside the trace',
      { series: [errorsSeries({ late: [[6, 1, 1]] })] },
      /series\[0\]\.late\[0\]\[0\]/,
    ],
    [
      'a late entry of two',
      { series: [errorsSeries({ late: [[1, 1]] })] },
      /series\[0\]\.late\[0\]: must be/,
    ],
    [
      'a late sum of nothing',
      { series: [errorsSeries({ late: [[1, 1, null]] })] },
      /series\[0\]\.late\[0\]\[2\]/,
    ],
    [
      'two queues of one name',
      {
        queues: [
          { name: 'q', visibilityTimeoutSeconds: 1, messageRetentionSeconds: 60 },
          { name: 'q', visibilityTimeoutSeconds: 1, messageRetentionSeconds: 60 },
        ],
        functions: [],
        series: [],
      },
      /queues\[1\]\.name: "q" is listed twice/,
    ],
    [
      'a dead-letter queue that is not listed',
      {
        queues: [
          {
            name: 'orders',
            visibilityTimeoutSeconds: 1,
            messageRetentionSeconds: 60,
            redrive: { deadLetterQueue: 'gone', maxReceiveCount: 3 },
          },
        ],
      },
      /queues\[0\]\.redrive\.deadLetterQueue: unknown queue "gone"/,
    ],
  ])('refuses %s in one line that names the field', (_, overrides, message) => {
    const parse = () => parseTrace(traceDocument(overrides));
    expect(parse).toThrow(InputError);
    expect(parse).toThrow(message);
    try {
      parse();
    } catch (error) {
      expect((error as Error).message).not.toContain('\n');
    }
  });

  it('never fails in any other way, whatever the document', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('functions', 'queues', 'series', 'moveTasks', 'start', 'periods'),
        (value, key) => {
          try {
            parseTrace(traceDocument({ [key]: value }));
          } catch (error) {
            expect(error).toBeInstanceOf(InputError);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('never fails in any other way when one part of a series is replaced', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('values', 'late', 'dimensions', 'metric', 'stat', 'namespace'),
        (value, key) => {
          try {
            parseTrace(traceDocument({ series: [errorsSeries({ [key]: value })] }));
          } catch (error) {
            expect(error).toBeInstanceOf(InputError);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

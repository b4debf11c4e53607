import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLog, embeddedMetrics } from '../../src/handlers/log.ts';
import { METRIC_UNITS, type MetricName } from '../../src/handlers/metric-names.ts';

const NOW = Date.parse('2026-11-24T04:12:00Z');

function logged(act: (log: ReturnType<typeof createLog>) => void): readonly Record<string, unknown>[] {
  const lines: string[] = [];
  act(
    createLog({
      write: (line) => lines.push(line),
      now: () => NOW,
      monitor: 'Prod',
      fields: { handler: 'tick' },
    }),
  );
  return lines.map((line) => {
    expect(line.endsWith('\n') && line.indexOf('\n') === line.length - 1, 'one line').toBe(true);
    return JSON.parse(line) as Record<string, unknown>;
  });
}

describe('the log', () => {
  it('writes one JSON line with level, time, deployment and fields', () => {
    expect(logged((log) => log.warn('could not read', { incidentId: 'retry-loop-orders' }))).toEqual([
      {
        level: 'WARN',
        time: '2026-11-24T04:12:00Z',
        message: 'could not read',
        monitor: 'Prod',
        handler: 'tick',
        incidentId: 'retry-loop-orders',
      },
    ]);
  });

  it('shows an error with its name, its stack and what caused it, also where it is deep in the fields', () => {
    const error = new TypeError('no such table', { cause: new Error('denied') });
    const [line] = logged((log) => log.error('tick failed', { error }));
    expect(line?.['error']).toMatchObject({
      name: 'TypeError',
      message: 'no such table',
      stack: expect.stringContaining('log.test.ts'),
      cause: { message: 'denied' },
    });
  });

  it('a message with line breaks stays one line', () => {
    expect(logged((log) => log.info('a\nb'))[0]?.['message']).toBe('a\nb');
  });
});

interface EmbeddedMetrics {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
  readonly [key: string]: unknown;
}

describe('embeddedMetrics', () => {
  it('is a document of the embedded metric format', () => {
    expect(embeddedMetrics({ Heartbeat: 1, TickDurationMs: 812 }, { at: NOW, monitor: 'Prod' })).toEqual({
      _aws: {
        Timestamp: NOW,
        CloudWatchMetrics: [
          {
            Namespace: 'Firebreak',
            Dimensions: [['Monitor']],
            Metrics: [
              { Name: 'Heartbeat', Unit: 'Count' },
              { Name: 'TickDurationMs', Unit: 'Milliseconds' },
            ],
          },
        ],
      },
      Monitor: 'Prod',
      Heartbeat: 1,
      TickDurationMs: 812,
    });
  });

  it('names exactly the values that it has, whatever they are, and never one that is no number', () => {
    const names = Object.keys(METRIC_UNITS) as MetricName[];
    const values = fc.dictionary(fc.constantFrom(...names), fc.double());
    fc.assert(
      fc.property(values, (given) => {
        const document = embeddedMetrics(given, { at: NOW, monitor: 'Prod' }) as EmbeddedMetrics;
        const named = document._aws.CloudWatchMetrics[0]?.Metrics.map(({ Name }) => Name) ?? [];
        const finite = names.filter((name) => Number.isFinite(given[name]));
        expect(named).toEqual(finite);
        for (const name of names) expect(name in document).toBe(finite.includes(name));
      }),
    );
  });
});

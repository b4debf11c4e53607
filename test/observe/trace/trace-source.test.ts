import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../../src/model/time.ts';
import type { Window } from '../../../src/model/window.ts';
import { parseTrace } from '../../../src/observe/trace/parse.ts';
import { tickAt, traceSource } from '../../../src/observe/trace/trace-source.ts';
import { errorsSeries, traceDocument } from './documents.ts';

function errorsOf(window: Window): number[] {
  return [...(window.functions.get('worker')?.errors ?? [])];
}

async function replay(document: Record<string, unknown>): Promise<number[][]> {
  const trace = parseTrace(document);
  const source = traceSource(trace);
  const seen: number[][] = [];
  for (let period = 0; period < trace.periods; period++) {
    seen.push(errorsOf(await source.window(tickAt(trace, period))));
  }
  return seen;
}

describe('traceSource', () => {
  it('shows at each tick the periods that have ended and were published', async () => {
    expect(await replay(traceDocument())).toEqual([
      [0],
      [0, 0],
      [0, 0, 3],
      [0, 0, 3, Number.NaN],
      [0, 0, 3, Number.NaN, 0],
      [0, 0, 3, Number.NaN, 0, 0],
    ]);
  });

  it('withholds late parts of a sum until their delay is over, and adds them up', async () => {
    const late = [
      [2, 1, 1],
      [2, 3, 2],
    ];
    const seen = await replay(traceDocument({ series: [errorsSeries({ late })] }));
    expect(seen.map((errors) => errors[2])).toEqual([undefined, undefined, 0, 1, 1, 3]);
  });

  it('shows the earlier figure of an average or maximum, or none, until its delay is over', async () => {
    const series = errorsSeries({
      metric: 'Duration',
      stat: 'Maximum',
      values: [5, 5, 900, 5, 5, 5],
      late: [
        [2, 1, null],
        [2, 2, 40],
      ],
    });
    const trace = parseTrace(traceDocument({ series: [series] }));
    const source = traceSource(trace);
    const shown: (number | undefined)[] = [];
    for (let period = 2; period < 6; period++) {
      const window = await source.window(tickAt(trace, period));
      shown.push(window.functions.get('worker')?.durationMaximumMs?.[2]);
    }
    expect(shown).toEqual([Number.NaN, 40, 900, 900]);
  });

  it('only ever adds to a sum as late data arrives, and ends with the final figures', async () => {
    const entry = fc.tuple(fc.nat(5), fc.nat(4), fc.double({ min: 0, max: 3, noNaN: true }));
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 6 }), async (late) => {
        const withheld = [0, 0, 0, 0, 0, 0];
        for (const [period, , value] of late) withheld[period] = (withheld[period] as number) + value;
        const values = withheld.map((value) => value + 1);
        const seen = await replay(traceDocument({ series: [errorsSeries({ values, late })] }));
        for (let period = 0; period < 6; period++) {
          for (let tick = period + 1; tick < 6; tick++) {
            expect(seen[tick]?.[period]).toBeGreaterThanOrEqual((seen[tick - 1]?.[period] as number) - 1e-9);
          }
        }
        late
          .filter(([period, delay]) => period + delay <= 5)
          .forEach(([period]) => {
            if (late.every(([p, d]) => p !== period || p + d <= 5)) {
              expect(seen[5]?.[period]).toBe(values[period]);
            }
          });
      }),
    );
  });

  it('goes forward only, and may be asked twice for the same instant', async () => {
    const trace = parseTrace(traceDocument());
    const source = traceSource(trace);
    const now = tickAt(trace, 3);
    const first = errorsOf(await source.window(now));
    expect(errorsOf(await source.window(now))).toEqual(first);
    expect(() => source.window(now - MINUTE_MS)).toThrow(/forward only/);
  });

  it('knows only the move tasks that have begun', async () => {
    const moveTasks = [
      { queue: 'orders-dlq', startedAt: '2026-11-01T00:04:30Z', status: 'COMPLETED', moved: 9 },
    ];
    const trace = parseTrace(traceDocument({ moveTasks }));
    const source = traceSource(trace);
    expect((await source.window(tickAt(trace, 2))).moveTasks).toEqual([]);
    expect((await source.window(tickAt(trace, 4))).moveTasks).toHaveLength(1);
  });
});

import { describe, expect, it } from 'vitest';
import { observedUse, parseReportLine } from '../../src/audit/report-lines.ts';

const COLD =
  'REPORT RequestId: bf5f58db-ef7d-4cb2-b3c6-266eba1bbedb\tDuration: 395.99 ms\tBilled Duration: 662 ms\tMemory Size: 512 MB\tMax Memory Used: 301 MB\tInit Duration: 265.72 ms\t\n';
const WARM =
  'REPORT RequestId: 00000000-0000-0000-0000-000000000000\tDuration: 1.79 ms\tBilled Duration: 2 ms\tMemory Size: 128 MB\tMax Memory Used: 46 MB\t\n';
const JSON_LINE = JSON.stringify({
  time: '2026-11-24T10:00:00Z',
  type: 'platform.report',
  record: {
    requestId: 'x',
    metrics: {
      durationMs: 120.5,
      billedDurationMs: 121,
      memorySizeMB: 256,
      maxMemoryUsedMB: 90,
      initDurationMs: 210.1,
    },
  },
});

describe('parseReportLine', () => {
  it.each([
    ['a cold start', COLD, { durationMs: 395.99, billedMs: 662, maxMemoryUsedMB: 301, initMs: 265.72 }],
    ['a warm start', WARM, { durationMs: 1.79, billedMs: 2, maxMemoryUsedMB: 46, initMs: null }],
    ['a JSON report', JSON_LINE, { durationMs: 120.5, billedMs: 121, maxMemoryUsedMB: 90, initMs: 210.1 }],
  ])('reads %s', (_, message, expected) => {
    expect(parseReportLine(message, 5)).toEqual({ at: 5, ...expected });
  });

  it.each([
    ['another line', 'START RequestId: x Version: $LATEST'],
    ['half a report', 'REPORT RequestId: x\tDuration: 1 ms'],
    ['other JSON', '{"type":"platform.start","record":{}}'],
    ['broken JSON', '{"type":"platform.report"'],
    ['a report without figures', '{"type":"platform.report","record":{"metrics":{}}}'],
    ['nothing', ''],
  ])('is silent about %s', (_, message) => {
    expect(parseReportLine(message, 0)).toBeNull();
  });
});

describe('observedUse', () => {
  const lines = [COLD, WARM].map((message, index) => parseReportLine(message, index * 3_600_000));

  it('takes maxima of duration and memory, averages of bill and INIT', () => {
    expect(
      observedUse(
        lines.filter((line) => line !== null),
        24,
      ),
    ).toEqual({
      invocations: 2,
      maxDurationMs: 395.99,
      averageBilledMs: 332,
      maxMemoryUsedMB: 301,
      coldStarts: 1,
      averageInitMs: 265.72,
      averageFirstRunMs: 395.99,
      medianWarmRunMs: 1.79,
      hours: 24,
    });
  });

  it('covers the time from first to last line where the day is cut', () => {
    expect(observedUse(lines.filter((line) => line !== null)).hours).toBe(1);
  });

  it('is all zero without lines', () => {
    expect(observedUse([], 24)).toMatchObject({ invocations: 0, maxDurationMs: 0, averageInitMs: 0 });
  });
});

import { HOUR_MS } from '../model/time.ts';
import { median } from '../stats/series.ts';
import type { ObservedUse } from './subject.ts';

/** One invocation as Lambda's REPORT line has it. */
export interface ReportLine {
  readonly at: number;
  readonly durationMs: number;
  readonly billedMs: number;
  readonly maxMemoryUsedMB: number;
  /** `null`: a warm start. */
  readonly initMs: number | null;
}

/** Reads a REPORT line, as text or as JSON (`platform.report`); `null`: it is none. */
export function parseReportLine(message: string, at: number): ReportLine | null {
  return message.trimStart().startsWith('{') ? parseJsonReport(message, at) : parseTextReport(message, at);
}

function parseTextReport(message: string, at: number): ReportLine | null {
  if (!message.startsWith('REPORT ')) return null;
  const figure = (label: RegExp) => {
    const [, text] = label.exec(message) ?? [];
    return text === undefined ? null : Number(text);
  };
  const durationMs = figure(/\bDuration: ([\d.]+) ms/);
  const billedMs = figure(/\bBilled Duration: ([\d.]+) ms/);
  const maxMemoryUsedMB = figure(/\bMax Memory Used: ([\d.]+) MB/);
  if (durationMs === null || billedMs === null || maxMemoryUsedMB === null) return null;
  return { at, durationMs, billedMs, maxMemoryUsedMB, initMs: figure(/\bInit Duration: ([\d.]+) ms/) };
}

function parseJsonReport(message: string, at: number): ReportLine | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(message);
  } catch {
    return null;
  }
  const { type, record } = parsed as { type?: unknown; record?: { metrics?: Record<string, unknown> } };
  const metrics = record?.metrics;
  if (type !== 'platform.report' || typeof metrics !== 'object' || metrics === null) return null;
  const { durationMs, billedDurationMs, maxMemoryUsedMB, initDurationMs } = metrics;
  if (typeof durationMs !== 'number' || typeof billedDurationMs !== 'number') return null;
  if (typeof maxMemoryUsedMB !== 'number') return null;
  const initMs = typeof initDurationMs === 'number' ? initDurationMs : null;
  return { at, durationMs, billedMs: billedDurationMs, maxMemoryUsedMB, initMs };
}

/** Shortest time that a month may be projected from. */
const HOURS_MIN = 1 / 60;

/** What some invocations used. `hours`: what they cover; absent: from the first to the last of them. */
export function observedUse(lines: readonly ReportLine[], hours?: number): ObservedUse {
  const total = (figure: (line: ReportLine) => number) => lines.reduce((sum, line) => sum + figure(line), 0);
  const most = (figure: (line: ReportLine) => number) =>
    lines.reduce((max, line) => Math.max(max, figure(line)), 0);
  const cold = lines.filter(({ initMs }) => initMs !== null);
  const coldStarts = cold.length;
  const warm = lines.filter(({ initMs }) => initMs === null).map(({ durationMs }) => durationMs);
  const first = lines.reduce((min, { at }) => Math.min(min, at), Number.POSITIVE_INFINITY);
  const last = most(({ at }) => at);
  return {
    invocations: lines.length,
    maxDurationMs: most(({ durationMs }) => durationMs),
    averageBilledMs: lines.length === 0 ? 0 : total(({ billedMs }) => billedMs) / lines.length,
    maxMemoryUsedMB: most(({ maxMemoryUsedMB }) => maxMemoryUsedMB),
    coldStarts,
    averageInitMs: coldStarts === 0 ? 0 : total(({ initMs }) => initMs ?? 0) / coldStarts,
    averageFirstRunMs:
      coldStarts === 0 ? 0 : cold.reduce((sum, { durationMs }) => sum + durationMs, 0) / coldStarts,
    medianWarmRunMs: warm.length === 0 ? 0 : median(warm),
    hours: Math.max(HOURS_MIN, hours ?? (lines.length === 0 ? 0 : (last - first) / HOUR_MS)),
  };
}

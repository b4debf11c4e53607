import { GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { observedUse, parseReportLine, type ReportLine } from '../../audit/report-lines.ts';
import type { ObservedUse } from '../../audit/subject.ts';
import { DAY_MS, type EpochMs, SECOND_MS } from '../../model/time.ts';
import type { AuditWire } from './audit-wire.ts';

/** Enough invocations for a maximum and an average; a busy function writes them in minutes. */
const PAGES_MAX = 3;
const EVENTS_PER_PAGE = 1_000;
const HOURS_PER_DAY = 24;

/** What REPORT lines of the last day say of a function, and how much it logs; `undefined`: they could not be read. */
export async function readReports(
  wire: AuditWire,
  logGroupName: string,
  now: EpochMs,
): Promise<ObservedUse | undefined> {
  const lines: ReportLine[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const command = new FilterLogEventsCommand({
      logGroupName,
      startTime: now - DAY_MS,
      endTime: now,
      // Text and JSON logs alike.
      filterPattern: '?"REPORT RequestId" ?"platform.report"',
      limit: EVENTS_PER_PAGE,
      nextToken,
    });
    const output = await wire.ask('FilterLogEvents', logGroupName, (options) =>
      wire.clients.logs.send(command, options),
    );
    if (output == null) return undefined;
    for (const { message = '', timestamp = now } of output.events ?? []) {
      const line = parseReportLine(message, timestamp);
      if (line !== null) lines.push(line);
    }
    nextToken = output.nextToken;
    if (nextToken === undefined) break;
  }
  // Cut off before the day is over, they cover the time from the first to the last.
  const use = observedUse(lines, nextToken === undefined ? HOURS_PER_DAY : undefined);
  return { ...use, logBytesPerDay: await readLogBytes(wire, logGroupName, now) };
}

/** What the log group took in within the last day. CloudWatch's statistics are free up to a million calls a month. */
async function readLogBytes(
  wire: AuditWire,
  logGroupName: string,
  now: EpochMs,
): Promise<number | undefined> {
  const command = new GetMetricStatisticsCommand({
    Namespace: 'AWS/Logs',
    MetricName: 'IncomingBytes',
    Dimensions: [{ Name: 'LogGroupName', Value: logGroupName }],
    StartTime: new Date(now - DAY_MS),
    EndTime: new Date(now),
    Period: DAY_MS / SECOND_MS,
    Statistics: ['Sum'],
  });
  const output = await wire.ask('GetMetricStatistics', logGroupName, (options) =>
    wire.clients.cloudWatch.send(command, options),
  );
  // No datapoint in a day: nothing was written.
  return output == null ? undefined : (output.Datapoints ?? []).reduce((sum, { Sum }) => sum + (Sum ?? 0), 0);
}

import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { observedUse, parseReportLine, type ReportLine } from '../../audit/report-lines.ts';
import type { ObservedUse } from '../../audit/subject.ts';
import { DAY_MS, type EpochMs } from '../../model/time.ts';
import type { AuditWire } from './audit-wire.ts';

/** Enough invocations for a maximum and an average; a busy function writes them in minutes. */
const PAGES_MAX = 3;
const EVENTS_PER_PAGE = 1_000;
const HOURS_PER_DAY = 24;

/** What REPORT lines of the last day say of a function; `undefined`: they could not be read. */
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
    if (nextToken === undefined) return observedUse(lines, HOURS_PER_DAY);
  }
  return observedUse(lines);
}

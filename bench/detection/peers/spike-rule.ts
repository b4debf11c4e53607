import type { Trace } from '../../../src/observe/trace/format.ts';
import { tickAt } from '../../../src/observe/trace/trace-source.ts';
import { metricSource } from '../cloudwatch/metric.ts';
import type { Page } from '../page.ts';

const EVERY_MINUTES = 60;
const SHORT_MINUTES = 5;
const BASELINE_MINUTES = 7 * 24 * 60;
const RATIO = 10;

/**
 * The spike rule of aws-cost-guardian (v2.0.1, `_check_lambda_spike`): once an hour, invocations of the newest five minutes
 * against the mean of seven days, ten times and more is a spike; a function without invocations before is one too. The mean is
 * over the minutes that the trace has: dividing by seven days, as it does, would make a spike of every young account.
 */
export function spikePages(trace: Trace, minuteOfHour: number): readonly Page[] {
  const source = metricSource(trace);
  const readers = trace.inventory.functions.map(({ name }) => ({
    name,
    read: source.reader({ namespace: 'AWS/Lambda', metric: 'Invocations', stat: 'Sum', resource: name }),
  }));
  const spiking = new Set<string>();
  const pages: Page[] = [];
  for (let tick = minuteOfHour; tick < trace.periods; tick += EVERY_MINUTES) {
    source.advance(tick);
    const now = tickAt(trace, tick);
    // The newest minute is not published yet when it asks for five.
    const unreadable = Math.ceil(trace.publishDelayMs / 60_000);
    for (const { name, read } of readers) {
      const recent = (read(tick + 1 + unreadable - SHORT_MINUTES, tick + 1) || 0) / SHORT_MINUTES;
      const from = Math.max(0, tick + 1 - BASELINE_MINUTES);
      const usual = (read(from, tick + 1) || 0) / (tick + 1 - from);
      const isSpike = recent > 0 && recent >= RATIO * usual;
      if (isSpike && !spiking.has(name)) pages.push({ at: now, resources: [name], what: 'spike' });
      if (isSpike) spiking.add(name);
      else spiking.delete(name);
    }
  }
  return pages;
}

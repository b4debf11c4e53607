import { formatDuration, formatUsd } from '../../model/format.ts';
import type { Incident } from '../../model/incident.ts';
import { type IncidentJson, incidentJson } from '../../model/incident-json.ts';
import { toIso } from '../../model/time.ts';
import { readTraceFile } from '../../observe/trace/read-file.ts';
import { backtest } from '../../replay/backtest.ts';
import { costOf } from '../../replay/cost.ts';
import { type BacktestDocument, backtestDocument } from '../../replay/document.ts';
import { loadConfig } from '../config-file.ts';
import type { Io } from '../io.ts';
import type { Register } from '../register.ts';
import { renderTable } from '../table.ts';

interface Options {
  readonly json?: boolean;
  readonly config?: string;
}

/** `firebreak backtest`: what the monitor would have said, on recorded data, tick by tick. */
export const registerBacktest: Register = (program, io) => {
  program
    .command('backtest')
    .description('Replays a recorded trace through the monitor: what it would have said, and when')
    .argument('<trace>', 'a firebreak-trace/1 file, .json or .json.gz')
    .option('--config <file>', 'configuration file')
    .option('--json', 'print one JSON document (firebreak-backtest/1)')
    .addHelpText(
      'after',
      '\nExample:\n  firebreak record --since 24h -o trace.json.gz && firebreak backtest trace.json.gz',
    )
    .action(async (path: string, options: Options) => {
      const config = await loadConfig(io, options.config);
      const trace = await readTraceFile(path);
      const result = await backtest(trace, { config, onProgress: (share) => progress(io, share) });
      progress(io, 1);
      const document = backtestDocument(trace, result, costOf(trace, config.pricing));
      io.stdout(
        options.json === true
          ? `${JSON.stringify(document, null, 2)}\n`
          : summary(document, result.incidents),
      );
    });
};

function progress(io: Io, share: number): void {
  if (!io.isTty) return;
  io.stderr(share < 1 ? `\rreplaying ${Math.round(share * 100)} %` : '\r\u001b[K');
}

/** Pages of which the time is said; the table has all. */
const PAGES_NAMED = 5;

function summary(document: BacktestDocument, incidents: readonly Incident[]): string {
  const { trace, cost, monitorCost } = document;
  const lines = [
    `${trace.start} to ${trace.end} in ${trace.region}: ${trace.ticks} ticks, ${formatUsd(cost.totalUsd)} spent`,
    ...outcome(document),
    `Reading this data every minute would have cost ${formatUsd(monitorCost.usd)} at list price.`,
  ];
  if (incidents.length === 0) return `${lines.join('\n')}\n`;
  return `${lines.join('\n')}\n\n${table(incidents)}\n${incidents.map(story).join('\n')}`;
}

/** What it would have meant to have had the monitor, in words. */
function outcome({ trace, summary: { pagedAt, warnings, ...money } }: BacktestDocument): readonly string[] {
  const span = formatDuration(Date.parse(trace.end) - Date.parse(trace.start));
  const warned = warnings === 0 ? '' : `, and warned ${times(warnings)}`;
  if (pagedAt.length === 0) {
    return [`In the ${span} of this trace firebreak would have paged nobody${warned}.`];
  }
  const named = pagedAt.slice(0, PAGES_NAMED).map((at) => at.slice(0, 16).replace('T', ' '));
  const more = pagedAt.length - named.length;
  const when = `${named.join(', ')} UTC${more === 0 ? '' : ` and ${more} more`}`;
  return [
    `In the ${span} of this trace firebreak would have paged ${times(pagedAt.length)}, at ${when}${warned}.`,
    `${formatUsd(money.wastedUsd)} was wasted; stopping each ${money.reactionMinutes} min after its page would have saved about ${formatUsd(money.savedUsd)}.`,
  ];
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function table(incidents: readonly Incident[]): string {
  return renderTable(
    [
      { title: 'severity' },
      { title: 'detector' },
      { title: 'function or queue', widthMax: 40 },
      { title: 'onset' },
      { title: 'told after', align: 'right' },
      { title: '$/h', align: 'right' },
      { title: 'wasted', align: 'right' },
      { title: 'state' },
    ],
    incidents.map((incident) => [
      incident.severity,
      incident.detector,
      incident.functionName ?? incident.queueName ?? '',
      toIso(incident.onsetAt),
      formatDuration((incident.openedAt ?? incident.evaluatedAt) - incident.onsetAt),
      formatUsd(incident.burn.usdPerHour),
      formatUsd(incident.burn.wastedUsd),
      incident.state,
    ]),
  );
}

function story(incident: Incident): string {
  const json: IncidentJson = incidentJson(incident);
  const evidence = json.evidence.map(({ text }) => `  - ${text}`);
  return `${[`${incident.id}: ${json.recommendation.command}`, ...evidence].join('\n')}\n`;
}

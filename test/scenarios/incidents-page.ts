import type { Alert } from '../../src/model/alert.ts';
import { formatDuration, formatUsd } from '../../src/model/format.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/model/time.ts';
import type { BacktestResult } from '../../src/replay/backtest.ts';
import { story } from '../../src/respond/alert/words.ts';
import type { IncidentText } from './format.ts';
import type { Named } from './load.ts';
import type { Played } from './play.ts';
import { costsOf } from './waste.ts';

export interface PlayedIncident extends Named<IncidentText> {
  readonly played: Played;
  /** The same where firebreak is told no dollars of other services; `null`: it is told none. */
  readonly untold: BacktestResult | null;
}

const INTRODUCTION = `# Incidents that people had

What firebreak would have said of incidents that others have written about, when, and what that would have saved. Made from
\`test/scenarios/incidents/\` by a test: the figures people published go into the [simulator](simulator.md), its trace through the very tick
that runs in production. \`npx vitest run --project unit test/scenarios -u\` writes this page anew, and the test fails when it is out of date.

- **Graded** A: first-hand, with figures. B: second-hand. C: the figures do not add up, and only the shape is rebuilt.
- **Wasted** is what failed or need not have been done, for as long as it really lasted, by the ledger of the simulator: list prices of Lambda
  and SQS, and of other services where that is said. What is longer than the simulation goes on as it was at its end.
- **Saved** is what was wasted later than ten minutes after the page. A warning wakes nobody; it is taken to be acted on after eight hours.
- What the published figures leave open is ours, and named. An account here has one function or two, and hours of history.
`;

/** What has no queue and no function, or nothing to simulate, and why. */
const LEFT_OUT = `## Left out

- **cloudrun-recursion** (A, blog.tomilkieway.com/72k-1): $72,000 of Firestore reads by a crawler on Cloud Run that called itself. Neither
  Lambda nor SQS is in it. The shape is that of \`alarm-lag-recursion\`.

Three are about guards that failed, and have no traffic to simulate. What they teach is built in and tested elsewhere:

| incident | what failed | what firebreak does |
|---|---|---|
| dead-rollup-reads-zero (A, Embassy-of-the-Free-Mind/sourcelibrary-v2) | a summary of costs stopped for seven weeks, and the dashboard said $0.00 | what cannot be read is a [gap](operations.md#gaps), never a zero; a tick that does not finish trips the [dead-man alarm](operations.md#is-it-alive) |
| alarm-never-delivered (A, aws-solutions-library-samples/accelerated-intelligent-document-processing-on-aws #767) | alarms changed state, and every message was refused for lack of a permission on a key | \`firebreak test-alert\` sends a real alert over each channel; the [health topic](deployment.md) has no key |
| handler-dlq-unwatched (A, Bike4Mind/bike4mind #164) | the dead-letter queue of the alarm's own handler had no alarm | every [alarm about firebreak](deployment.md#when-firebreak-itself-is-ill) goes to the health topic, past its own handlers |
`;

export function incidentsPage(all: readonly PlayedIncident[]): string {
  const rows = all.map(rowOf);
  const header = [
    '| incident | published | wasted | first alert | page | wasted by then | saved |',
    '|---|---|---|---|---|---|---|',
  ];
  return [INTRODUCTION, ...header, ...rows, '', ...all.map(sectionOf), LEFT_OUT].join('\n');
}

function rowOf(incident: PlayedIncident): string {
  const { name, text, played } = incident;
  const costs = costsOf(text, played);
  const [first] = played.result.alerts;
  const page = pageOf(played.result);
  const cells = [
    `[${name}](#${name})`,
    text.incident.published.split(/[;.] /)[0],
    formatUsd(costs.wastedUsd),
    first === undefined ? 'none' : after(incident, first),
    page === undefined ? 'none' : after(incident, page),
    costs.untilToldUsd === null ? '' : formatUsd(costs.untilToldUsd),
    costs.untilToldUsd === null ? '' : savedOf(costs.savedUsd),
  ];
  return `| ${cells.join(' | ')} |`;
}

function savedOf(usd: number): string {
  return usd > 0 ? formatUsd(usd) : 'nothing';
}

function sectionOf(one: PlayedIncident): string {
  const { name, text } = one;
  const { incident } = text;
  const lines = [
    `## ${name}`,
    '',
    incident.happened,
    '',
    `- **Published**: ${incident.published}.`,
    `- **Noticed**: ${incident.noticed}. Grade ${incident.grade.replace('-', '−')}; source: ${incident.source}.`,
    `- **Ours**: ${incident.assumed}`,
    `- **Simulated**: ${simulatedOf(one)}`,
    ...saidBy(one).map((said) => `- **firebreak**: ${said}`),
    ...untoldOf(one),
  ];
  const honestly = [incident.honestly, text.wrong].filter((line) => line !== undefined);
  if (honestly.length > 0) lines.push(`- **Honestly**: ${honestly.join(' ')}`);
  return [...lines, ''].join('\n');
}

function simulatedOf({ text, played }: PlayedIncident): string {
  const { wastedUsd, untilToldUsd, savedUsd } = costsOf(text, played);
  const lasted = formatDuration(text.incident.lastedHours * HOUR_MS);
  const whole = `${formatUsd(wastedUsd)} wasted in ${lasted} if nobody acts`;
  if (untilToldUsd === null) return `${whole}.`;
  return `${whole}; ${formatUsd(untilToldUsd)} of it before somebody is told, and ${savedUsd > 0 ? `${formatUsd(savedUsd)} saved` : 'nothing saved'}.`;
}

/** The first alert, and the page where it is another one, as they are written. */
function saidBy(incident: PlayedIncident): string[] {
  const [first] = incident.played.result.alerts;
  if (first === undefined) return ['says nothing.'];
  const page = pageOf(incident.played.result);
  return [first, ...(page === undefined || page === first ? [] : [page])].map((alert) => {
    const { label, title, evidence } = story(alert);
    return `after ${after(incident, alert)}, \`${label} ${title}\`; first of its evidence: ${evidence[0]}.`;
  });
}

/** What becomes of it where it knows Lambda's and SQS's own dollars alone. */
function untoldOf(incident: PlayedIncident): string[] {
  if (incident.untold === null) return [];
  const [first] = incident.untold.alerts;
  const page = pageOf(incident.untold);
  const warned = first === undefined ? 'silence' : `a warning after ${after(incident, first)}`;
  const said = page === undefined ? `${warned}, and no page` : `a page after ${after(incident, page)}`;
  return [`- **Not told of other services' dollars**: ${said}.`];
}

function pageOf({ alerts }: BacktestResult): Alert | undefined {
  return alerts.find(({ incident }) => incident.state === 'critical');
}

/** `7 min` since its onset. */
function after({ text, played }: PlayedIncident, { at }: Alert): string {
  const onset = text.events[0]?.atMinute ?? 0;
  return formatDuration(at - played.scenario.startAt - onset * MINUTE_MS);
}

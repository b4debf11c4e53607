import type { Config } from '../../src/model/config.ts';
import type { Incident } from '../../src/model/incident.ts';
import { MINUTE_MS } from '../../src/model/time.ts';
import { parseTrace } from '../../src/observe/trace/parse.ts';
import { type BacktestResult, backtest } from '../../src/replay/backtest.ts';
import type { Scenario } from '../../src/simulate/scenario.ts';
import { type Simulation, simulate } from '../../src/simulate/simulate.ts';
import { buildScenario } from './build.ts';
import type { Expected, ScenarioText } from './format.ts';
import type { Named } from './load.ts';

export interface Played extends Simulation {
  readonly scenario: Scenario;
  readonly result: BacktestResult;
}

/** The scenario in the simulator, and its trace through the very tick that runs in production. */
export async function play({ name, text }: Named<ScenarioText>): Promise<Played> {
  const scenario = buildScenario(name, text);
  const simulation = simulate(scenario);
  return { ...simulation, scenario, result: await replay(simulation, text.config) };
}

export function replay({ trace }: Simulation, config: Config): Promise<BacktestResult> {
  // As from a file: what the tick gets is what a recorded trace can hold.
  return backtest(parseTrace(JSON.parse(JSON.stringify(trace))), { config });
}

/** In what the telling differs from the expectation, in plain words; empty: in nothing. */
export function differences(text: ScenarioText, { scenario, result }: Played): string[] {
  const told = [...result.incidents];
  const problems: string[] = [];
  for (const expected of text.expect === 'silent' ? [] : text.expect) {
    const index = told.findIndex((incident) => isAsExpected(incident, expected));
    const [incident] = index < 0 ? [] : told.splice(index, 1);
    const wanted = `${expected.severity} ${expected.detectors.join(' or ')} of ${expected.of}`;
    const sinceMinute = expected.sinceMinute ?? text.events[0]?.atMinute ?? 0;
    if (incident === undefined) problems.push(`missing: ${wanted}`);
    else {
      const minutes = (toldAt(incident) - scenario.startAt) / MINUTE_MS - sinceMinute;
      if (!(minutes > 0 && minutes <= expected.withinMinutes))
        problems.push(`after ${minutes} min, not ${expected.withinMinutes}: ${wanted}`);
    }
  }
  return [...problems, ...told.map((incident) => `unexpected: ${summaryOf(incident)}`)];
}

/** `page` or `warning`: whether it ever woke somebody. */
function severityOf({ criticalAt }: Incident): Expected['severity'] {
  return criticalAt === null ? 'warning' : 'page';
}

/** When somebody was told so: by the page, or by the first alert where it stays a warning. */
export function toldAt({ criticalAt, openedAt }: Incident): number {
  return criticalAt ?? openedAt ?? Number.NaN;
}

function isAsExpected(incident: Incident, { severity, detectors, of }: Expected): boolean {
  return (
    severityOf(incident) === severity &&
    detectors.some((id) => id === incident.detector) &&
    subjectOf(incident) === of
  );
}

/** The function that the headline names first, then the others it lists. */
function subjectOf({ functionName, functions }: Incident): string {
  const others = functions.filter((name) => name !== functionName).sort();
  return [...(functionName === null ? [] : [functionName]), ...others].join(' + ');
}

function summaryOf(incident: Incident): string {
  const [first] = incident.evidence;
  return `${severityOf(incident)} ${incident.detector} of ${subjectOf(incident)}: ${first?.text ?? ''}`;
}

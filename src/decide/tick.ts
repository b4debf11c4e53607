import { DETECTORS } from '../../detectors/registry.ts';
import type { Alert, Decision } from '../model/alert.ts';
import type { Finding } from '../model/finding.ts';
import type { Incident } from '../model/incident.ts';
import { pricingOf } from '../price/month-so-far.ts';
import { actionsFor } from './actions.ts';
import { isAftermath } from './aftermath.ts';
import { assess } from './assess.ts';
import type { Tick, TickInput, TickResult } from './contract.ts';
import { type Cause, groupByCause, wastedShareOf, wastedShares } from './group.ts';
import {
  absorb,
  advance,
  alertOf,
  begin,
  isForgotten,
  isKept,
  isPast,
  type Observed,
  rest,
  type Step,
} from './lifecycle.ts';
import { recommend } from './recommend.ts';
import { judge } from './severity.ts';
import { belongs, isShared, joinShared } from './shared-cause.ts';

/**
 * One look at everything: detect, price, decide. Pure: the same input gives the same output, and nothing is remembered
 * but what is in the incidents, so a tick that is repeated, skipped or late changes nothing but timing.
 */
export const tick: Tick = (input) => {
  const findings = DETECTORS.flatMap((detector) => detector.evaluate(input.window, input.baselines));
  return decide(input, findings);
};

/** From findings to incidents and alerts; apart from `tick` so that decisions can be tested without detectors. */
export function decide(input: TickInput, findings: readonly Finding[]): TickResult {
  const incidents: Incident[] = [];
  const forgotten: Incident[] = [];
  const alerts: Alert[] = [];
  const decisions: Decision[] = [];
  const place = { account: input.window.inventory.account, region: input.window.inventory.region };
  const matched = new Set<string>();

  const record = (step: Step, decision: Decision): void => {
    (isForgotten(step.incident) ? forgotten : incidents).push(step.incident);
    decisions.push(decision);
    const alert = alertOf(step, place);
    if (alert !== null) alerts.push(alert);
  };

  const present = findings.filter((finding) => !isPast(finding, input.now, input.window));
  const causes: Cause[] = [];
  for (const cause of joinShared(groupByCause(present), input)) {
    const near = related(cause, input);
    const origin = near.find((incident) => isAftermath(cause.primary, incident));
    if (origin !== undefined) {
      decisions.push(leftBehind(origin, cause.primary));
      continue;
    }
    causes.push(cause);
    const incident = matching(cause, cause.primary.budget === undefined ? near : recent(input), matched);
    if (incident !== null) matched.add(incident.id);
    const observed = observe(cause, incident, input);
    const step = incident === null ? begin(observed) : advance(incident, observed);
    if (incident !== null && incident.id !== step.incident.id) forgotten.push(incident);
    record(step, decisionOf(step, observed));
    for (const other of cause.others) decisions.push(inhibited(step, other));
  }
  for (const incident of input.openIncidents) {
    if (matched.has(incident.id)) continue;
    // A budget says nothing of the other troubles of its functions.
    const cause = causes.find((one) => one.primary.budget === undefined && touches(one, incident));
    const step =
      cause === undefined
        ? rest(incident, input.now, input.window)
        : absorb(incident, cause.primary, input.now);
    record(step, cause === undefined ? restDecision(step) : absorbed(step, cause.primary));
  }
  const actions = actionsFor(incidents, input);
  return {
    incidents,
    forgotten,
    alerts,
    actions: actions.requests,
    decisions: [...decisions, ...actions.decisions],
  };
}

/**
 * Incidents a cause may belong to: open or lately resolved, about the same function or queue. That of a shared cause is not
 * that of one of its functions, and the other way round.
 */
function related(cause: Cause, input: TickInput): readonly Incident[] {
  return recent(input).filter(
    (incident) =>
      isShared(incident) === isShared(cause.primary) &&
      (touches({ primary: cause.primary, others: [] }, incident) ||
        (isShared(incident) && incident.state !== 'resolved' && belongs(cause, incident, input.window))),
  );
}

function recent({ openIncidents, now }: TickInput): readonly Incident[] {
  return openIncidents.filter((incident) => isKept(incident, now));
}

/**
 * The incident a cause belongs to, if there is one already. That of a budget is known by its name: whichever functions spend
 * it, their own troubles are other incidents.
 */
function matching(
  { primary }: Cause,
  among: readonly Incident[],
  taken: ReadonlySet<string>,
): Incident | null {
  const candidates = among.filter(({ id, budget }) => budget === primary.budget?.name && !taken.has(id));
  const isOpen = (incident: Incident) => Number(incident.state !== 'resolved');
  return candidates.sort((a, b) => isOpen(b) - isOpen(a) || b.onsetAt - a.onsetAt)[0] ?? null;
}

/** Whether a cause is about a function or queue of an incident. */
function touches({ primary, others }: Cause, incident: Incident): boolean {
  return [primary, ...others].some(
    ({ functions, queues }) =>
      functions.some((name) => incident.functions.includes(name)) ||
      queues.some((name) => incident.queues.includes(name)),
  );
}

function observe(cause: Cause, incident: Incident | null, input: TickInput): Observed {
  const { others } = cause;
  const finding = { ...cause.primary, wastedShare: wastedShareOf(cause) };
  const { now, window, config, baselines } = input;
  // A pending incident starts its account anew at each tick: its onset may still move.
  const running = incident?.openedAt == null ? null : incident;
  const shares = wastedShares(cause);
  const { calibration } = baselines;
  const pricing = pricingOf(config.pricing, baselines);
  const assessment = assess({
    now,
    window,
    finding,
    incident: running,
    config,
    pricing,
    shares,
    calibration,
  });
  const verdict = judge({
    finding,
    burn: assessment.burn,
    waitingUsdPerHour: assessment.waitingUsdPerHour,
    baselines,
    inventory: window.inventory,
    pageUsd: config.pageUsd,
  });
  return {
    now,
    window,
    finding,
    others,
    assessment,
    verdict,
    recommendation: recommend(finding, window.inventory),
  };
}

function decisionOf(step: Step, observed: Observed): Decision {
  const { incident, reason } = step;
  const usdPerHour = observed.assessment.burn.wastedUsdPerHour.toFixed(2);
  const detail = `${observed.finding.nats.toFixed(1)} nats, ${observed.finding.persistenceMinutes.toFixed(1)} min, $${usdPerHour}/h`;
  if (reason !== null) return { incidentId: incident.id, outcome: 'alert', reason, detail };
  const held = observed.verdict.severity === null ? observed.verdict.reason : 'no-news';
  return { incidentId: incident.id, outcome: 'hold', reason: held, detail };
}

function inhibited(step: Step, other: Finding): Decision {
  const detail = `${other.detector} is explained by ${step.incident.detector}`;
  return { incidentId: step.incident.id, outcome: 'inhibit', reason: 'inhibited-by-cause', detail };
}

function leftBehind({ id, detector }: Incident, finding: Finding): Decision {
  const detail = `${finding.detector} is what ${detector} leaves behind`;
  return { incidentId: id, outcome: 'inhibit', reason: 'inhibited-by-cause', detail };
}

function absorbed({ incident }: Step, cause: Finding): Decision {
  const detail = `${incident.detector} is explained by ${cause.detector} of ${cause.functions.length} functions`;
  return { incidentId: incident.id, outcome: 'inhibit', reason: 'inhibited-by-cause', detail };
}

function restDecision({ incident, reason }: Step): Decision {
  return reason === null
    ? { incidentId: incident.id, outcome: 'hold', reason: 'no-news', detail: 'no new evidence' }
    : { incidentId: incident.id, outcome: 'alert', reason, detail: 'quiet for a retry cycle and more' };
}

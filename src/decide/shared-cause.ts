import type { DetectorId, Finding } from '../model/finding.ts';
import type { Incident } from '../model/incident.ts';
import { MINUTE_MS } from '../model/time.ts';
import type { Window } from '../model/window.ts';
import { type Cause, causeFirst, isEstablished, keyOf } from './group.ts';

/**
 * Several functions that begin to fail, or to hang, within a few minutes share a dependency that is down: one incident that
 * names them all, instead of one each. It lasts while any of them still has the same trouble; what begins later is freed.
 */

/** Trouble that a dependency can cause. */
const KINDS: ReadonlySet<DetectorId> = new Set([
  'retry-loop',
  'error-storm',
  'async-retry-storm',
  'duration-regression',
  'concurrency-runaway',
]);

/** Established troubles that begin together: two may be chance, three are not (assumption). */
const TOGETHER_MIN = 3;

/** Onsets so near to each other are together: they are estimated to the minute, and rare calls meet a failure later. */
const TOGETHER_MS = 3 * MINUTE_MS;

/** A function that is called rarely notices so much later. */
const LATE_MS = 10 * MINUTE_MS;

/** A member that fails again within this time is part of the same outage: dependencies flap. */
const FLAP_MS = 60 * MINUTE_MS;

/** Names in one line of evidence before "and 188 more". */
const NAMES_MAX = 8;

/** Functions and queues of one incident, at most: it must fit into a message and an item of a table. */
const MEMBERS_MAX = 1_000;

const EVIDENCE_KIND = 'shared-dependency';

/** Whether a finding or an incident is of several functions with one cause. */
export function isShared({ evidence }: Pick<Finding | Incident, 'evidence'>): boolean {
  return evidence.some(({ kind }) => kind === EVIDENCE_KIND);
}

/** Joins the causes that have one cause among them. Their order does not matter, and none is lost. */
export function joinShared(
  causes: readonly Cause[],
  known: { readonly openIncidents: readonly Incident[]; readonly window: Window },
): Cause[] {
  const left = new Set(causes.filter(({ primary }) => KINDS.has(primary.detector)).sort(byOnset));
  const joined: Cause[] = [];
  const join = (members: readonly Cause[]): void => {
    for (const member of members) left.delete(member);
    joined.push(joinOf(members));
  };
  const running = known.openIncidents.filter(
    (incident) => incident.state !== 'resolved' && isShared(incident),
  );
  for (const incident of running.sort((a, b) => a.onsetAt - b.onsetAt || a.id.localeCompare(b.id))) {
    const members = [...left].filter((cause) => belongs(cause, incident, known.window));
    if (members.length > 0) join(members);
  }
  for (const span of togetherIn([...left])) {
    const members = [...left].filter(
      ({ primary }) => primary.onsetAt >= span.from - TOGETHER_MS && primary.onsetAt <= span.to + TOGETHER_MS,
    );
    join(members);
  }
  const others = causes.filter((cause) => !KINDS.has(cause.primary.detector));
  return [...joined, ...left, ...others].sort((a, b) => keyOf(a.primary).localeCompare(keyOf(b.primary)));
}

function byOnset(a: Cause, b: Cause): number {
  return a.primary.onsetAt - b.primary.onsetAt || keyOf(a.primary).localeCompare(keyOf(b.primary));
}

/** Whether a trouble is part of a shared incident that is under way. */
export function belongs({ primary }: Cause, incident: Incident, window: Window): boolean {
  const since = primary.onsetAt - incident.onsetAt;
  if (since >= -TOGETHER_MS && since <= LATE_MS) return true;
  const isMember = primary.functions.some((name) => incident.functions.includes(name));
  // An onset at the edge of the window says no more than that it is older.
  const isOlder = primary.onsetAt <= window.startAt + TOGETHER_MS;
  return isMember && (isOlder || (since >= 0 && since <= FLAP_MS));
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Stretches of time in which enough established troubles began, each near to the next. */
function togetherIn(sorted: readonly Cause[]): Span[] {
  const onsets = sorted.filter(({ primary }) => isEstablished(primary)).map(({ primary }) => primary.onsetAt);
  const spans: Span[] = [];
  let first = 0;
  for (let i = 1; i <= onsets.length; i++) {
    const before = onsets[i - 1] as number;
    if (i < onsets.length && (onsets[i] as number) - before <= TOGETHER_MS) continue;
    if (i - first >= TOGETHER_MIN) spans.push({ from: onsets[first] as number, to: before });
    first = i;
  }
  return spans;
}

function joinOf(members: readonly Cause[]): Cause {
  const findings = members.flatMap(({ primary, others }) => [primary, ...others]).sort(causeFirst);
  const primaries = members.map(({ primary }) => primary).sort(causeFirst);
  const [lead] = primaries as [Finding, ...Finding[]];
  // Functions with the most convincing trouble come first, whatever may be cut off.
  const functions = unique(primaries.flatMap((one) => one.functions));
  const onsetAt = Math.min(...primaries.map((one) => one.onsetAt));
  return {
    primary: {
      ...lead,
      functions: functions.slice(0, MEMBERS_MAX),
      queues: unique(primaries.flatMap((one) => one.queues)).slice(0, MEMBERS_MAX),
      onsetAt,
      lastEvidenceAt: Math.max(...primaries.map((one) => one.lastEvidenceAt)),
      persistenceMinutes: Math.max(...primaries.map((one) => one.persistenceMinutes)),
      isOngoing: primaries.some((one) => one.isOngoing),
      amplification: null,
      loss: lossOf(primaries),
      selfEnd: { kind: 'never' },
      // Each function's own share is in the findings that are joined.
      wastedShare: null,
      evidence: [{ kind: EVIDENCE_KIND, text: textOf(functions) }],
    },
    others: findings,
  };
}

function lossOf(primaries: readonly Finding[]): Finding['loss'] {
  const losses = primaries.flatMap(({ loss }) => (loss === null ? [] : [loss]));
  if (losses.length === 0) return null;
  const ends = losses.flatMap(({ expiresAt }) => (expiresAt === null ? [] : [expiresAt]));
  return {
    lost: losses.reduce((total, { lost }) => total + lost, 0),
    lostPerHour: losses.reduce((total, { lostPerHour }) => total + lostPerHour, 0),
    expiresAt: ends.length === 0 ? null : Math.min(...ends),
  };
}

function textOf(functions: readonly string[]): string {
  const named = functions.slice(0, NAMES_MAX).join(', ');
  const more = functions.length > NAMES_MAX ? ` and ${functions.length - NAMES_MAX} more` : '';
  const count = functions.length === 1 ? '1 function is' : `${functions.length} functions are`;
  return `${count} in trouble since the same minutes: ${named}${more}; look for a dependency they share`;
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}

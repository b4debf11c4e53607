import { riseOf } from '../../decide/bill-alert.ts';
import type { Alert } from '../../model/alert.ts';
import { formatCount, formatDuration, formatUsd } from '../../model/format.ts';
import { CANARY_CONCURRENCY } from '../../model/kill.ts';
import { type Action, actionOf } from './action.ts';
import { clean } from './clean.ts';
import { consoleLinks, type Link } from './console-links.ts';
import { activeFacts, clock, closingFacts, type Fact } from './facts.ts';
import { PHRASES } from './phrases.ts';

/** How loud the alert is. `good`: the trouble is over or stopped. */
export type Tone = 'critical' | 'warning' | 'good' | 'test';

/**
 * An alert told in plain words, in the order in which a person needs it. Every channel lays out this one story.
 * All text is one-line, free of control characters and of markup.
 */
export interface Story {
  readonly tone: Tone;
  /** `CRITICAL`, `RESOLVED`, ...: what happened, in a word or two. */
  readonly label: string;
  /** What, where and how much: `orders-worker: retry loop, wasting $61.30/h`. Follows the label. */
  readonly title: string;
  /** One to three sentences. */
  readonly lead: readonly string[];
  readonly action: Action;
  readonly facts: readonly Fact[];
  readonly evidence: readonly string[];
  readonly links: readonly Link[];
  /** Incident, account and region. */
  readonly footer: string;
  /** Names that occur in the texts, for channels that can set them apart. */
  readonly names: readonly string[];
}

const EVIDENCE_MAX = 6;

export function story(alert: Alert): Story {
  const { incident } = alert;
  const heading = headingOf(alert);
  return {
    ...heading,
    lead: leadOf(alert),
    action: actionOf(alert),
    facts: isOver(alert) ? closingFacts(alert) : activeFacts(alert),
    evidence: evidenceOf(alert),
    links: consoleLinks(alert),
    footer: footerOf(alert),
    names: [...incident.functions, ...incident.queues, ...[incident.functionName, incident.queueName]]
      .filter((name) => name !== null)
      .map((name) => clean(name)),
  };
}

/** `orders-worker`, or the queue where no function is concerned. */
function subjectOf(alert: Alert): string {
  const { functionName, queueName } = alert.incident;
  return clean(functionName ?? queueName ?? 'this account', 80);
}

function isOver(alert: Alert): boolean {
  return ['resolved', 'killed', 'canary', 'restored', 'expiring'].includes(alert.transition);
}

function headingOf(alert: Alert): Pick<Story, 'tone' | 'label' | 'title'> {
  const { incident, transition } = alert;
  const what = `${subjectOf(alert)}: ${PHRASES[incident.detector].noun}`;
  const total = `${formatUsd(incident.burn.wastedUsd)} wasted`;
  const loud: Tone = incident.state === 'critical' || transition === 'critical' ? 'critical' : 'warning';
  const active = (label: string) => ({ tone: loud, label, title: `${what}, ${stakes(alert)}` });
  switch (transition) {
    case 'opened':
      return active(loud === 'critical' ? 'CRITICAL' : 'WARNING');
    case 'critical':
      return active('CRITICAL');
    case 'reminder':
      return active(loud === 'critical' ? 'STILL CRITICAL' : 'STILL GOING');
    case 'reopened':
      return active(loud === 'critical' ? 'CRITICAL, CAME BACK' : 'CAME BACK');
    case 'resolved':
      return { tone: 'good', label: 'RESOLVED', title: `${what} is over, ${total}` };
    case 'killed':
      return { tone: 'good', label: 'STOPPED', title: `${what} stopped by the kill switch, ${total}` };
    case 'canary':
      return {
        tone: 'good',
        label: 'TRYING AGAIN',
        title: `${subjectOf(alert)} runs again, ${CANARY_CONCURRENCY} copies at a time`,
      };
    case 'expiring':
      return {
        tone: 'critical',
        label: 'MESSAGES EXPIRE',
        title: `${subjectOf(alert)} is stopped, and what waits for it will expire`,
      };
    case 'restored':
      return {
        tone: 'good',
        label: 'RESTORED',
        title: `${subjectOf(alert)}: settings are back as they were`,
      };
    case 'test':
      return { tone: 'test', label: 'TEST', title: `nothing is wrong (sample: ${what}, ${stakes(alert)})` };
  }
}

/** The figure that matters most: messages lost, dollars an hour, or (where it costs next to nothing) the repetition. */
function stakes(alert: Alert): string {
  const { burn, loss, amplification } = alert.incident;
  const rise = riseOf(alert.incident);
  if (rise !== null) return clean(rise);
  if (alert.reason === 'messages-being-lost' && loss !== null) {
    return loss.lostPerHour > 0
      ? `losing ${formatCount(loss.lostPerHour)} messages/h`
      : `${formatCount(loss.lost)} messages lost`;
  }
  const receives = amplification?.receivesPerDelete ?? 1;
  if (burn.wastedUsdPerHour < 0.01 && receives >= 2) {
    return Number.isFinite(receives)
      ? `each message received ${formatCount(receives)} times`
      : 'no message ever succeeds';
  }
  return burn.wastedUsdPerHour > 0
    ? `wasting ${formatUsd(burn.wastedUsdPerHour)}/h`
    : `spending ${formatUsd(burn.usdPerHour)}/h`;
}

function leadOf(alert: Alert): readonly string[] {
  const { incident, transition } = alert;
  const ageMs = Math.max(0, alert.at - incident.onsetAt);
  const began = `It began at ${clock(incident.onsetAt, alert.at)}, ${formatDuration(ageMs)} ago.`;
  const what = `${sentenceOf(alert)}. ${began}`;
  const repeated = amplificationOf(alert);
  switch (transition) {
    case 'opened':
    case 'critical':
      return [what, ...repeated, ...urgencyOf(alert)];
    case 'reminder':
      return ['Still going: the waste has doubled since the last alert.', what, ...repeated];
    case 'reopened':
      return [`It was resolved and came back${times(incident.reopened)}.`, what, ...repeated];
    case 'resolved':
      return [
        `No sign of it since ${clock(incident.lastEvidenceAt, alert.at)}. ${lasted(alert)}`,
        ...(alert.reason === 'quiet-while-stopped' ? [`${subjectOf(alert)} is still stopped.`] : []),
      ];
    case 'killed':
      return [`${subjectOf(alert)} was stopped by the kill switch. ${lasted(alert)}`];
    case 'canary':
      return [
        `A restore of ${subjectOf(alert)} is being tried out. It is watched for some retry cycles: then everything is put back, or it is stopped again.`,
      ];
    case 'expiring':
      return [
        `${subjectOf(alert)} is stopped. Unless it is restored, messages that wait for it are lost when their retention ends${expiry(alert)}.`,
      ];
    case 'restored':
      return [
        `${subjectOf(alert)} runs again with the settings it had before it was stopped; what waited is being worked off.`,
        'If the trouble comes back, so does the alert.',
      ];
    case 'test':
      return ['This is a test: nothing is wrong. An alert about a real incident looks like this.', what];
  }
}

function sentenceOf(alert: Alert): string {
  const { detector, functionName, queueName } = alert.incident;
  const subject = subjectOf(alert);
  const clause = PHRASES[detector].clause({
    subject,
    queue: queueName === null ? null : clean(queueName, 80),
  });
  const startsWithName = (functionName ?? queueName) !== null && clause.startsWith(subject);
  return startsWithName ? clause : `${clause.charAt(0).toUpperCase()}${clause.slice(1)}`;
}

function expiry({ at, incident: { loss } }: Alert): string {
  return loss?.expiresAt == null ? '' : `: from ${clock(loss.expiresAt, at)} on`;
}

function lasted(alert: Alert): string {
  const { onsetAt, lastEvidenceAt, burn } = alert.incident;
  const duration = formatDuration(Math.max(0, lastEvidenceAt - onsetAt));
  return `It lasted ${duration} and wasted ${formatUsd(burn.wastedUsd)}.`;
}

function times(count: number): string {
  return count > 1 ? ` (${formatCount(count)} times by now)` : '';
}

function amplificationOf(alert: Alert): readonly string[] {
  const amplification = alert.incident.amplification;
  if (amplification === null) return [];
  const { receivesPerDelete: receives, invocationsPerUnit: invocations } = amplification;
  if (receives === Number.POSITIVE_INFINITY) {
    return ['Messages are received again and again, and not one has been deleted.'];
  }
  if (receives !== null && receives >= 1.05) {
    return [`Each message is received ${formatCount(receives)} times per delete.`];
  }
  if (invocations !== null && invocations >= 1.05) {
    return [`Each unit of work takes ${formatCount(invocations)} invocations.`];
  }
  return [];
}

function urgencyOf(alert: Alert): readonly string[] {
  const { burn, loss } = alert.incident;
  if (alert.reason === 'messages-being-lost' && loss !== null) {
    const rate = loss.lostPerHour > 0 ? `, ${formatCount(loss.lostPerHour)} an hour now` : '';
    return [`Messages are being lost: ${formatCount(loss.lost)} so far${rate}.`];
  }
  if (alert.reason !== 'money-at-stake') return [];
  return [`If nobody acts it wastes ${formatUsd(burn.projected24hUsd)} more in the next 24 hours.`];
}

/** What was seen; no news once it is over. */
function evidenceOf(alert: Alert): readonly string[] {
  if (['resolved', 'canary', 'restored', 'expiring'].includes(alert.transition)) return [];
  const { evidence } = alert.incident;
  const shown = evidence.slice(0, EVIDENCE_MAX).map(({ text }) => clean(text, 300));
  const hidden = evidence.length - shown.length;
  return hidden > 0 ? [...shown, `and ${formatCount(hidden)} more`] : shown;
}

function footerOf(alert: Alert): string {
  const id = clean(alert.incident.id, 160);
  return `${id} \u00b7 account ${clean(alert.account, 40)} \u00b7 ${clean(alert.region, 40)}`;
}

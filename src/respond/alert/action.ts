import type { Alert } from '../../model/alert.ts';
import { clean } from './clean.ts';
import { clock } from './facts.ts';

/** What the person should do now. */
export interface Action {
  /** `Stop it`, `When the cause is fixed, put it back`, ... */
  readonly heading: string;
  /** To paste into a terminal; `null`: there is nothing to run. */
  readonly command: string | null;
  /** What it does, and what becomes of the messages. */
  readonly notes: readonly string[];
  /** The command that takes it back; `null`: there is nothing to take back. */
  readonly undo: string | null;
}

export function actionOf(alert: Alert): Action {
  switch (alert.transition) {
    case 'opened':
    case 'critical':
    case 'reminder':
    case 'reopened':
      return stopAction(alert);
    case 'resolved':
      return alert.reason === 'quiet-while-stopped'
        ? putBack(alert)
        : nothingToDo(['A new alert is sent if it comes back.']);
    case 'restored':
      return nothingToDo([]);
    case 'canary':
      return {
        heading: 'If it burns again, stop it at once',
        command: clean(`firebreak kill ${killedName(alert)}`, 200),
        notes: [`Everything comes back without waiting with ${restoreCommand(alert)}`],
        undo: null,
      };
    case 'expiring':
      return {
        heading: 'Before then, put it back',
        command: restoreCommand(alert),
        notes: [
          'With --canary it comes back with a few copies first. Or copy the messages elsewhere, or lengthen the retention of the queue.',
        ],
        undo: null,
      };
    case 'killed':
      return putBack(alert);
    case 'test':
      return { ...stopAction(alert), heading: 'In a real alert, this would stop it (do not run it now)' };
  }
}

function putBack(alert: Alert): Action {
  return {
    heading: 'When the cause is fixed, put it back',
    command: restoreCommand(alert),
    notes: meanwhile(alert),
    undo: null,
  };
}

function nothingToDo(notes: readonly string[]): Action {
  return { heading: 'Nothing to do now', command: null, notes, undo: null };
}

function stopAction(alert: Alert): Action {
  const { lever, command } = alert.incident.recommendation;
  if (lever === 'none') {
    const isCommand = command.startsWith('firebreak ');
    return {
      heading: 'No lever stops this; look into it',
      command: isCommand ? clean(command, 300) : null,
      notes: isCommand ? [] : [clean(command, 400)],
      undo: null,
    };
  }
  return {
    heading: 'Stop it',
    command: clean(command, 300),
    notes: consequences(alert),
    undo: restoreCommand(alert),
  };
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html and configuration-concurrency.html (2026-11) */
function consequences(alert: Alert): readonly string[] {
  if (alert.incident.recommendation.lever === 'disable-event-source') {
    return [
      `Disables the event source mapping: running invocations finish, no new ones start. ${waiting(alert)}`,
    ];
  }
  return [
    'Sets reserved concurrency to 0, so nothing runs. Callers get throttling errors.',
    'Asynchronous events go straight to the on-failure destination, or are dropped where there is none. ' +
      'Messages of a queue still count receives, so a redrive policy can move good ones to the dead-letter queue.',
  ];
}

function meanwhile(alert: Alert): readonly string[] {
  switch (alert.incident.recommendation.lever) {
    case 'disable-event-source':
      return [`The event source mapping is disabled. ${waiting(alert)}`];
    case 'reserved-concurrency-zero':
      return ['Reserved concurrency is 0: until then nothing runs, and callers get throttling errors.'];
    case 'none':
      return [];
  }
}

function waiting(alert: Alert): string {
  const { queueName, loss } = alert.incident;
  const where =
    queueName === null ? 'Records stay in the stream' : `Messages stay in ${clean(queueName, 80)}`;
  return loss === null || loss.expiresAt === null
    ? `${where} and wait; none is lost before its retention ends.`
    : `${where} and wait, but begin to expire at ${clock(loss.expiresAt, alert.at)}.`;
}

function restoreCommand(alert: Alert): string {
  return clean(`firebreak restore ${killedName(alert)}`, 200);
}

function killedName({ incident: { functionName, recommendation } }: Alert): string {
  return /^firebreak kill (\S+)/.exec(recommendation.command)?.[1] ?? functionName ?? '';
}

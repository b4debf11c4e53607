import type { TraceHeader } from './recording-plan.ts';

/** A trace without names: what it tells of the account is numbers and settings. */
export interface Pseudonymised {
  readonly header: TraceHeader;
  /** The new name of a function or queue. */
  nameOf(namespace: string, name: string): string;
}

const ACCOUNT = '000000000000';
/** Tags of firebreak's own are settings; all others are names of somebody's. */
const OWN_TAG = /^firebreak:/;

/** Replaces every name of the account by a number that is the same wherever the name occurs. */
export function pseudonymise(header: TraceHeader): Pseudonymised {
  const functions = numbered('function');
  const queues = numbered('queue');
  const streams = numbered('stream');
  const mappings = numbered('mapping');
  const destinations = numbered('destination');
  const renamed: TraceHeader = {
    ...header,
    account: ACCOUNT,
    functions: header.functions.map((fn) => ({
      ...fn,
      name: functions(fn.name),
      tags: Object.fromEntries(Object.entries(fn.tags).filter(([key]) => OWN_TAG.test(key))),
      eventSources: fn.eventSources.map((source) => ({
        ...source,
        id: mappings(source.id),
        source: source.kind === 'sqs' ? queues(source.source) : streams(source.source),
      })),
      asyncInvoke:
        fn.asyncInvoke === null
          ? null
          : {
              ...fn.asyncInvoke,
              onFailure: fn.asyncInvoke.onFailure === null ? null : destinations(fn.asyncInvoke.onFailure),
            },
    })),
    queues: header.queues.map((queue) => ({
      ...queue,
      name: queues(queue.name),
      redrive:
        queue.redrive === null
          ? null
          : { ...queue.redrive, deadLetterQueue: queues(queue.redrive.deadLetterQueue) },
    })),
    moveTasks: header.moveTasks.map((task) => ({ ...task, queue: queues(task.queue) })),
  };
  return {
    header: renamed,
    nameOf: (namespace, name) => (namespace === 'AWS/Lambda' ? functions(name) : queues(name)),
  };
}

function numbered(kind: string): (name: string) => string {
  const known = new Map<string, string>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const pseudonym = `${kind}-${String(known.size + 1).padStart(3, '0')}`;
    known.set(name, pseudonym);
    return pseudonym;
  };
}

import type { DetectorId } from '../../model/finding.ts';

/** How a failure is called, and what it means in one sentence about the subject. */
export interface Phrase {
  /** For titles: `orders-worker: retry loop`. */
  readonly noun: string;
  /** A whole clause without a full stop. */
  readonly clause: (names: { readonly subject: string; readonly queue: string | null }) => string;
}

const of = (queue: string | null): string => (queue === null ? 'its queue' : queue);

export const PHRASES: Readonly<Record<DetectorId, Phrase>> = {
  'retry-loop': {
    noun: 'retry loop',
    clause: ({ subject, queue }) =>
      `${subject} keeps failing the same messages of ${of(queue)}, and every retry is billed in full`,
  },
  'concurrency-runaway': {
    noun: 'concurrency runaway',
    clause: ({ subject }) => `${subject} runs many more copies at once than it normally does`,
  },
  'duration-regression': {
    noun: 'slow invocations',
    clause: ({ subject }) => `${subject} takes much longer per invocation than it normally does`,
  },
  'error-storm': {
    noun: 'error storm',
    clause: ({ subject }) => `${subject} fails far more of its invocations than it normally does`,
  },
  'throttle-storm': {
    noun: 'throttle storm',
    clause: ({ subject }) => `${subject} is throttled, and what is throttled comes back`,
  },
  'dead-letter-flood': {
    noun: 'dead-letter flood',
    clause: ({ subject, queue }) =>
      `messages pile up in the dead-letter queue ${queue ?? subject} far faster than normal`,
  },
  'redrive-ping-pong': {
    noun: 'redrive ping-pong',
    clause: ({ subject, queue }) =>
      `messages that are redriven to ${queue ?? subject} fail and come straight back to its dead-letter queue`,
  },
  'stream-poison-record': {
    noun: 'stuck on a poison record',
    clause: ({ subject }) => `${subject} retries the same stream records and does not get past them`,
  },
  'async-retry-storm': {
    noun: 'async retry storm',
    clause: ({ subject }) => `${subject} fails its asynchronous events, and Lambda runs each of them again`,
  },
  recursion: {
    noun: 'recursion',
    clause: ({ subject }) => `${subject} triggers itself`,
  },
  'visibility-loop': {
    noun: 'visibility loop',
    clause: ({ subject, queue }) =>
      `${subject} works longer than the visibility timeout of ${of(queue)}, so messages are processed twice or more`,
  },
  'traffic-amplification': {
    noun: 'traffic amplification',
    clause: ({ subject }) => `${subject} does many invocations for each unit of work that comes in`,
  },
  'cost-anomaly': {
    noun: 'cost anomaly',
    clause: ({ subject }) => `${subject} costs much more than it normally does`,
  },
  'budget-burn-rate': {
    noun: 'budget burn',
    clause: ({ subject }) => `a budget of ${subject} is spent much faster than planned`,
  },
};

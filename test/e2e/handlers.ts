/**
 * What a worker does with its messages:
 * - `throws`: every batch is a function error.
 * - `times-out`: it hangs until Lambda ends it.
 * - `fails-partially`: it returns batchItemFailures for bodies that contain `poison`; Errors stays 0.
 * - `healthy`: it processes everything.
 */
export type Behaviour = 'throws' | 'times-out' | 'fails-partially' | 'healthy';

/** A line of a worker's journal. `at` is by the emulated clock. */
export interface JournalEntry {
  readonly event: 'invoked' | 'processed';
  readonly at: number;
  readonly body: string;
  /** ApproximateReceiveCount of the message, and when it was received for the first time, by the emulated clock. */
  readonly receives: number;
  readonly firstReceivedAt: number;
  /** AWS request id. */
  readonly invocation: string;
  /** The process: an execution environment. */
  readonly pid: number;
}

/** Code of a Node Lambda that works for WORK_MS, behaves so, and appends what it does to the file named by JOURNAL. */
export function handlerSource(behaviour: Behaviour): string {
  return `
const { appendFileSync } = require('node:fs');
const note = (event, records, { awsRequestId: invocation }) => {
  const common = { event, at: Date.now(), invocation, pid: process.pid };
  const lines = records.map(({ body, attributes }) => {
    const receives = Number(attributes.ApproximateReceiveCount);
    const firstReceivedAt = Number(attributes.ApproximateFirstReceiveTimestamp);
    return JSON.stringify({ ...common, body, receives, firstReceivedAt }) + '\\n';
  });
  if (lines.length > 0) appendFileSync(process.env.JOURNAL, lines.join(''));
};
exports.handler = async ({ Records }, context) => {
  note('invoked', Records, context);
  await new Promise((resolve) => setTimeout(resolve, Number(process.env.WORK_MS)));
  ${BODIES[behaviour]}
};
`;
}

const BODIES: Readonly<Record<Behaviour, string>> = {
  throws: `throw new Error('the downstream schema changed');`,
  'times-out': 'await new Promise((resolve) => setTimeout(resolve, 600_000));',
  'fails-partially': `
  const failed = Records.filter(({ body }) => body.includes('poison'));
  note('processed', Records.filter((record) => !failed.includes(record)), context);
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };`,
  healthy: `note('processed', Records, context);
  return { batchItemFailures: [] };`,
};

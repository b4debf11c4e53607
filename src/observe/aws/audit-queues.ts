import { GetQueueAttributesCommand, ListQueuesCommand } from '@aws-sdk/client-sqs';
import pLimit from 'p-limit';
import type { AuditQueue } from '../../audit/subject.ts';
import { type AuditWire, listPages } from './audit-wire.ts';
import { attributesOf } from './queues.ts';

/** Queues read at once; SQS publishes no quota for these calls. */
const QUEUES_AT_ONCE = 10;

/** Settings of every queue of the account; one that cannot be read is left out, with a gap. */
export async function readAuditQueues(wire: AuditWire): Promise<readonly AuditQueue[]> {
  const urls = await listPages(wire, 'ListQueues', async (NextToken, options) => {
    const output = await wire.clients.sqs.send(
      new ListQueuesCommand({ NextToken, MaxResults: 1000 }),
      options,
    );
    return { items: output.QueueUrls ?? [], next: output.NextToken };
  });
  const limit = pLimit(QUEUES_AT_ONCE);
  const queues = await Promise.all((urls ?? []).map((url) => limit(() => readQueue(wire, url))));
  return queues.filter((queue) => queue !== null);
}

async function readQueue(wire: AuditWire, url: string): Promise<AuditQueue | null> {
  const name = url.split('/').at(-1) ?? url;
  const output = await wire.ask('GetQueueAttributes', name, (options) =>
    wire.clients.sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }), options),
  );
  if (output == null) return null;
  const { queue, gaps } = attributesOf({ name, url, known: undefined, now: 0 }, output.Attributes);
  if (queue === null) return null;
  const policyUnreadable = gaps.some(({ reason }) => /redrive|deadLetter|maxReceiveCount/i.test(reason));
  return {
    name,
    fifo: name.endsWith('.fifo'),
    visibilityTimeoutSeconds: queue.visibilityTimeoutSeconds,
    messageRetentionSeconds: queue.messageRetentionSeconds,
    redrive: policyUnreadable ? undefined : queue.redrive,
  };
}

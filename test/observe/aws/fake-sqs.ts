import { type Answer, type FakeQueue, type FakeState, queueArn, type Seen } from './fake-aws.ts';

const HOST = 'https://sqs.us-east-1.amazonaws.com/111122223333/';

/** SQS; `undefined`: not an operation of it. */
export function answerSqs(state: FakeState, { operation, input }: Seen): Answer | undefined {
  const find = (name: string) => state.queues.find((queue) => queue.name === name);
  switch (operation) {
    case 'ListQueues': {
      const from = Number(input['NextToken'] ?? 0);
      const to = from + Number(input['MaxResults'] ?? 1_000);
      const QueueUrls = state.queues.slice(from, to).map(({ name }) => `${HOST}${name}`);
      return { body: { QueueUrls, ...(to < state.queues.length ? { NextToken: String(to) } : {}) } };
    }
    case 'GetQueueUrl': {
      const name = String(input['QueueName']);
      return find(name) === undefined ? missing() : { body: { QueueUrl: `${HOST}${name}` } };
    }
    case 'GetQueueAttributes': {
      const queue = find(String(input['QueueUrl']).slice(HOST.length));
      return queue === undefined ? missing() : { body: { Attributes: attributesOf(queue) } };
    }
    case 'ListMessageMoveTasks': {
      const queue = state.queues.find(({ name }) => queueArn(name) === input['SourceArn']);
      return queue === undefined ? missing() : { body: { Results: queue.moveTasks ?? [] } };
    }
    default:
      return undefined;
  }
}

function missing(): Answer {
  return { status: 400, code: 'com.amazonaws.sqs#QueueDoesNotExist', message: 'no such queue' };
}

function attributesOf(queue: FakeQueue): Readonly<Record<string, string | undefined>> {
  const redrive = {
    deadLetterTargetArn: queueArn(queue.deadLetterQueue ?? ''),
    maxReceiveCount: queue.maxReceiveCount ?? 5,
  };
  return {
    QueueArn: queueArn(queue.name),
    VisibilityTimeout: '180',
    MessageRetentionPeriod: '345600',
    ApproximateNumberOfMessages: String(queue.visible ?? 0),
    ApproximateNumberOfMessagesNotVisible: String(queue.notVisible ?? 0),
    ...(queue.deadLetterQueue === undefined ? {} : { RedrivePolicy: JSON.stringify(redrive) }),
    ...queue.attributes,
  };
}

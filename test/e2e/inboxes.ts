import { once } from 'node:events';
import { createServer } from 'node:http';
import { CreateTopicCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { onTestFinished } from 'vitest';
import { createQueue } from './pipeline.ts';
import type { World } from './world.ts';

/** A server that stands for Slack's incoming webhook. */
export interface SlackInbox {
  readonly webhookUrl: string;
  /** What was posted, oldest first. */
  readonly posts: readonly unknown[];
}

/** `status`: what it answers, per post; Slack says `ok` with 200. Ends with the test. */
export async function openSlackInbox(status: (post: number) => number = () => 200): Promise<SlackInbox> {
  const posts: unknown[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const code = status(posts.push(JSON.parse(text)));
    response.writeHead(code, { 'content-type': 'text/plain' }).end(code === 200 ? 'ok' : 'error');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port for the Slack stand-in');
  return { webhookUrl: `http://127.0.0.1:${address.port}/services/T0/B0/emulated`, posts };
}

/** A message of a topic, as a queue gets it. */
export interface TopicMessage {
  readonly subject: string | undefined;
  readonly message: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** An SNS topic, and a queue subscribed to it. */
export interface TopicInbox {
  readonly topicArn: string;
  /** Takes out what has arrived since the last call, ten at most. */
  read(): Promise<readonly TopicMessage[]>;
}

/** A topic of its own, and its inbox. */
export async function openTopicInbox(world: World, name: string): Promise<TopicInbox> {
  const { TopicArn: topicArn } = await world.sns.send(new CreateTopicCommand({ Name: name }));
  if (topicArn === undefined) throw new Error(`topic ${name} has no ARN`);
  return subscribe(world, topicArn, `${name}-inbox`);
}

/** Subscribes a new queue to a topic that is there. */
export async function subscribe(world: World, topicArn: string, queueName: string): Promise<TopicInbox> {
  const queue = await createQueue(world, queueName, {});
  await world.sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'sqs', Endpoint: queue.arn }));
  const read = async () => {
    const { Messages = [] } = await world.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queue.url, MaxNumberOfMessages: 10 }),
    );
    const found: TopicMessage[] = [];
    for (const { Body = '', ReceiptHandle } of Messages) {
      await world.sqs.send(new DeleteMessageCommand({ QueueUrl: queue.url, ReceiptHandle }));
      const envelope = JSON.parse(Body) as {
        readonly Subject?: string;
        readonly Message: string;
        readonly MessageAttributes?: Readonly<Record<string, { readonly Value: string }>>;
      };
      const attributes = Object.entries(envelope.MessageAttributes ?? {}).map(([name, { Value }]) => [
        name,
        Value,
      ]);
      found.push({
        subject: envelope.Subject,
        message: envelope.Message,
        attributes: Object.fromEntries(attributes),
      });
    }
    return found;
  };
  return { topicArn, read };
}

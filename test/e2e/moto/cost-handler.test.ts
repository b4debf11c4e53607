import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { handler } from '../../../src/handlers/cost.ts';
import { VARIABLES } from '../../../src/handlers/variables.ts';
import { DAY_MS, toIso } from '../../../src/model/time.ts';
import { dynamoStore } from '../../../src/store/dynamo/dynamo-store.ts';
import { createTable } from '../table.ts';
import { billedDay } from './answers.ts';
import { type MotoServer, motoOrSkip } from './server.ts';

const REGION = 'us-east-1';
const TABLE = 'firebreak-state';
const DAYS = 190;
/** As the schedule has it: the day does not turn while the test runs. */
const NOW = Date.parse('2026-11-24T12:30:00Z');

const moto = await motoOrSkip();

describe.skipIf(moto === null)("the daily cost handler, against moto's server", () => {
  const server = moto as MotoServer;
  let client: { readonly region: string; readonly endpoint: string };

  beforeAll(async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: NOW });
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
    vi.stubEnv('AWS_REGION', REGION);
    vi.stubEnv('AWS_ENDPOINT_URL', server.endpoint);
    vi.stubEnv(VARIABLES.monitor, 'Prod');
    vi.stubEnv(VARIABLES.table, TABLE);
    vi.stubEnv(VARIABLES.eventBus, 'incidents');
    client = { region: REGION, endpoint: server.endpoint };
    await createTable(new DynamoDBClient(client), TABLE);
    await new EventBridgeClient(client).send(new CreateEventBusCommand({ Name: 'incidents' }));
  });
  afterAll(() => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
    return server?.stop();
  });

  /** A topic for the alerts, and what arrives in a queue behind it. */
  async function inbox(): Promise<() => Promise<readonly string[]>> {
    const [sns, sqs] = [new SNSClient(client), new SQSClient(client)];
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'alerts' }));
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'inbox' }));
    const Endpoint = `arn:aws:sqs:${REGION}:123456789012:inbox`;
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
    vi.stubEnv(VARIABLES.alertTopicArn, TopicArn ?? '');
    return async () => {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      return Messages.map(({ Body = '{}' }) => String(JSON.parse(Body).Message));
    };
  }

  it('tells the topic what rose, and keeps its note and the incident in the table', async () => {
    const arrived = await inbox();
    const newestAt = Math.floor(NOW / DAY_MS - 2) * DAY_MS;
    const days = (linesOn: (startAt: number) => Parameters<typeof billedDay>[1]) =>
      Array.from({ length: DAYS }, (_, back) => {
        const startAt = newestAt - (DAYS - 1 - back) * DAY_MS;
        return billedDay(startAt, linesOn(startAt));
      });
    await server.queueCostAndUsage([
      { ResultsByTime: days((at) => [[['AWS Lambda', 'Lambda-GB-Second'], at >= newestAt ? 110 : 40]]) },
      { ResultsByTime: days(() => [[['AWS Lambda'], 40]]) },
    ]);

    await handler({ scheduledAt: toIso(NOW) });

    const day = toIso(newestAt).slice(0, 10);
    const [message] = await arrived();
    expect(message).toContain('cost anomaly');
    expect(message).toContain(`AWS Lambda Lambda-GB-Second cost $110.00 on ${day}, usually $40.00`);
    const store = dynamoStore(TABLE, new DynamoDBClient(client));
    expect(await store.bill()).toMatchObject({
      untilAt: newestAt + DAY_MS,
      anomalies: [{ dayAt: newestAt, usd: 110 }],
    });
    expect(await store.incident(`cost-anomaly-bill-${day.replaceAll('-', '')}`)).toMatchObject({
      state: 'resolved',
      detector: 'cost-anomaly',
    });
    expect(await store.outbox()).toEqual([]);

    await handler({ scheduledAt: toIso(NOW) });
    expect(await arrived()).toEqual([]);
  });
});

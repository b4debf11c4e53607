import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { awsClientConfig } from '../observe/aws/clients.ts';
import { eventBridgeChannel } from '../respond/alert/eventbridge-channel.ts';
import { slackChannel } from '../respond/alert/slack-channel.ts';
import { secretWebhook } from '../respond/alert/slack-webhook.ts';
import { snsChannel } from '../respond/alert/sns-channel.ts';
import type { Channel } from '../respond/channel.ts';
import { dynamoStore } from '../store/dynamo/dynamo-store.ts';
import type { Store } from '../store/store.ts';
import type { Log } from './log.ts';
import type { Settings } from './settings.ts';

/** The deployed store. What is damaged in it is left out and logged: a monitor must not stop over one bad item. */
export function openStore(settings: Settings, log: Log): Store {
  const client = new DynamoDBClient(awsClientConfig({ region: settings.region }));
  return dynamoStore(settings.table, client, { warn: (message) => log.warn(message) });
}

/** Every way to tell people that the deployment has. */
export function openChannels(settings: Settings): readonly Channel[] {
  const config = awsClientConfig({ region: settings.region });
  const { slackSecretArn } = settings;
  const slack =
    slackSecretArn === null
      ? []
      : [
          slackChannel({
            webhook: secretWebhook(new SecretsManagerClient(config), slackSecretArn),
            sleep: (ms) => delay(ms),
          }),
        ];
  return [
    ...slack,
    snsChannel({ client: new SNSClient(config), topicArn: settings.alertTopicArn }),
    eventBridgeChannel({ client: new EventBridgeClient(config), busName: settings.eventBus }),
  ];
}

/** Remembers what `make` made, for as long as Lambda keeps the process: connections, and what was read before. */
export function once<Value>(make: (settings: Settings, log: Log) => Value) {
  let made: { readonly value: Value } | null = null;
  return (settings: Settings, log: Log): Value => {
    made ??= { value: make(settings, log) };
    return made.value;
  };
}

/** Remembers what `make` made, once it could be made: a store that is away for a minute is asked again. */
export function onceThere<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | null = null;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = null;
      throw error;
    });
    return made;
  };
}

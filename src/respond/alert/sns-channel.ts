import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Alert } from '../../model/alert.ts';
import type { Channel, SendResult } from '../channel.ts';
import { awsFailure } from './aws-failure.ts';
import { snsMessage } from './sns-message.ts';

/** Publishes alerts to an SNS topic. The client's region is the topic's; timeouts and retries are the client's. */
export function snsChannel(options: { readonly client: SNSClient; readonly topicArn: string }): Channel {
  return {
    name: 'sns',
    async send(alert: Alert): Promise<SendResult> {
      try {
        await options.client.send(new PublishCommand({ TopicArn: options.topicArn, ...snsMessage(alert) }));
        return { ok: true };
      } catch (error) {
        return awsFailure('sns', error);
      }
    },
  };
}

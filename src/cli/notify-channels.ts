import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import type { Config } from '../model/config.ts';
import { type AwsOptions, awsClientConfig } from '../observe/aws/clients.ts';
import { slackChannel } from '../respond/alert/slack-channel.ts';
import { parseWebhook, secretWebhook } from '../respond/alert/slack-webhook.ts';
import { snsChannel } from '../respond/alert/sns-channel.ts';
import type { Channel } from '../respond/channel.ts';

export interface NotifyOptions {
  readonly notify: Config['notify'];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly aws: AwsOptions;
  readonly sleep: (ms: number) => Promise<void>;
}

/**
 * The channels that the configuration names: Slack where there is a webhook (the environment wins over the secret),
 * SNS where there is a topic. None of them makes a call before it is used.
 * @throws {InputError} for a webhook in the environment that is none.
 */
export function notifyChannels(options: NotifyOptions): readonly Channel[] {
  const webhook = webhookOf(options);
  const { snsTopicArn } = options.notify;
  return [
    ...(webhook === null ? [] : [slackChannel({ webhook, sleep: options.sleep })]),
    ...(snsTopicArn === undefined
      ? []
      : [snsChannel({ client: snsClient(options.aws, snsTopicArn), topicArn: snsTopicArn })]),
  ];
}

/** A client in the region of the topic, that gives up in time for the next tick. */
export function snsClient(aws: AwsOptions, topicArn: string): SNSClient {
  return new SNSClient(hasty({ ...aws, region: regionOfArn(topicArn) ?? aws.region }));
}

/** `arn:aws:sns:eu-central-1:111122223333:alerts` -> `eu-central-1`. */
export function regionOfArn(arn: string): string | undefined {
  return arn.split(':')[3] || undefined;
}

function webhookOf({ notify, env, aws }: NotifyOptions): (() => Promise<string>) | null {
  const fromEnvironment = env[notify.slackWebhookEnv];
  if (fromEnvironment !== undefined && fromEnvironment.trim() !== '') {
    const url = parseWebhook(fromEnvironment, notify.slackWebhookEnv);
    return () => Promise.resolve(url);
  }
  const { slackWebhookSecretArn: arn } = notify;
  if (arn === undefined) return null;
  return secretWebhook(
    new SecretsManagerClient(hasty({ ...aws, region: regionOfArn(arn) ?? aws.region })),
    arn,
  );
}

/** Three attempts of at most five seconds: a channel that hangs must not hold up the tick. */
export function hasty(aws: AwsOptions) {
  const config = awsClientConfig(aws);
  return { ...config, maxAttempts: 3, requestHandler: { ...config.requestHandler, requestTimeout: 5_000 } };
}

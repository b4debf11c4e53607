import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Config } from '../../model/config.ts';
import { InputError } from '../../model/errors.ts';
import type { AwsOptions } from '../../observe/aws/clients.ts';
import { failureHint } from '../../respond/alert/failure-hints.ts';
import { parseWebhook, secretWebhook } from '../../respond/alert/slack-webhook.ts';
import { subscriptionsOf } from '../../respond/alert/sns-subscriptions.ts';
import type { Io } from '../io.ts';
import { hasty, notifyChannels, regionOfArn, snsClient } from '../notify-channels.ts';
import { type SampleDelivery, sendSample } from '../sample-delivery.ts';
import { type Check, failure, notChecked, ok, warning } from './check.ts';

interface Wanted {
  readonly io: Io;
  readonly config: Config;
  readonly aws: AwsOptions;
  /** Send a sample too. */
  readonly send: boolean;
}

/** Whether an alert would reach anybody. Nothing is sent unless asked for. */
export async function channelChecks(wanted: Wanted): Promise<readonly Check[]> {
  const { io, config } = wanted;
  const slack = await slackCheck(wanted);
  const sns = await snsCheck(wanted);
  const found = [...(slack === null ? [] : [slack]), ...(sns === null ? [] : [sns])];
  if (found.length === 0) {
    const fix = `set ${config.notify.slackWebhookEnv}, notify.slackWebhookSecretArn or notify.snsTopicArn; a deployed stack has channels of its own`;
    return [
      warning('channels', 'alerts: no channel is configured here: they appear in this terminal only', fix),
    ];
  }
  if (!wanted.send) {
    return [
      ...found,
      notChecked('delivery', 'alerts: nothing was sent', 'firebreak doctor --send sends a sample'),
    ];
  }
  if (found.some(({ state }) => state === 'failure')) {
    return [...found, notChecked('delivery', 'alerts: nothing was sent, since a channel cannot work')];
  }
  const channels = notifyChannels({ notify: config.notify, env: io.env, aws: wanted.aws, sleep: io.sleep });
  const results = await Promise.all(channels.map((channel) => sendSample(channel, wanted)));
  return [...found, ...results.map(deliveryCheck)];
}

function deliveryCheck({ channel, ok: delivered, failure: why, hint }: SampleDelivery): Check {
  if (delivered) return ok('delivery', `alerts: a sample was delivered over ${channel}`);
  return failure('delivery', `alerts: ${channel} failed: ${why}`, hint || 'firebreak test-alert says more');
}

async function slackCheck({ io, config, aws }: Wanted): Promise<Check | null> {
  const { slackWebhookEnv, slackWebhookSecretArn: arn } = config.notify;
  const given = io.env[slackWebhookEnv]?.trim() ?? '';
  if (given !== '') {
    try {
      parseWebhook(given, slackWebhookEnv);
      return ok('slack-settings', `Slack: ${slackWebhookEnv} holds a webhook URL`);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return failure(
        'slack-settings',
        `Slack: ${error.message}`,
        'create an incoming webhook (docs/alerts.md)',
      );
    }
  }
  if (arn === undefined) return null;
  try {
    const region = regionOfArn(arn) ?? aws.region;
    await secretWebhook(new SecretsManagerClient(hasty({ ...aws, region })), arn)();
    return ok('slack-secret', 'Slack: the secret holds a webhook URL');
  } catch (error) {
    if (error instanceof InputError) {
      return failure('slack-settings', `Slack: ${error.message}`, 'put an incoming webhook into the secret');
    }
    const name = error instanceof Error ? error.name : 'unknown';
    const fix = failureHint(`slack-secret-${name}`);
    return failure('slack-secret', `Slack: the secret cannot be read: ${name}`, fix);
  }
}

async function snsCheck({ config, aws }: Wanted): Promise<Check | null> {
  const { snsTopicArn: arn } = config.notify;
  if (arn === undefined) return null;
  const subscriptions = await subscriptionsOf(snsClient(aws, arn), arn);
  if (subscriptions === null) {
    const fix = 'allow sns:ListSubscriptionsByTopic on the topic; check that it exists';
    return warning('sns', 'SNS: who is subscribed to the topic could not be read', fix);
  }
  const confirmed = Object.entries(subscriptions.confirmed).map(
    ([protocol, count]) => `${count} ${protocol}`,
  );
  const { pending } = subscriptions;
  const fix = 'follow the link in the mail that AWS sent to each address';
  if (confirmed.length === 0) {
    return failure('sns', `SNS: nobody has confirmed a subscription (${pending} not confirmed yet)`, fix);
  }
  if (pending > 0) {
    return warning('sns', `SNS: ${confirmed.join(', ')} confirmed, ${pending} not confirmed yet`, fix);
  }
  return ok('sns', `SNS: ${confirmed.join(', ')} confirmed`);
}

import type { Config } from '../model/config.ts';
import type { AwsOptions } from '../observe/aws/clients.ts';
import { failureHint } from '../respond/alert/failure-hints.ts';
import { sampleAlert } from '../respond/alert/sample.ts';
import { type Subscriptions, subscriptionsOf } from '../respond/alert/sns-subscriptions.ts';
import type { Channel } from '../respond/channel.ts';
import type { Io } from './io.ts';
import { snsClient } from './notify-channels.ts';

/** What became of the sample on one channel. */
export interface SampleDelivery {
  readonly channel: string;
  readonly ok: boolean;
  readonly failure: string | null;
  readonly hint: string;
  /** SNS only; `null`: could not be read. */
  readonly subscriptions?: Subscriptions | null;
}

/** Sends the sample, marked as a test, over one channel. */
export async function sendSample(
  channel: Channel,
  context: { readonly io: Io; readonly config: Config; readonly aws: AwsOptions },
): Promise<SampleDelivery> {
  const { io, config, aws } = context;
  const topicArn = config.notify.snsTopicArn;
  const [, , , topicRegion, topicAccount] = topicArn?.split(':') ?? [];
  const alert = sampleAlert({
    at: io.now(),
    account: topicAccount ?? '000000000000',
    region: aws.region ?? topicRegion ?? io.env['AWS_REGION'] ?? 'us-east-1',
  });
  const result = await channel.send(alert);
  const failure = result.ok ? null : result.failure;
  const base = { channel: channel.name, ok: result.ok, failure, hint: failureHint(failure ?? '') };
  if (channel.name !== 'sns' || topicArn === undefined || !result.ok) return base;
  return withSubscriptions(base, await subscriptionsOf(snsClient(aws, topicArn), topicArn));
}

/** A topic takes a message that nobody gets: that is no delivery. */
function withSubscriptions(result: SampleDelivery, subscriptions: Subscriptions | null): SampleDelivery {
  if (subscriptions === null || Object.keys(subscriptions.confirmed).length > 0) {
    return { ...result, subscriptions };
  }
  const failure = 'sns-no-subscriber';
  return { ...result, ok: false, failure, hint: failureHint(failure), subscriptions };
}

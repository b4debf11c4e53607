import { ListSubscriptionsByTopicCommand, type SNSClient } from '@aws-sdk/client-sns';

/** Who listens to a topic, from the first 100 subscriptions. Addresses are left out: they are personal. */
export interface Subscriptions {
  /** Confirmed subscriptions by protocol: `{ email: 2, sqs: 1 }`. */
  readonly confirmed: Readonly<Record<string, number>>;
  /** Subscriptions that nobody has confirmed: they get nothing, and expire after two days (SNS API, 2026-11). */
  readonly pending: number;
}

/** `null` where it cannot be read: publishing needs no permission for this. */
export async function subscriptionsOf(client: SNSClient, topicArn: string): Promise<Subscriptions | null> {
  try {
    const { Subscriptions: all = [] } = await client.send(
      new ListSubscriptionsByTopicCommand({ TopicArn: topicArn }),
    );
    const confirmed: Record<string, number> = {};
    for (const { SubscriptionArn: arn = '', Protocol: protocol = 'unknown' } of all) {
      if (arn.startsWith('arn:')) confirmed[protocol] = (confirmed[protocol] ?? 0) + 1;
    }
    const pending = all.filter(({ SubscriptionArn: arn }) => arn?.startsWith('arn:') !== true).length;
    return { confirmed, pending };
  } catch {
    return null;
  }
}

import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { FirebreakProps } from './props.ts';

export interface Topics {
  /** Incidents. */
  readonly alerts: ITopic;
  /** Key of the alerts topic; `null` where the topic is the user's. */
  readonly key: Key | null;
  /** firebreak itself is silent or failing. */
  readonly health: Topic;
}

/**
 * Two topics, apart on purpose: what breaks the alerts (a disabled key, a changed topic policy) must not also silence
 * the alarm that says so. The text of a health alarm is its name: it needs no key.
 */
export function createTopics(scope: Construct, props: FirebreakProps, deadLetters: IQueue): Topics {
  const own = props.alertTopic === undefined ? createAlertTopic(scope) : null;
  const alerts = props.alertTopic ?? own?.topic;
  if (alerts === undefined) throw new Error('unreachable: one of the two topics exists');
  const health = new Topic(scope, 'Health', { displayName: 'firebreak health', enforceSSL: true });
  health.addToResourcePolicy(alarmsMayPublish(scope, health.topicArn));
  subscribe(alerts, props.alertEmails ?? [], deadLetters);
  subscribe(health, props.healthEmails ?? props.alertEmails ?? [], deadLetters);
  return { alerts, key: own?.key ?? null, health };
}

function createAlertTopic(scope: Construct): { readonly topic: Topic; readonly key: Key } {
  const key = new Key(scope, 'Key', {
    description: 'firebreak alerts',
    enableKeyRotation: true,
    // Nothing is kept under it: SNS encrypts messages only while it delivers them.
    removalPolicy: RemovalPolicy.DESTROY,
  });
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'CloudWatchAlarmsPublish',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      // What SNS needs of the publisher for an encrypted topic (SNS developer guide, key management, 2026).
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  );
  const topic = new Topic(scope, 'Alerts', {
    displayName: 'firebreak alerts',
    masterKey: key,
    enforceSSL: true,
  });
  topic.addToResourcePolicy(alarmsMayPublish(scope, topic.topicArn));
  return { topic, key };
}

function alarmsMayPublish(scope: Construct, topicArn: string): PolicyStatement {
  return new PolicyStatement({
    sid: 'CloudWatchAlarmsPublish',
    principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
    actions: ['sns:Publish'],
    resources: [topicArn],
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
  });
}

/** What an address does not take is kept, and raises an alarm. */
function subscribe(topic: ITopic, addresses: readonly string[], deadLetterQueue: IQueue): void {
  for (const address of addresses) topic.addSubscription(new EmailSubscription(address, { deadLetterQueue }));
}

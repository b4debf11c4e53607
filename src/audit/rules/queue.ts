import { formatCount, formatDuration, formatUsd } from '../../model/format.ts';
import { SECOND_MS } from '../../model/time.ts';
import { pricedFunction } from '../exposure.ts';
import { type PoisonUnit, poisonMessage } from '../poison.ts';
import {
  cannotSay,
  type Mapping,
  NOT_APPLICABLE,
  PASSED,
  type Rule,
  type RuleContext,
  type Stake,
  type Verdict,
} from '../rule.ts';
import { queueUrlOption, shellWord } from '../shell.ts';
import type { AuditQueue } from '../subject.ts';

/** AWS advises at least 5 for Lambda (AWS Lambda developer guide, SQS configuration, 2026). */
const MAX_RECEIVE_COUNT_MIN = 5;
/** Retries beyond this have never helped anyone (assumption). */
const MAX_RECEIVE_COUNT_ABSURD = 50;
/** Visibility timeout against function timeout (same page). */
const VISIBILITY_FACTOR = 6;

/** Judges the queue of an enabled SQS mapping. */
function ofQueue(mapping: Mapping, judge: (queue: AuditQueue) => Verdict): Verdict {
  const { source, queue } = mapping;
  if (source.kind !== 'sqs' || !source.enabled) return NOT_APPLICABLE;
  return queue === undefined ? cannotSay('settings of the queue') : judge(queue);
}

function redriveFix(queueName: string, maxReceiveCount: number, summary: string) {
  const policy = JSON.stringify({
    deadLetterTargetArn: 'DEAD_LETTER_QUEUE_ARN',
    maxReceiveCount: String(maxReceiveCount),
  });
  const attributes = JSON.stringify({ RedrivePolicy: policy });
  return {
    summary,
    cdk: `new sqs.Queue(this, 'Queue', { deadLetterQueue: { queue: deadLetters, maxReceiveCount: ${maxReceiveCount} } });`,
    cloudFormation: `RedrivePolicy:\n  deadLetterTargetArn: !GetAtt DeadLetters.Arn\n  maxReceiveCount: ${maxReceiveCount}`,
    cli: `aws sqs set-queue-attributes ${queueUrlOption(queueName)} --attributes '${attributes}'`,
  };
}

function poisonOf({ fn, queue }: Mapping, context: RuleContext): PoisonUnit | undefined {
  const priced = pricedFunction(fn, context);
  return priced === null ? undefined : poisonMessage(priced, queue);
}

function stakeOf(unit: PoisonUnit | undefined): Stake | null {
  return unit === undefined ? null : { usd: unit.usd, per: 'poison message' };
}

function costText(unit: PoisonUnit | undefined): string {
  return unit === undefined ? '' : `: one poison message makes ${unit.text}, ${formatUsd(unit.usd)}`;
}

export const queueRules: readonly Rule[] = [
  {
    id: 'queue-no-redrive',
    scope: 'mapping',
    title: 'a message that fails is retried until retention',
    why: 'Without a redrive policy a poison message comes back after every visibility timeout for days, each attempt billed.',
    evaluate: (mapping, context) =>
      ofQueue(mapping, (queue) => {
        if (queue.redrive === undefined) return cannotSay('redrive policy');
        if (queue.redrive !== null) return PASSED;
        const unit = poisonOf(mapping, context);
        return {
          outcome: 'finding',
          severity: 'high',
          evidence: `no redrive policy${costText(unit)}`,
          stake: stakeOf(unit),
          fix: redriveFix(queue.name, MAX_RECEIVE_COUNT_MIN, 'Give the queue a dead-letter queue'),
        };
      }),
  },
  {
    id: 'queue-max-receive-low',
    scope: 'mapping',
    title: 'maxReceiveCount is below 5',
    why: 'Throttled receives count too: with few attempts good messages are dead-lettered by a short throttle (AWS advises at least 5).',
    evaluate: (mapping) =>
      ofQueue(mapping, (queue) => {
        if (queue.redrive === undefined) return cannotSay('redrive policy');
        if (queue.redrive === null) return NOT_APPLICABLE;
        const { maxReceiveCount } = queue.redrive;
        if (maxReceiveCount >= MAX_RECEIVE_COUNT_MIN) return PASSED;
        return {
          outcome: 'finding',
          severity: 'medium',
          evidence: `maxReceiveCount ${maxReceiveCount}`,
          stake: null,
          fix: redriveFix(queue.name, MAX_RECEIVE_COUNT_MIN, 'Allow at least five receives'),
        };
      }),
  },
  {
    id: 'queue-max-receive-high',
    scope: 'mapping',
    title: 'maxReceiveCount is so high that it hardly ends anything',
    why: 'Each receive is an invocation; what fails fifty times fails a thousand times.',
    evaluate: (mapping, context) =>
      ofQueue(mapping, (queue) => {
        if (queue.redrive === undefined) return cannotSay('redrive policy');
        if (queue.redrive === null) return NOT_APPLICABLE;
        if (queue.redrive.maxReceiveCount <= MAX_RECEIVE_COUNT_ABSURD) return PASSED;
        const unit = poisonOf(mapping, context);
        return {
          outcome: 'finding',
          severity: 'medium',
          evidence: `maxReceiveCount ${formatCount(queue.redrive.maxReceiveCount)}${costText(unit)}`,
          stake: stakeOf(unit),
          fix: redriveFix(queue.name, MAX_RECEIVE_COUNT_MIN, 'Allow five to ten receives'),
        };
      }),
  },
  {
    id: 'queue-visibility-short',
    scope: 'mapping',
    title: 'visibility timeout is too short for the function',
    why: 'A message that becomes visible while it is still processed runs twice; AWS advises six times the function timeout plus the batching window.',
    evaluate: (mapping) =>
      ofQueue(mapping, (queue) => {
        const visibility = queue.visibilityTimeoutSeconds;
        const timeout = mapping.fn.timeoutSeconds;
        if (visibility === undefined) return cannotSay('visibility timeout');
        if (timeout === undefined) return cannotSay('timeout');
        const wanted = VISIBILITY_FACTOR * timeout + (mapping.source.maximumBatchingWindowSeconds ?? 0);
        if (visibility >= wanted) return PASSED;
        return {
          outcome: 'finding',
          severity: visibility < timeout ? 'high' : 'medium',
          evidence: `visibility timeout ${visibility} s, function timeout ${timeout} s: ${wanted} s advised`,
          stake: null,
          fix: {
            summary: 'Raise the visibility timeout to six times the function timeout',
            cdk: `new sqs.Queue(this, 'Queue', { visibilityTimeout: Duration.seconds(${wanted}) });`,
            cloudFormation: `VisibilityTimeout: ${wanted}`,
            cli: `aws sqs set-queue-attributes ${queueUrlOption(queue.name)} --attributes VisibilityTimeout=${wanted}`,
          },
        };
      }),
  },
];

/** Fourteen days, the most SQS keeps a message (Amazon SQS message quotas, 2026). */
const RETENTION_MAX_SECONDS = 1_209_600;
/** Metrics that show messages in a dead-letter queue; NumberOfMessagesSent does not count what redrive moved there. */
const DEPTH_METRICS = ['ApproximateNumberOfMessagesVisible', 'ApproximateAgeOfOldestMessage'];

function sourcesOf(queue: AuditQueue, context: RuleContext): readonly AuditQueue[] {
  return context.deadLetterSources.get(queue.name) ?? [];
}

export const deadLetterRules: readonly Rule[] = [
  {
    id: 'dlq-retention-short',
    scope: 'queue',
    title: 'dead-letter queue keeps messages no longer than its source',
    why: 'On a standard queue the retention clock runs on from the first send: what arrives late is deleted soon after (Amazon SQS developer guide, 2026).',
    evaluate: (queue, context) => {
      const sources = sourcesOf(queue, context).filter(({ fifo }) => !fifo);
      if (sources.length === 0) return NOT_APPLICABLE;
      if (queue.messageRetentionSeconds === undefined) return cannotSay('retention');
      const kept = queue.messageRetentionSeconds;
      const longest = Math.max(...sources.map(({ messageRetentionSeconds = 0 }) => messageRetentionSeconds));
      // A source that keeps messages as long as SQS can leaves nothing to raise.
      if (kept > longest || kept >= RETENTION_MAX_SECONDS) return PASSED;
      return {
        outcome: 'finding',
        severity: 'medium',
        evidence: `kept ${formatDuration(kept * SECOND_MS)}, its source keeps ${formatDuration(longest * SECOND_MS)}`,
        stake: null,
        fix: {
          summary: 'Keep dead letters for 14 days',
          cdk: "new sqs.Queue(this, 'DeadLetters', { retentionPeriod: Duration.days(14) });",
          cloudFormation: `MessageRetentionPeriod: ${RETENTION_MAX_SECONDS}`,
          cli: `aws sqs set-queue-attributes ${queueUrlOption(queue.name)} --attributes MessageRetentionPeriod=${RETENTION_MAX_SECONDS}`,
        },
      };
    },
  },
  {
    id: 'dlq-no-alarm',
    scope: 'queue',
    title: 'nobody is told when dead letters arrive',
    why: 'A dead-letter queue that nobody watches is where messages go to expire.',
    evaluate: (queue, context) => {
      if (sourcesOf(queue, context).length === 0) return NOT_APPLICABLE;
      if (context.subject.alarms === undefined) return cannotSay('alarms');
      const onQueue = context.subject.alarms.flatMap(({ metrics, notifies }) =>
        metrics
          .filter(
            ({ namespace, dimensions }) =>
              namespace === 'AWS/SQS' && dimensions['QueueName'] === queue.name && notifies,
          )
          .map(({ metric }) => metric),
      );
      if (onQueue.some((metric) => DEPTH_METRICS.includes(metric))) return PASSED;
      return {
        outcome: 'finding',
        severity: 'medium',
        evidence: onQueue.includes('NumberOfMessagesSent')
          ? 'its alarm is on NumberOfMessagesSent, which does not count messages that a redrive policy moved'
          : 'no alarm on ApproximateNumberOfMessagesVisible',
        stake: null,
        fix: {
          summary: 'Alarm on the first visible message',
          cdk: "deadLetters.metricApproximateNumberOfMessagesVisible().createAlarm(this, 'DeadLetterAlarm', { threshold: 1, evaluationPeriods: 1 });",
          cloudFormation:
            'Type: AWS::CloudWatch::Alarm\nProperties:\n  Namespace: AWS/SQS\n  MetricName: ApproximateNumberOfMessagesVisible\n  Dimensions: [{ Name: QueueName, Value: !GetAtt DeadLetters.QueueName }]\n  Statistic: Maximum\n  Period: 60\n  EvaluationPeriods: 1\n  Threshold: 1\n  ComparisonOperator: GreaterThanOrEqualToThreshold\n  AlarmActions: [!Ref Topic]',
          cli: `aws cloudwatch put-metric-alarm --alarm-name ${shellWord(queue.name)}-not-empty --namespace AWS/SQS --metric-name ApproximateNumberOfMessagesVisible --dimensions Name=QueueName,Value=${shellWord(queue.name)} --statistic Maximum --period 60 --evaluation-periods 1 --threshold 1 --comparison-operator GreaterThanOrEqualToThreshold --alarm-actions TOPIC_ARN`,
        },
      };
    },
  },
];

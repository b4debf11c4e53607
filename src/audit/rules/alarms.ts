import { SECOND_MS } from '../../model/time.ts';
import { cannotSay, PASSED, type Rule } from '../rule.ts';
import { shellWord } from '../shell.ts';
import type { AuditAlarm, AuditFunction } from '../subject.ts';

const METRICS = ['Errors', 'Throttles', 'Duration', 'ConcurrentExecutions'] as const;

/** Where a Duration alarm fires: nearer to the timeout than a healthy run comes. */
const DURATION_SHARE = 0.9;
const TIMEOUT_UNKNOWN_SECONDS = 10;

/** What an alarm on the metric would compare. */
function signalOf(metric: (typeof METRICS)[number], fn: AuditFunction, concurrency: number) {
  const timeoutMs = (fn.timeoutSeconds ?? TIMEOUT_UNKNOWN_SECONDS) * SECOND_MS;
  switch (metric) {
    case 'Duration':
      return { metric, statistic: 'Maximum', threshold: Math.round(timeoutMs * DURATION_SHARE) };
    case 'ConcurrentExecutions':
      // Half of what it can reach: a ramp is seen before it is over.
      return { metric, statistic: 'Maximum', threshold: Math.max(1, Math.ceil(concurrency / 2)) };
    default:
      return { metric, statistic: 'Sum', threshold: 1 };
  }
}

/** On this function, or on the whole region; an alarm that tells nobody does not count. */
function watches(alarm: AuditAlarm, functionName: string, metricName: string): boolean {
  return (
    alarm.notifies &&
    alarm.metrics.some(
      ({ namespace, metric, dimensions }) =>
        namespace === 'AWS/Lambda' &&
        metric === metricName &&
        (dimensions['FunctionName'] === functionName || Object.keys(dimensions).length === 0),
    )
  );
}

export const alarmRules: readonly Rule[] = [
  {
    id: 'alarms-missing',
    scope: 'function',
    title: 'no alarm on the four basic metrics',
    why: 'Errors, Throttles, Duration and ConcurrentExecutions are the first to move; firebreak watches them once it is deployed.',
    evaluate: (fn, { subject, exposures }) => {
      if (subject.alarms === undefined) return cannotSay('alarms');
      const { alarms } = subject;
      const concurrency = exposures.get(fn.name)?.reachable.concurrency ?? 1;
      const missing = METRICS.filter(
        (metric) => !alarms.some((alarm) => watches(alarm, fn.name, metric)),
      ).map((metric) => signalOf(metric, fn, concurrency));
      const [first] = missing;
      if (first === undefined) return PASSED;
      const name = shellWord(fn.name);
      const names = missing.map(({ metric }) => metric).join(', ');
      return {
        outcome: 'finding',
        severity: missing.length === METRICS.length ? 'medium' : 'low',
        evidence: `no alarm that notifies someone on ${names}`,
        stake: null,
        fix: {
          summary: 'Deploy firebreak, or alarm on what is missing',
          cdk: `fn.metric('${first.metric}', { statistic: '${first.statistic}' }).createAlarm(this, '${first.metric}Alarm', { threshold: ${first.threshold}, evaluationPeriods: 3 });`,
          cloudFormation: `Type: AWS::CloudWatch::Alarm\nProperties:\n  Namespace: AWS/Lambda\n  MetricName: ${first.metric}\n  Dimensions: [{ Name: FunctionName, Value: !Ref Function }]\n  Statistic: ${first.statistic}\n  Period: 60\n  EvaluationPeriods: 3\n  Threshold: ${first.threshold}\n  ComparisonOperator: GreaterThanOrEqualToThreshold\n  TreatMissingData: notBreaching\n  AlarmActions: [!Ref Topic]`,
          cli: missing
            .map(
              ({ metric, statistic, threshold }) =>
                `aws cloudwatch put-metric-alarm --alarm-name ${name}-${metric} --namespace AWS/Lambda --metric-name ${metric} --dimensions Name=FunctionName,Value=${name} --statistic ${statistic} --period 60 --evaluation-periods 3 --threshold ${threshold} --comparison-operator GreaterThanOrEqualToThreshold --treat-missing-data notBreaching --alarm-actions TOPIC_ARN`,
            )
            .join('\n'),
        },
      };
    },
  },
];

import { cannotSay, PASSED, type Rule } from '../rule.ts';
import { shellWord } from '../shell.ts';
import type { AuditAlarm } from '../subject.ts';

/** The four signals of a function in trouble, with what an alarm would compare. */
const SIGNALS = [
  { metric: 'Errors', statistic: 'Sum', threshold: 1 },
  { metric: 'Throttles', statistic: 'Sum', threshold: 1 },
  { metric: 'Duration', statistic: 'Maximum', threshold: 10_000 },
  { metric: 'ConcurrentExecutions', statistic: 'Maximum', threshold: 100 },
] as const;

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
    evaluate: (fn, { subject }) => {
      if (subject.alarms === undefined) return cannotSay('alarms');
      const { alarms } = subject;
      const missing = SIGNALS.filter(
        ({ metric }) => !alarms.some((alarm) => watches(alarm, fn.name, metric)),
      );
      const [first] = missing;
      if (first === undefined) return PASSED;
      const name = shellWord(fn.name);
      const names = missing.map(({ metric }) => metric).join(', ');
      return {
        outcome: 'finding',
        severity: missing.length === SIGNALS.length ? 'medium' : 'low',
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

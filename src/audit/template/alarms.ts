import { withComposites } from '../alarm-actions.ts';
import type { AlarmMetric, AuditAlarm } from '../subject.ts';
import type { NamedResource, Resolver } from './resolve.ts';
import { booleanOf, listOf, property, type Resolved } from './values.ts';

export function alarmsOf(resolver: Resolver): readonly AuditAlarm[] {
  const alarms = resolver.ofType('AWS::CloudWatch::Alarm').map((resource) => ({
    name: resource.name,
    metrics: metricsOf(resource, resolver),
    notifies: notifies(resource),
  }));
  const composites = resolver.ofType('AWS::CloudWatch::CompositeAlarm').map((resource) => ({
    rule: resolver.text(resource.properties['AlarmRule']) ?? '',
    notifies: notifies(resource),
  }));
  return withComposites(alarms, composites);
}

function notifies({ properties }: NamedResource): boolean {
  return (
    booleanOf(properties['ActionsEnabled'], true) !== false && listOf(properties['AlarmActions']).length > 0
  );
}

function metricsOf({ properties }: NamedResource, resolver: Resolver): readonly AlarmMetric[] {
  const inMath = listOf(properties['Metrics'])
    .map((query) => property(query, 'MetricStat', 'Metric'))
    .filter((metric) => metric !== undefined);
  const plain = properties['MetricName'] === undefined ? [] : [properties as Resolved];
  return [...plain, ...inMath].map((metric) => ({
    namespace: resolver.text(property(metric, 'Namespace')) ?? '',
    metric: resolver.text(property(metric, 'MetricName')) ?? '',
    dimensions: Object.fromEntries(
      listOf(property(metric, 'Dimensions')).map((dimension) => [
        resolver.text(property(dimension, 'Name')) ?? '',
        resolver.text(property(dimension, 'Value')) ?? '(known when deployed)',
      ]),
    ),
  }));
}

import * as z from 'zod';
import type { AlarmRule, Comparison } from './alarm.ts';
import { type Expression, parseExpression } from './expression.ts';
import type { MetricQuery } from './metric.ts';

/** An alarm of an account. */
export interface Alarm {
  readonly name: string;
  /** Function or queue that it is about. */
  readonly resource: string;
  readonly rule: AlarmRule;
  readonly comparison: Comparison;
  readonly periodMinutes: number;
  readonly queries: ReadonlyMap<string, MetricQuery>;
  /** Of the metrics by id; a single metric is its own expression. */
  readonly expression: Expression;
  /** A number, or the width of an anomaly detection band, in standard deviations. */
  readonly threshold: number | { readonly bandWidth: number };
  /** What is paid for: an alarm metric each, three for a band (Amazon CloudWatch pricing, 2026). */
  readonly billedMetrics: number;
}

/** An alarm of a single metric. */
export function singleMetricAlarm(
  alarm: Omit<Alarm, 'name' | 'resource' | 'queries' | 'expression' | 'billedMetrics'> & {
    readonly query: MetricQuery;
  },
): Alarm {
  const { query, ...rest } = alarm;
  return {
    ...rest,
    name: `${query.metric} ${query.resource}`,
    resource: query.resource,
    queries: new Map([['m', query]]),
    expression: ({ value }) => value('m'),
    billedMetrics: typeof alarm.threshold === 'number' ? 1 : 3,
  };
}

const nameSchema = z.union([
  z.string(),
  z.object({ Ref: z.string() }).transform(({ Ref }) => ({ logicalId: Ref })),
  z
    .object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('QueueName')]) })
    .transform((value) => ({ logicalId: value['Fn::GetAtt'][0] })),
]);

const dimensionsSchema = z
  .array(z.object({ Name: z.enum(['FunctionName', 'QueueName']), Value: nameSchema }))
  .length(1);

const metricSchema = z.object({
  Namespace: z.enum(['AWS/Lambda', 'AWS/SQS']),
  MetricName: z.string(),
  Dimensions: dimensionsSchema,
});

const ruleSchema = z.object({
  ComparisonOperator: z.enum([
    'GreaterThanThreshold',
    'GreaterThanOrEqualToThreshold',
    'LessThanThreshold',
    'LessThanOrEqualToThreshold',
  ]),
  EvaluationPeriods: z.number().int().positive(),
  DatapointsToAlarm: z.number().int().positive().optional(),
  Threshold: z.number(),
  TreatMissingData: z.enum(['missing', 'notBreaching', 'breaching', 'ignore']).default('missing'),
});

const simpleSchema = ruleSchema.extend({
  ...metricSchema.shape,
  Period: z.number().multipleOf(60),
  Statistic: z.string(),
});

const mathSchema = ruleSchema.extend({
  Metrics: z.array(
    z.object({
      Id: z.string(),
      Expression: z.string().optional(),
      MetricStat: z
        .object({ Metric: metricSchema, Period: z.number().multipleOf(60), Stat: z.string() })
        .optional(),
      ReturnData: z.boolean().default(true),
    }),
  ),
});

const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).optional() }),
  ),
});

type Template = z.infer<typeof templateSchema>;

/** Every alarm of a CloudFormation template whose functions and queues are named in it. */
export function alarmsOf(document: unknown): readonly Alarm[] {
  const template = templateSchema.parse(document);
  return Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm')
    .map(([id, { Properties }]) => alarmOf(id, Properties, template));
}

function alarmOf(
  id: string,
  properties: Readonly<Record<string, unknown>> | undefined,
  template: Template,
): Alarm {
  if (properties !== undefined && 'MetricName' in properties) {
    const data = simpleSchema.parse(properties);
    const query = queryOf(data, data.Statistic, template);
    return { ...singleMetricAlarm({ ...commonOf(data), periodMinutes: data.Period / 60, query }), name: id };
  }
  const data = mathSchema.parse(properties);
  const queries = new Map<string, MetricQuery>();
  let periodMinutes = 1;
  for (const { Id, MetricStat } of data.Metrics) {
    if (MetricStat === undefined) continue;
    queries.set(Id, queryOf(MetricStat.Metric, MetricStat.Stat, template));
    periodMinutes = MetricStat.Period / 60;
  }
  const returned = data.Metrics.find(({ ReturnData }) => ReturnData);
  const resource = [...queries.values()][0]?.resource;
  if (returned === undefined || resource === undefined) throw new RangeError(`alarm ${id} returns no data`);
  return {
    ...commonOf(data),
    name: id,
    resource,
    periodMinutes,
    queries,
    expression: parseExpression(returned.Expression ?? returned.Id),
    billedMetrics: queries.size,
  };
}

function commonOf(data: z.infer<typeof ruleSchema>): Pick<Alarm, 'rule' | 'comparison' | 'threshold'> {
  return {
    rule: {
      evaluationPeriods: data.EvaluationPeriods,
      datapointsToAlarm: data.DatapointsToAlarm ?? data.EvaluationPeriods,
      treatMissingData: data.TreatMissingData,
    },
    comparison: data.ComparisonOperator,
    threshold: data.Threshold,
  };
}

function queryOf(metric: z.infer<typeof metricSchema>, stat: string, template: Template): MetricQuery {
  const value = metric.Dimensions[0]?.Value ?? '';
  return {
    namespace: metric.Namespace,
    metric: metric.MetricName,
    stat,
    resource: typeof value === 'string' ? value : physicalName(value.logicalId, template),
  };
}

function physicalName(logicalId: string, template: Template): string {
  const properties = template.Resources[logicalId]?.Properties;
  const name = properties?.['FunctionName'] ?? properties?.['QueueName'];
  if (typeof name !== 'string') throw new RangeError(`${logicalId} has no name in the template`);
  return name;
}

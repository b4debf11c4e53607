import {
  DescribeAlarmsCommand,
  GetMetricStatisticsCommand,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetAccountAuthorizationDetailsCommand } from '@aws-sdk/client-iam';
import * as z from 'zod';
import { type CompositeAlarm, withComposites } from '../../audit/alarm-actions.ts';
import type {
  AllowStatement,
  AuditAlarm,
  AuditRole,
  LogGroup,
  ProvisionedConcurrency,
} from '../../audit/subject.ts';
import { DAY_MS, type EpochMs, HOUR_MS } from '../../model/time.ts';
import { type AuditWire, listPages } from './audit-wire.ts';

/** Alarms on metrics, with what composite alarms do for them; `undefined`: they could not be read. */
export async function readAlarms(wire: AuditWire): Promise<readonly AuditAlarm[] | undefined> {
  const pages = await listPages(wire, 'DescribeAlarms', async (NextToken, options) => {
    const command = new DescribeAlarmsCommand({
      NextToken,
      MaxRecords: 100,
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
    });
    const output = await wire.clients.cloudWatch.send(command, options);
    return { items: [output], next: output.NextToken };
  });
  if (pages === undefined) return undefined;
  const composites: CompositeAlarm[] = pages.flatMap(({ CompositeAlarms }) =>
    (CompositeAlarms ?? []).map((alarm) => ({ rule: alarm.AlarmRule ?? '', notifies: notifies(alarm) })),
  );
  const alarms = pages.flatMap(({ MetricAlarms }) =>
    (MetricAlarms ?? []).map((alarm) => ({
      name: alarm.AlarmName ?? '',
      notifies: notifies(alarm),
      metrics: [alarm, ...(alarm.Metrics ?? []).map(({ MetricStat }) => MetricStat?.Metric)].flatMap(
        (metric) =>
          metric?.MetricName === undefined
            ? []
            : [
                {
                  namespace: metric.Namespace ?? '',
                  metric: metric.MetricName,
                  dimensions: Object.fromEntries(
                    (metric.Dimensions ?? []).map(({ Name, Value }) => [Name ?? '', Value ?? '']),
                  ),
                },
              ],
      ),
    })),
  );
  return withComposites(alarms, composites);
}

function notifies(alarm: Pick<MetricAlarm, 'ActionsEnabled' | 'AlarmActions'>): boolean {
  return alarm.ActionsEnabled !== false && (alarm.AlarmActions ?? []).length > 0;
}

/** Log groups by name; `undefined`: they could not be read. */
export async function readLogGroups(wire: AuditWire): Promise<ReadonlyMap<string, LogGroup> | undefined> {
  const groups = await listPages(wire, 'DescribeLogGroups', async (nextToken, options) => {
    const output = await wire.clients.logs.send(
      new DescribeLogGroupsCommand({ nextToken, limit: 50 }),
      options,
    );
    return { items: output.logGroups ?? [], next: output.nextToken };
  });
  if (groups === undefined) return undefined;
  return new Map(
    groups.map(({ logGroupName = '', retentionInDays, storedBytes }) => [
      logGroupName,
      { name: logGroupName, retentionDays: retentionInDays ?? null, storedBytes },
    ]),
  );
}

const oneOrMany = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const documentSchema = z.object({
  Statement: z.preprocess(
    (value) => (Array.isArray(value) ? value : [value]),
    z.array(
      z.object({
        Effect: z.string(),
        Action: oneOrMany.optional(),
        Resource: oneOrMany.optional(),
      }),
    ),
  ),
});

/** Roles by name, with their inline and customer-managed policies in full; empty, with a gap, if denied. */
export async function readRoles(
  wire: AuditWire,
  wanted: ReadonlySet<string>,
): Promise<ReadonlyMap<string, AuditRole>> {
  if (wanted.size === 0) return new Map();
  const pages = await listPages(wire, 'GetAccountAuthorizationDetails', async (Marker, options) => {
    const command = new GetAccountAuthorizationDetailsCommand({
      Marker,
      MaxItems: 1000,
      Filter: ['Role', 'LocalManagedPolicy'],
    });
    const output = await wire.clients.iam.send(command, options);
    return { items: [output], next: output.IsTruncated === true ? output.Marker : undefined };
  });
  const policies = new Map(
    (pages ?? []).flatMap(({ Policies }) =>
      (Policies ?? []).map(({ Arn = '', PolicyName = '', PolicyVersionList }) => {
        const current = PolicyVersionList?.find(({ IsDefaultVersion }) => IsDefaultVersion === true);
        return [Arn, allowsOf(current?.Document, PolicyName)] as const;
      }),
    ),
  );
  const roles = (pages ?? []).flatMap(({ RoleDetailList }) => RoleDetailList ?? []);
  return new Map(
    roles
      .filter(({ RoleName }) => RoleName !== undefined && wanted.has(RoleName))
      .map(({ RoleName = '', RolePolicyList, AttachedManagedPolicies }) => {
        const inline = (RolePolicyList ?? []).flatMap(({ PolicyName = 'inline', PolicyDocument }) =>
          allowsOf(PolicyDocument, PolicyName),
        );
        const attached = (AttachedManagedPolicies ?? []).map(({ PolicyArn = '' }) => PolicyArn);
        const allows = [...inline, ...attached.flatMap((arn) => policies.get(arn) ?? [])];
        return [RoleName, { id: RoleName, managedPolicies: attached, allows }];
      }),
  );
}

/** Allow statements of a policy document, which IAM returns URL-encoded. What is left out of a statement means all. */
function allowsOf(encoded: string | undefined, policy: string): readonly AllowStatement[] {
  const parsed = documentSchema.safeParse(decoded(encoded));
  if (!parsed.success) return [];
  return parsed.data.Statement.filter(({ Effect }) => Effect === 'Allow').map(({ Action, Resource }) => ({
    policy,
    actions: Action ?? ['*'],
    resources: Resource ?? ['*'],
  }));
}

function decoded(text: string | undefined): unknown {
  try {
    return JSON.parse(decodeURIComponent(text ?? ''));
  } catch {
    return undefined;
  }
}

/** How the last day used provisioned concurrency. CloudWatch's statistics are free up to a million calls a month. */
export async function readProvisionedUse(
  wire: AuditWire,
  functionName: string,
  config: { readonly qualifier: string; readonly executions: number },
  now: EpochMs,
): Promise<ProvisionedConcurrency> {
  const read = async (metric: string, statistic: 'Maximum' | 'Sum') => {
    const command = new GetMetricStatisticsCommand({
      Namespace: 'AWS/Lambda',
      MetricName: metric,
      Dimensions: [
        { Name: 'FunctionName', Value: functionName },
        { Name: 'Resource', Value: `${functionName}:${config.qualifier}` },
      ],
      StartTime: new Date(now - DAY_MS),
      EndTime: new Date(now),
      Period: HOUR_MS / 1000,
      Statistics: [statistic],
    });
    const output = await wire.ask('GetMetricStatistics', functionName, (options) =>
      wire.clients.cloudWatch.send(command, options),
    );
    return output == null ? undefined : (output.Datapoints ?? []).map((point) => point[statistic] ?? 0);
  };
  const utilization = await read('ProvisionedConcurrencyUtilization', 'Maximum');
  const spillover = await read('ProvisionedConcurrencySpilloverInvocations', 'Sum');
  return {
    ...config,
    // No datapoint in a day: nothing ran on it.
    utilizationMaximum: utilization === undefined ? undefined : Math.max(0, ...utilization),
    spilloverInvocations: spillover?.reduce((sum, value) => sum + value, 0),
  };
}

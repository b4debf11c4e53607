import { type Answer, type FakeAws, fakeAws, type Seen } from '../../observe/aws/fake-aws.ts';
import type { Unit } from './unit.ts';

/** Concurrent executions the account may have. */
const ACCOUNT_LIMIT = 10_000;

/** The account over the wire, for all that an audit asks. `before` may answer first: with an error, or not at all. */
export function serveUnits(
  units: readonly Unit[],
  before: (seen: Seen) => Answer | undefined = () => undefined,
): FakeAws {
  const byName = new Map(units.map((unit) => [unit.name, unit]));
  return fakeAws({
    functions: units.map(({ name, config, reservedConcurrency, eventInvokeConfig }) => ({
      ...{ name, config },
      ...(reservedConcurrency === null ? {} : { reservedConcurrency }),
      ...(eventInvokeConfig === null ? {} : { eventInvokeConfig }),
    })),
    mappings: units.flatMap(({ mappings }) => mappings),
    queues: units.flatMap(({ queues }) => queues),
    fault: (seen) => before(seen) ?? answer(units, byName, seen),
  });
}

const MISSING: Answer = { status: 404, code: 'ResourceNotFoundException', message: 'not found' };

/** What only an audit asks; the rest is the fake's own. */
function answer(
  units: readonly Unit[],
  byName: ReadonlyMap<string, Unit>,
  { operation, input }: Seen,
): Answer | undefined {
  const unit = byName.get(String(input['name']));
  switch (operation) {
    case 'GetAccountSettings':
      return { body: { AccountLimit: { ConcurrentExecutions: ACCOUNT_LIMIT } } };
    case 'GetFunctionRecursionConfig':
      return unit === undefined ? MISSING : { body: { RecursiveLoop: unit.recursiveLoop } };
    case 'GetPolicy':
      return policyOf(unit);
    case 'ListProvisionedConcurrencyConfigs':
      return unit === undefined ? MISSING : { body: { ProvisionedConcurrencyConfigs: provisionedOf(unit) } };
    case 'GetMetricStatistics':
      return { body: { Datapoints: [datapoint(byName, input)] } };
    case 'DescribeAlarms': {
      const { items, next } = page(units.flatMap(alarmsOf), 100, input['NextToken']);
      return { body: { MetricAlarms: items, CompositeAlarms: [], ...next } };
    }
    case 'DescribeLogGroups': {
      const { items, next } = page(units.map(logGroupOf), 50, input['nextToken']);
      return {
        body: { logGroups: items, ...(next.NextToken === undefined ? {} : { nextToken: next.NextToken }) },
      };
    }
    case 'FilterLogEvents': {
      const reports = byName.get(String(input['logGroupName']).slice('/aws/lambda/'.length))?.reports ?? [];
      const at = Number(input['startTime']);
      return { body: { events: reports.map((message, i) => ({ message, timestamp: at + i })) } };
    }
    case 'GetAccountAuthorizationDetails':
      return { xml: rolesXml(units) };
    case 'ListAnalyzers':
      return { body: { analyzers: ANALYZERS } };
    case 'ListFindingsV2': {
      const { items, next } = page(findingsOf(units, input), 100, input['nextToken']);
      return { body: { findings: items, ...(next.NextToken && { nextToken: next.NextToken }) } };
    }
    case 'GetFindingV2':
      return { body: findingDetails(units, String(input['id'])) };
    default:
      return undefined;
  }
}

function page<T>(items: readonly T[], size: number, token: unknown) {
  const from = Number(token ?? 0);
  const next = from + size < items.length ? { NextToken: String(from + size) } : {};
  return { items: items.slice(from, from + size), next: next as { readonly NextToken?: string } };
}

function policyOf(unit: Unit | undefined): Answer {
  if (unit === undefined || unit.invokers.length === 0) return MISSING;
  const Statement = unit.invokers.map((Service) => ({
    ...{ Effect: 'Allow', Principal: { Service }, Action: 'lambda:InvokeFunction' },
  }));
  return { body: { Policy: JSON.stringify({ Version: '2012-10-17', Statement }) } };
}

function provisionedOf({ name, provisioned }: Unit) {
  if (provisioned === null) return [];
  const FunctionArn = `arn:aws:lambda:us-east-1:111122223333:function:${name}:live`;
  return [{ FunctionArn, RequestedProvisionedConcurrentExecutions: provisioned.executions }];
}

function datapoint(byName: ReadonlyMap<string, Unit>, input: Seen['input']) {
  const [{ Value }] = input['Dimensions'] as [{ readonly Value: string }];
  if (input['MetricName'] === 'IncomingBytes') {
    return { Sum: byName.get(Value.slice('/aws/lambda/'.length))?.logBytes };
  }
  const provisioned = byName.get(Value)?.provisioned;
  return input['MetricName'] === 'ProvisionedConcurrencyUtilization'
    ? { Maximum: provisioned?.utilization }
    : { Sum: provisioned?.spillover };
}

function alarmsOf({ alarms }: Unit) {
  return alarms.map(({ namespace, metric, dimension, value }) => ({
    AlarmName: `${value}-${metric}`,
    Namespace: namespace,
    MetricName: metric,
    Dimensions: [{ Name: dimension, Value: value }],
    AlarmActions: ['arn:aws:sns:us-east-1:111122223333:oncall'],
  }));
}

function logGroupOf({ name, retentionDays }: Unit) {
  return {
    logGroupName: `/aws/lambda/${name}`,
    storedBytes: 1024,
    ...(retentionDays === null ? {} : { retentionInDays: retentionDays }),
  };
}

const ANALYZERS = [
  { type: 'ACCOUNT', status: 'ACTIVE' },
  { type: 'ACCOUNT_UNUSED_ACCESS', status: 'ACTIVE' },
].map((analyzer) => ({ ...analyzer, arn: `arn:aws:access-analyzer:::analyzer/${analyzer.type}` }));

/** Of each role once: functions share them. */
function rolesOf(units: readonly Unit[]): readonly Unit['role'][] {
  return [...new Map(units.map(({ role }) => [role.name, role])).values()];
}

/** What is wanted by the filter, as Access Analyzer would. */
function findingsOf(units: readonly Unit[], { analyzerArn, filter }: Seen['input']) {
  if (analyzerArn !== ANALYZERS[1]?.arn) return [];
  const wanted = Object.entries(filter as Readonly<Record<string, { readonly eq: readonly string[] }>>);
  const all: Readonly<Record<string, string>>[] = rolesOf(units).flatMap(({ name, findings }) =>
    findings.map(({ status, findingType, account }, i) => ({
      ...{ id: `${name}.${i}`, status, findingType, resourceType: 'AWS::IAM::Role' },
      ...{ resource: `arn:aws:iam::${account}:role/service-role/${name}`, resourceOwnerAccount: account },
    })),
  );
  return all.filter((finding) => wanted.every(([key, { eq }]) => eq.includes(finding[key] ?? '')));
}

function findingDetails(units: readonly Unit[], id: string) {
  const [name, index] = id.split('.');
  const finding = rolesOf(units).find((role) => role.name === name)?.findings[Number(index)];
  const findingDetails = Object.entries(finding?.services ?? {}).map(([serviceNamespace, actions]) => ({
    unusedPermissionDetails: { serviceNamespace, actions: actions.map((action) => ({ action })) },
  }));
  return { id, findingDetails };
}

/** All roles on one page: the query protocol answers in XML. */
function rolesXml(units: readonly Unit[]): string {
  const member = (content: string) => `<member>${content}</member>`;
  const list = rolesOf(units).map(({ name, managedPolicies, statement }) => {
    const document = encodeURIComponent(JSON.stringify({ Statement: [statement] }));
    const attached = managedPolicies.map((arn) => member(`<PolicyArn>${arn}</PolicyArn>`)).join('');
    return member(
      `<RoleName>${name}</RoleName><RolePolicyList>${member(`<PolicyName>own</PolicyName><PolicyDocument>${document}</PolicyDocument>`)}</RolePolicyList><AttachedManagedPolicies>${attached}</AttachedManagedPolicies>`,
    );
  });
  return `<GetAccountAuthorizationDetailsResponse><GetAccountAuthorizationDetailsResult><IsTruncated>false</IsTruncated><RoleDetailList>${list.join('')}</RoleDetailList></GetAccountAuthorizationDetailsResult></GetAccountAuthorizationDetailsResponse>`;
}

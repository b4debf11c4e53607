import type { Template, TemplateResource } from './parse.ts';

type Properties = Readonly<Record<string, unknown>>;
type Resources = Record<string, TemplateResource>;

/** Event types of SAM that poll, and the property that names what they poll. */
const POLLED: ReadonlyMap<string, string> = new Map([
  ['SQS', 'Queue'],
  ['Kinesis', 'Stream'],
  ['DynamoDB', 'Stream'],
]);

/** Event types of SAM that push, and the service that invokes. */
const PUSHED: ReadonlyMap<string, string> = new Map([
  ['SNS', 'sns.amazonaws.com'],
  ['S3', 's3.amazonaws.com'],
  ['Schedule', 'events.amazonaws.com'],
  ['ScheduleV2', 'scheduler.amazonaws.com'],
  ['CloudWatchEvent', 'events.amazonaws.com'],
  ['EventBridgeRule', 'events.amazonaws.com'],
  ['CloudWatchLogs', 'logs.amazonaws.com'],
  ['IoTRule', 'iot.amazonaws.com'],
  ['Api', 'apigateway.amazonaws.com'],
  ['HttpApi', 'apigateway.amazonaws.com'],
]);

/** Writes out what AWS SAM makes of its functions, as far as an audit looks at it. Other templates stay as they are. */
export function expandSam(template: Template): Template {
  const globals = template.Globals.Function;
  const expanded: Resources = {};
  for (const [id, resource] of Object.entries(template.Resources)) {
    if (resource.Type === 'AWS::Serverless::Function')
      Object.assign(expanded, expandFunction(id, resource, globals));
    else expanded[id] = resource;
  }
  return { ...template, Resources: expanded };
}

function expandFunction(id: string, resource: TemplateResource, globals: Properties): Resources {
  const properties = { ...globals, ...resource.Properties };
  const condition = resource.Condition === undefined ? {} : { Condition: resource.Condition };
  const made: Resources = {
    [id]: { ...condition, Type: 'AWS::Lambda::Function', Properties: functionProperties(id, properties) },
  };
  const add = (suffix: string, Type: string, Properties: Properties) => {
    made[`${id}${suffix}`] = { ...condition, Type, Properties };
  };
  if (properties['Role'] === undefined) add('Role', 'AWS::IAM::Role', roleProperties(properties));
  if (isRecord(properties['EventInvokeConfig'])) {
    add('EventInvokeConfig', 'AWS::Lambda::EventInvokeConfig', {
      ...properties['EventInvokeConfig'],
      FunctionName: { Ref: id },
    });
  }
  if (properties['FunctionUrlConfig'] !== undefined)
    add('Url', 'AWS::Lambda::Url', { TargetFunctionArn: { Ref: id } });
  if (properties['ProvisionedConcurrencyConfig'] !== undefined) {
    add('Alias', 'AWS::Lambda::Alias', {
      FunctionName: { Ref: id },
      Name: properties['AutoPublishAlias'],
      ProvisionedConcurrencyConfig: properties['ProvisionedConcurrencyConfig'],
    });
  }
  for (const [event, value] of Object.entries(recordOf(properties['Events']))) {
    const made = eventResource(id, recordOf(value));
    if (made !== null) add(event, made.Type, made.Properties);
  }
  return made;
}

function functionProperties(id: string, properties: Properties): Properties {
  const { Tracing, DeadLetterQueue, Role, ...rest } = properties;
  return {
    ...rest,
    Role: Role ?? { 'Fn::GetAtt': [`${id}Role`, 'Arn'] },
    ...(Tracing === undefined ? {} : { TracingConfig: { Mode: Tracing } }),
    ...(isRecord(DeadLetterQueue) ? { DeadLetterConfig: { TargetArn: DeadLetterQueue['TargetArn'] } } : {}),
  };
}

/** `Policies` of SAM: managed policies by name or ARN, policy documents, and policy templates (scoped, so left out). */
function roleProperties(properties: Properties): Properties {
  const given = properties['Policies'];
  const policies = given === undefined ? [] : Array.isArray(given) ? given : [given];
  return {
    ManagedPolicyArns: policies.filter(
      (policy) => typeof policy === 'string' || !('Statement' in recordOf(policy)),
    ),
    Policies: policies
      .filter((policy) => 'Statement' in recordOf(policy))
      .map((policy, index) => ({ PolicyName: `policy-${index}`, PolicyDocument: policy })),
  };
}

function eventResource(
  id: string,
  event: Properties,
): { readonly Type: string; readonly Properties: Properties } | null {
  const type = String(event['Type']);
  const properties = recordOf(event['Properties']);
  const polled = POLLED.get(type);
  if (polled !== undefined) {
    return {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { ...properties, FunctionName: { Ref: id }, EventSourceArn: properties[polled] },
    };
  }
  const principal = PUSHED.get(type);
  if (principal === undefined) return null;
  return { Type: 'AWS::Lambda::Permission', Properties: { FunctionName: { Ref: id }, Principal: principal } };
}

function isRecord(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function recordOf(value: unknown): Properties {
  return isRecord(value) ? value : {};
}

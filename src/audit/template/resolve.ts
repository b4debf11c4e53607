import { conditionHolds, DEPTH_MAX, INTRINSICS, type Scope } from './intrinsics.ts';
import type { Template, TemplateResource } from './parse.ts';
import { isReference, type Resolved, UNKNOWN } from './values.ts';

/** Carries out the intrinsic functions of one template. */
export interface Resolver {
  resolve(value: unknown): Resolved;
  /** A name: text as it is, a reference as the name of its resource. `undefined`: not known. */
  text(value: Resolved): string | undefined;
  /** Resources of a type that are created with the parameters' defaults; what cannot be told counts as created. */
  ofType(...types: readonly string[]): readonly NamedResource[];
  /** Physical name where the template fixes it, logical id otherwise. */
  nameOf(logicalId: string): string;
  resource(logicalId: string): NamedResource | undefined;
}

export interface NamedResource {
  readonly logicalId: string;
  readonly type: string;
  readonly name: string;
  /** Properties, resolved. */
  readonly properties: Readonly<Record<string, Resolved>>;
}

/** Properties that fix a resource's physical name. */
const NAME_PROPERTIES: ReadonlyMap<string, string> = new Map([
  ['AWS::Lambda::Function', 'FunctionName'],
  ['AWS::SQS::Queue', 'QueueName'],
  ['AWS::Kinesis::Stream', 'Name'],
  ['AWS::DynamoDB::Table', 'TableName'],
  ['AWS::IAM::Role', 'RoleName'],
  ['AWS::CloudWatch::Alarm', 'AlarmName'],
  ['AWS::CloudWatch::CompositeAlarm', 'AlarmName'],
  ['AWS::Logs::LogGroup', 'LogGroupName'],
]);

function pseudoParameters(region: string): Readonly<Record<string, Resolved>> {
  return {
    'AWS::Region': region,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    // Any account will do: only the names within an ARN are read.
    'AWS::AccountId': '111111111111',
    'AWS::StackName': 'stack',
    'AWS::StackId': UNKNOWN,
    'AWS::NotificationARNs': [],
    'AWS::NoValue': undefined,
  };
}

export function resolverOf(template: Template, region: string): Resolver {
  const names = new Map<string, string>();
  const scope: Scope = {
    template,
    pseudo: pseudoParameters(region),
    resolve: (value, depth) => resolveValue(scope, value, depth),
    asText: (value) => {
      if (typeof value === 'string') return value;
      if (typeof value === 'number' || typeof value === 'boolean') return String(value);
      return isReference(value) ? nameOf(value.logicalId) : undefined;
    },
  };
  const nameOf = (logicalId: string): string => {
    const known = names.get(logicalId);
    if (known !== undefined) return known;
    // First its logical id: a name that is made of itself then ends.
    names.set(logicalId, logicalId);
    const resource = template.Resources[logicalId];
    const property = NAME_PROPERTIES.get(resource?.Type ?? '');
    const given = property === undefined ? undefined : resource?.Properties[property];
    const name = scope.asText(scope.resolve(given, 0)) ?? logicalId;
    names.set(logicalId, name);
    return name;
  };
  const resources = new Map<string, NamedResource>();
  const named = (logicalId: string, resource: TemplateResource): NamedResource => {
    const known = resources.get(logicalId);
    if (known !== undefined) return known;
    const made: NamedResource = {
      logicalId,
      type: resource.Type,
      name: nameOf(logicalId),
      properties: Object.fromEntries<Resolved>(
        Object.entries(resource.Properties).map(([key, value]) => [key, scope.resolve(value, 0)]),
      ),
    };
    resources.set(logicalId, made);
    return made;
  };
  return {
    resolve: (value) => scope.resolve(value, 0),
    text: scope.asText,
    ofType: (...types) =>
      Object.entries(template.Resources)
        .filter(([, resource]) => types.includes(resource.Type) && exists(scope, resource))
        .map(([logicalId, resource]) => named(logicalId, resource)),
    nameOf,
    resource: (logicalId) => {
      const resource = template.Resources[logicalId];
      return resource === undefined ? undefined : named(logicalId, resource);
    },
  };
}

function exists(scope: Scope, { Condition }: TemplateResource): boolean {
  return Condition === undefined || conditionHolds(scope, Condition, 0) !== false;
}

function resolveValue(scope: Scope, value: unknown, depth: number): Resolved {
  if (depth > DEPTH_MAX) return UNKNOWN;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) {
    return value.map((item) => scope.resolve(item, depth + 1)).filter((item) => item !== undefined);
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const entries = Object.entries(value);
  const [only] = entries;
  if (only !== undefined && entries.length === 1 && isIntrinsic(only[0])) {
    return INTRINSICS.get(only[0])?.(scope, only[1], depth + 1) ?? fallback(only[0]);
  }
  return Object.fromEntries(entries.map(([key, item]) => [key, scope.resolve(item, depth + 1)]));
}

/** An intrinsic that we know may answer `undefined` (AWS::NoValue); one that we do not know is not known. */
function fallback(name: string): Resolved {
  return INTRINSICS.has(name) ? undefined : UNKNOWN;
}

function isIntrinsic(key: string): boolean {
  return key === 'Ref' || key === 'Condition' || key.startsWith('Fn::');
}

import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Permission } from './permissions.ts';

/** Records why a cdk-nag rule does not apply to a construct: rule id (with finding, where it has one) to reason. */
export function acknowledge(construct: IConstruct, reasons: Readonly<Record<string, string>>): void {
  for (const [id, reason] of Object.entries(reasons)) Validations.of(construct).acknowledge({ id, reason });
}

/** The same for every wildcard in the role of a function; cdk-nag has a second rule for those. */
export function acknowledgeFunctionWildcards(role: IConstruct, permissions: readonly Permission[]): void {
  if (acknowledgeWildcards(role, permissions)) {
    acknowledge(role, { 'Serverless-LambdaStarPermissions': 'As AwsSolutions-IAM5, resource by resource.' });
  }
}

/** For every wildcard among the resources of permissions, the reason it came with. Returns whether there is any. */
export function acknowledgeWildcards(role: IConstruct, permissions: readonly Permission[]): boolean {
  const reasons: Record<string, string> = {};
  for (const { statement, whyWildcard } of permissions) {
    for (const resource of statement.resources) {
      const text = flatten(Stack.of(role).resolve(resource));
      if (text.includes('*') && whyWildcard !== null) {
        reasons[`AwsSolutions-IAM5[Resource::${text}]`] ??= whyWildcard;
      }
    }
  }
  acknowledge(role, reasons);
  return Object.keys(reasons).length > 0;
}

/** As cdk-nag writes what CloudFormation fills in: `arn:<AWS::Partition>:lambda:...`. */
function flatten(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(flatten).join('');
  const [[name, argument] = []] = Object.entries(value as object);
  if (name === 'Ref') return `<${String(argument)}>`;
  if (name === 'Fn::GetAtt') return `<${(argument as readonly string[]).join('.')}>`;
  if (name === 'Fn::Join') return flatten((argument as readonly unknown[])[1]);
  return '';
}

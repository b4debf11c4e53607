import type { AllowStatement, AuditRole } from '../subject.ts';
import type { NamedResource, Resolver } from './resolve.ts';
import { isReference, listOf, property, type Resolved } from './values.ts';

/** Roles of a template with their inline policies, and with the policies of the template that are attached to them. */
export function rolesOf(resolver: Resolver): ReadonlyMap<string, AuditRole> {
  const attached = resolver.ofType('AWS::IAM::Policy', 'AWS::IAM::RolePolicy', 'AWS::IAM::ManagedPolicy');
  return new Map(
    resolver.ofType('AWS::IAM::Role').map((role) => {
      const own = attached.filter((policy) => isAttached(policy, role, resolver));
      const inline = listOf(role.properties['Policies']).flatMap((policy) =>
        allowsOf(
          property(policy, 'PolicyDocument'),
          resolver.text(property(policy, 'PolicyName')) ?? 'inline',
        ),
      );
      const allows = own.flatMap(({ logicalId, properties }) =>
        allowsOf(properties['PolicyDocument'], logicalId),
      );
      return [
        role.name,
        {
          id: role.name,
          managedPolicies: listOf(role.properties['ManagedPolicyArns']).flatMap(
            (policy) => resolver.text(policy) ?? [],
          ),
          allows: [...inline, ...allows],
        },
      ];
    }),
  );
}

function isAttached(policy: NamedResource, role: NamedResource, resolver: Resolver): boolean {
  const names: readonly Resolved[] = [...listOf(policy.properties['Roles']), policy.properties['RoleName']];
  if (names.some((name) => resolver.text(name) === role.name)) return true;
  return listOf(role.properties['ManagedPolicyArns']).some(
    (arn) => isReference(arn) && arn.logicalId === policy.logicalId,
  );
}

/** Allow statements of a policy document. What only a deployment knows is no wildcard. */
function allowsOf(document: Resolved, policy: string): readonly AllowStatement[] {
  return listOf(property(document, 'Statement'))
    .filter((statement) => property(statement, 'Effect') === 'Allow')
    .map((statement) => ({
      policy,
      actions: property(statement, 'NotAction') === undefined ? texts(property(statement, 'Action')) : ['*'],
      resources:
        property(statement, 'NotResource') === undefined ? texts(property(statement, 'Resource')) : ['*'],
    }));
}

function texts(value: Resolved): readonly string[] {
  return listOf(value).map((item) => (typeof item === 'string' ? item : '(known when deployed)'));
}

import { cannotSay, NOT_APPLICABLE, PASSED, type Rule } from '../rule.ts';
import { shellWord } from '../shell.ts';
import type { AllowStatement, UnusedAccess } from '../subject.ts';

const ADMINISTRATOR_POLICIES = ['AdministratorAccess', 'PowerUserAccess', 'IAMFullAccess'];

/** Last part of a role or policy ARN: its name. */
function nameOf(id: string): string {
  return id.split('/').at(-1) ?? id;
}

function allowsEverything({ actions, resources }: AllowStatement): boolean {
  return actions.includes('*') && resources.includes('*');
}

function wholeServices({ actions, resources }: AllowStatement): readonly string[] {
  return resources.includes('*') ? actions.filter((action) => /^[a-z0-9-]+:\*$/i.test(action)) : [];
}

function policyFix(role: string, summary: string) {
  return {
    summary,
    cdk: 'table.grantReadWriteData(fn);  // grants on the resource instead of a policy on everything',
    cloudFormation:
      'Policies:\n  - PolicyName: least-privilege\n    PolicyDocument:\n      Statement:\n        - Effect: Allow\n          Action: [dynamodb:GetItem, dynamodb:PutItem]\n          Resource: !GetAtt Table.Arn',
    cli: `aws accessanalyzer start-policy-generation --policy-generation-details principalArn=ROLE_ARN  # proposes what ${shellWord(nameOf(role))} really used`,
  };
}

/** Services that a finding names; the rest is counted. */
const SERVICES_NAMED = 5;

/** Services that are not used at all first, then those with the most unused actions. */
function unusedText({ unused, services }: UnusedAccess): string {
  if (unused === 'role') return 'the role itself is not used';
  if (services === undefined || services.length === 0) return 'some of its permissions are not used';
  const whole = services.filter(({ actions }) => actions === 0);
  const partly = services.filter(({ actions }) => actions > 0).toSorted((a, b) => b.actions - a.actions);
  const texts = [
    ...whole.map(({ namespace }) => `all of ${namespace}`),
    ...partly.map(
      ({ namespace, actions }) => `${actions} ${actions === 1 ? 'action' : 'actions'} of ${namespace}`,
    ),
  ];
  const more = texts.length - SERVICES_NAMED;
  return `not used: ${texts.slice(0, SERVICES_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function unusedFix(role: string, { unused, analyzerArn, findingId }: UnusedAccess) {
  if (unused === 'role') {
    return {
      summary:
        'Delete the function with its role if nobody needs it; if it is seldom needed, archive the finding',
      cdk: '// Remove the function from the stack: the role that CDK made for it goes with it.',
      cloudFormation: '# Remove the function and its role from the template.',
      cli: `aws iam get-role --role-name ${shellWord(nameOf(role))} --query Role.RoleLastUsed  # when it was used last`,
    };
  }
  const which = `--analyzer-arn ${shellWord(analyzerArn)} --id ${shellWord(findingId)}`;
  return {
    ...policyFix(role, 'Take away what it does not use'),
    cli: `aws accessanalyzer generate-finding-recommendation ${which} && sleep 20 && aws accessanalyzer get-finding-recommendation ${which}  # its policies without what is not used`,
  };
}

export const identityRules: readonly Rule[] = [
  {
    id: 'role-shared',
    scope: 'role',
    title: 'several functions share one role',
    why: 'What one of them needs all of them may do; a leak in the least of them is a leak of the role.',
    evaluate: ({ id, functions }) => {
      if (functions.length < 2) return PASSED;
      return {
        outcome: 'finding',
        severity: 'low',
        evidence: `${functions.length} functions: ${functions.slice(0, 5).join(', ')}${functions.length > 5 ? ', …' : ''}`,
        stake: null,
        fix: {
          summary: 'One role per function',
          cdk: "new lambda.Function(this, 'Function', { /* no `role`: CDK makes one per function */ });",
          cloudFormation: 'Role: !GetAtt FunctionRole.Arn  # a role of its own',
          cli: `aws iam create-role --role-name ${shellWord(functions[0] ?? nameOf(id))}-role --assume-role-policy-document file://lambda-trust.json`,
        },
      };
    },
  },
  {
    id: 'role-administrator',
    scope: 'role',
    title: 'role may do everything',
    why: 'Code that runs on input from a queue needs a few actions on a few resources.',
    evaluate: ({ id, details }) => {
      if (details === undefined) return cannotSay('policies of the role');
      const attached = details.managedPolicies
        .map(nameOf)
        .filter((name) => ADMINISTRATOR_POLICIES.includes(name));
      const inline = details.allows.filter(allowsEverything).map(({ policy }) => policy);
      const found = [...attached, ...inline];
      if (found.length === 0) return PASSED;
      return {
        outcome: 'finding',
        severity: 'high',
        evidence: `${[...new Set(found)].join(', ')}: all actions on all resources, or close to it`,
        stake: null,
        fix: policyFix(id, 'Grant the actions it uses, on the resources it uses'),
      };
    },
  },
  {
    id: 'role-wildcard',
    scope: 'role',
    title: 'role may do all of a service',
    why: 'A whole service on every resource is more than a function needs.',
    evaluate: ({ id, details }) => {
      if (details === undefined) return cannotSay('policies of the role');
      const services = details.allows.flatMap(wholeServices);
      const full = details.managedPolicies
        .map(nameOf)
        .filter((name) => /FullAccess$/.test(name) && !ADMINISTRATOR_POLICIES.includes(name));
      const found = [...new Set([...services, ...full])];
      if (found.length === 0) return PASSED;
      return {
        outcome: 'finding',
        severity: 'medium',
        evidence: `${found.join(', ')} on every resource`,
        stake: null,
        fix: policyFix(id, 'Name the actions and the resources'),
      };
    },
  },
  {
    id: 'role-unused-permissions',
    scope: 'role',
    title: 'role may do what its functions do not',
    why: 'What a function never uses serves only whoever gets hold of its role. IAM Access Analyzer compares what is allowed with what was used (IAM user guide, 2026).',
    evaluate: ({ id }, { subject: { unusedAccess, region } }) => {
      if (unusedAccess === undefined) return cannotSay('unused access');
      if (unusedAccess === null) {
        return cannotSay(`unused access (no IAM Access Analyzer for it is active in ${region})`);
      }
      const access = unusedAccess.get(id);
      // Not passed: roles that are too young, or left out by the analyzer, have no findings either.
      if (access === undefined) return NOT_APPLICABLE;
      return {
        outcome: 'finding',
        severity: access.services?.some(({ actions }) => actions === 0) ? 'medium' : 'low',
        evidence: `${unusedText(access)}, as far back as IAM Access Analyzer looks`,
        stake: null,
        fix: unusedFix(id, access),
      };
    },
  },
  {
    id: 'credentials-in-environment',
    scope: 'function',
    title: 'a credential is in an environment variable',
    why: 'Everyone who may read the function’s configuration reads it, and so do logs of its environment.',
    evaluate: (fn) => {
      if (fn.environment === undefined) return cannotSay('environment variables');
      if (fn.environment.length === 0) return NOT_APPLICABLE;
      const found = fn.environment.filter(({ looksLike }) => looksLike !== null);
      if (found.length === 0) return PASSED;
      const [first] = found;
      const variable = first?.name ?? 'SECRET';
      return {
        outcome: 'finding',
        severity: 'high',
        evidence: found.map(({ name, looksLike }) => `${name} looks like: ${looksLike}`).join('; '),
        stake: null,
        fix: {
          summary: 'Keep it in Secrets Manager, pass its ARN, and rotate what was exposed',
          cdk: `secret.grantRead(fn); fn.addEnvironment('${variable}_ARN', secret.secretArn);`,
          cloudFormation: `Environment:\n  Variables:\n    ${variable}_ARN: !Ref Secret`,
          cli: `aws secretsmanager create-secret --name ${shellWord(`${fn.name}/${variable}`)} --secret-string file:///dev/stdin`,
        },
      };
    },
  },
];

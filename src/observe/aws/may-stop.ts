import { GetRoleCommand, type IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { parseArn } from './arn.ts';

/** What stops and restores by the kind of what it acts on; each can only be tried by doing it. */
const STOPPING = {
  mapping: ['lambda:UpdateEventSourceMapping'],
  function: ['lambda:PutFunctionConcurrency', 'lambda:DeleteFunctionConcurrency'],
} as const;
const TIMEOUT_MS = 20_000;

/**
 * Which of the actions that stop and restore a function this principal is not allowed, as IAM's simulator sees it: it knows
 * neither policies of the organization nor conditions on tags. `null`: these credentials may not ask it, or belong to no
 * user or role.
 */
export async function deniedStops(
  client: IAMClient,
  callerArn: string,
  resourceArns: { readonly mapping: string; readonly function: string },
): Promise<readonly string[] | null> {
  const options = { abortSignal: AbortSignal.timeout(TIMEOUT_MS) };
  try {
    const principal = await principalOf(client, callerArn, options);
    if (principal === null) return null;
    const denied: string[] = [];
    for (const kind of ['mapping', 'function'] as const) {
      const input = {
        PolicySourceArn: principal,
        ActionNames: [...STOPPING[kind]],
        ResourceArns: [resourceArns[kind]],
      };
      const { EvaluationResults } = await client.send(new SimulatePrincipalPolicyCommand(input), options);
      if (EvaluationResults === undefined) return null;
      for (const { EvalActionName, EvalDecision } of EvaluationResults) {
        if (EvalDecision !== 'allowed' && EvalActionName !== undefined) denied.push(EvalActionName);
      }
    }
    return denied;
  } catch {
    return null;
  }
}

/** `assumed-role/NAME/SESSION` of STS is the role NAME of IAM, whose path only IAM knows. */
async function principalOf(
  client: IAMClient,
  callerArn: string,
  options: { readonly abortSignal: AbortSignal },
): Promise<string | null> {
  const [kind, name] = parseArn(callerArn)?.resource.split('/') ?? [];
  if (kind === 'user') return callerArn;
  if (kind !== 'assumed-role' || name === undefined) return null;
  const { Role } = await client.send(new GetRoleCommand({ RoleName: name }), options);
  return Role?.Arn ?? null;
}

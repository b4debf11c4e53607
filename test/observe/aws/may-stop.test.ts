import { GetRoleCommand, IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { deniedStops } from '../../../src/observe/aws/may-stop.ts';

const iam = mockClient(IAMClient);
const ARNS = {
  mapping: 'arn:aws:lambda:eu-west-1:1:event-source-mapping:m',
  function: 'arn:aws:lambda:eu-west-1:1:function:f',
};
const ROLE = 'arn:aws:iam::111122223333:role/teams/oncall';
const SESSION = 'arn:aws:sts::111122223333:assumed-role/oncall/ann';
const ask = (arn: string) => deniedStops(new IAMClient({ region: 'eu-west-1' }), arn, ARNS);

beforeEach(() => {
  iam.reset();
  iam.on(GetRoleCommand, { RoleName: 'oncall' }).resolves({
    Role: { Arn: ROLE, Path: '/teams/', RoleName: 'oncall', RoleId: 'x', CreateDate: new Date(0) },
  });
  iam.on(SimulatePrincipalPolicyCommand).callsFake(({ ActionNames }) => ({
    EvaluationResults: ActionNames.map((EvalActionName: string) => ({
      EvalActionName,
      EvalDecision: EvalActionName.includes('Delete') ? 'explicitDeny' : 'allowed',
    })),
  }));
});

describe('deniedStops', () => {
  it('asks about the role, path included, where the caller is a session of it', async () => {
    expect(await ask(SESSION)).toEqual(['lambda:DeleteFunctionConcurrency']);
    const inputs = iam.commandCalls(SimulatePrincipalPolicyCommand).map(({ args }) => args[0].input);
    expect(inputs).toMatchObject([
      {
        PolicySourceArn: ROLE,
        ResourceArns: [ARNS.mapping],
        ActionNames: ['lambda:UpdateEventSourceMapping'],
      },
      { PolicySourceArn: ROLE, ResourceArns: [ARNS.function] },
    ]);
  });

  it('asks about the user itself', async () => {
    const user = 'arn:aws:iam::111122223333:user/ann';
    expect(await ask(user)).toEqual(['lambda:DeleteFunctionConcurrency']);
    expect(iam.commandCalls(GetRoleCommand)).toEqual([]);
  });

  it.each([
    ['the root user, which IAM cannot simulate', 'arn:aws:iam::111122223333:root'],
    ['what is no ARN', 'me'],
  ])('does not know of %s', async (_, arn) => {
    expect(await ask(arn)).toBeNull();
  });

  it('does not know where IAM does not answer', async () => {
    iam.on(SimulatePrincipalPolicyCommand).rejects(new Error('AccessDenied'));
    expect(await ask(SESSION)).toBeNull();
  });
});

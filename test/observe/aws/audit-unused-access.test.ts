import {
  type FindingSummaryV2,
  GetFindingV2Command,
  ListAnalyzersCommand,
  ListFindingsV2Command,
} from '@aws-sdk/client-accessanalyzer';
import { beforeEach, describe, expect, it } from 'vitest';
import { readUnusedAccess } from '../../../src/observe/aws/audit-unused-access.ts';
import { auditClients, auditWire } from '../../../src/observe/aws/audit-wire.ts';
import { ACCOUNT, analyzer, auditWorld, DENIED, unusedFinding } from './audit-world.ts';

const { accessAnalyzer, reset } = auditWorld();
const clients = auditClients({ region: 'eu-central-1' });
const ANALYZER_ARN = analyzer('ACCOUNT_UNUSED_ACCESS').arn;

beforeEach(reset);

function read(...roles: readonly string[]) {
  const wire = auditWire({ clients, sleep: () => Promise.resolve() });
  return { wire, unused: readUnusedAccess(wire, ACCOUNT, new Set(roles)) };
}

function serveFindings(...findings: readonly FindingSummaryV2[]): void {
  accessAnalyzer.on(ListFindingsV2Command).resolves({ findings: [...findings] });
  accessAnalyzer.on(ListFindingsV2Command, { nextToken: 'page-2' }).resolves({ findings: [] });
}

describe('readUnusedAccess', () => {
  it('reads services and actions of findings about roles that functions have, over all pages', async () => {
    const { unused, wire } = read('worker-role', 'clean-role');
    const services = [
      { namespace: 'dynamodb', actions: 2 },
      { namespace: 's3', actions: 0 },
    ];
    const analyzerArn = ANALYZER_ARN;
    expect(await unused).toEqual(
      new Map([['worker-role', { analyzerArn, findingId: 'finding-1', unused: 'permissions', services }]]),
    );
    expect(wire.gaps()).toEqual([]);
  });

  it('asks for active findings about roles of the account alone', async () => {
    await read('worker-role').unused;
    expect(accessAnalyzer.commandCalls(ListFindingsV2Command)[0]?.args[0].input).toMatchObject({
      analyzerArn: ANALYZER_ARN,
      filter: {
        status: { eq: ['ACTIVE'] },
        resourceType: { eq: ['AWS::IAM::Role'] },
        resourceOwnerAccount: { eq: [ACCOUNT] },
        findingType: { eq: ['UnusedPermission', 'UnusedIAMRole'] },
      },
    });
  });

  it.each([
    ['before', ['UnusedIAMRole', 'UnusedPermission']],
    ['after', ['UnusedPermission', 'UnusedIAMRole']],
  ] as const)(
    'says that a role is not used at all, and no more: that is found %s the rest',
    async (_, types) => {
      serveFindings(...types.map((type) => unusedFinding(type, 'worker-role', type)));
      expect((await read('worker-role').unused)?.get('worker-role')).toEqual({
        ...{ analyzerArn: ANALYZER_ARN, findingId: 'UnusedIAMRole', unused: 'role' },
      });
      expect(accessAnalyzer.commandCalls(GetFindingV2Command)).toHaveLength(0);
    },
  );

  it('prefers the analyzer of the account to that of the organization', async () => {
    accessAnalyzer.on(ListAnalyzersCommand).resolves({ analyzers: [analyzer('ACCOUNT')], nextToken: '2' });
    accessAnalyzer.on(ListAnalyzersCommand, { nextToken: '2' }).resolves({
      analyzers: [analyzer('ORGANIZATION_UNUSED_ACCESS'), analyzer('ACCOUNT_UNUSED_ACCESS')],
    });
    expect((await read('worker-role').unused)?.get('worker-role')?.analyzerArn).toBe(ANALYZER_ARN);
  });

  it('takes that of the organization where the account has none', async () => {
    const organization = analyzer('ORGANIZATION_UNUSED_ACCESS');
    accessAnalyzer
      .on(ListAnalyzersCommand)
      .resolves({ analyzers: [analyzer('ACCOUNT_UNUSED_ACCESS', 'DISABLED'), organization] });
    expect((await read('worker-role').unused)?.get('worker-role')?.analyzerArn).toBe(organization.arn);
  });

  it.each([
    ['none at all', []],
    ['one of external access', [analyzer('ACCOUNT'), analyzer('ORGANIZATION')]],
    ['one that is being created', [analyzer('ACCOUNT_UNUSED_ACCESS', 'CREATING')]],
  ])('knows of nothing where the region has %s', async (_, analyzers) => {
    accessAnalyzer.on(ListAnalyzersCommand).resolves({ analyzers });
    const { unused, wire } = read('worker-role');
    expect(await unused).toBeNull();
    expect(wire.gaps()).toEqual([]);
    expect(accessAnalyzer.commandCalls(ListFindingsV2Command)).toHaveLength(0);
  });

  it.each([
    ['ListAnalyzers', 'access-analyzer:ListAnalyzers', () => accessAnalyzer.on(ListAnalyzersCommand)],
    ['ListFindingsV2', 'access-analyzer:ListFindings', () => accessAnalyzer.on(ListFindingsV2Command)],
  ] as const)('is unknown, with a gap, where %s is denied', async (operation, permission, answer) => {
    answer().rejects(DENIED);
    const { unused, wire } = read('worker-role');
    expect(await unused).toBeUndefined();
    const reason = `access denied: needs ${permission}`;
    expect(wire.gaps()).toEqual([{ resource: 'all resources', operation, reason }]);
  });

  it('keeps a finding whose details are denied', async () => {
    accessAnalyzer.on(GetFindingV2Command, { id: 'finding-1' }).rejects(DENIED);
    const { unused, wire } = read('worker-role');
    expect((await unused)?.get('worker-role')).toMatchObject({ unused: 'permissions', services: undefined });
    expect(wire.gaps().map(({ reason }) => reason)).toEqual([
      'access denied: needs access-analyzer:GetFinding',
    ]);
  });

  it('asks for the services of a hundred roles at most, and names the others without', async () => {
    const roles = Array.from({ length: 130 }, (_, i) => `role-${i}`);
    serveFindings(...roles.map((role) => unusedFinding(role, role)));
    accessAnalyzer.on(GetFindingV2Command).resolves({ findingDetails: [] });
    expect((await read(...roles).unused)?.size).toBe(130);
    expect(accessAnalyzer.commandCalls(GetFindingV2Command)).toHaveLength(100);
  });
});

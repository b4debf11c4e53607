import {
  type AnalyzerSummary,
  GetFindingV2Command,
  ListAnalyzersCommand,
  ListFindingsV2Command,
} from '@aws-sdk/client-accessanalyzer';
import type { AuditSubject, UnusedAccess, UnusedService } from '../../audit/subject.ts';
import { type AuditWire, listPages } from './audit-wire.ts';

/** Roles whose unused services are asked for, a call each: half a minute at the audit's pace. */
const DETAILED_MAX = 100;

/**
 * What an analyzer that the account has already finds unused of these roles, by their names; `null`: it has none that is
 * active in the region. None is ever created: it costs $0.20 a month for each role and user (IAM Access Analyzer
 * pricing, 2026). `undefined`, with a gap, if findings could not be read.
 */
export async function readUnusedAccess(
  wire: AuditWire,
  account: string,
  roleNames: ReadonlySet<string>,
): Promise<AuditSubject['unusedAccess']> {
  const analyzers = await listAnalyzers(wire);
  if (analyzers === undefined) return undefined;
  const analyzerArn = (
    analyzers.find(({ type }) => type === 'ACCOUNT_UNUSED_ACCESS') ??
    analyzers.find(({ type }) => type === 'ORGANIZATION_UNUSED_ACCESS')
  )?.arn;
  if (analyzerArn === undefined) return null;
  const findings = await listFindings(wire, analyzerArn, account);
  if (findings === undefined) return undefined;
  const byRole = new Map<string, UnusedAccess>();
  for (const { id: findingId = '', resource = '', findingType } of findings) {
    // Of one account: the name stands for the ARN.
    const role = resource.split('/').at(-1) ?? '';
    const unused = findingType === 'UnusedIAMRole' ? 'role' : 'permissions';
    // That the role is not used at all says more.
    if (!roleNames.has(role) || byRole.get(role)?.unused === 'role') continue;
    byRole.set(role, { analyzerArn, findingId, unused });
  }
  const detailed = [...byRole].filter(([, { unused }]) => unused === 'permissions').slice(0, DETAILED_MAX);
  for (const [role, access] of detailed) {
    byRole.set(role, { ...access, services: await readServices(wire, role, access) });
  }
  return byRole;
}

async function listAnalyzers(wire: AuditWire): Promise<readonly AnalyzerSummary[] | undefined> {
  const analyzers = await listPages(wire, 'ListAnalyzers', async (nextToken, options) => {
    const output = await wire.clients.accessAnalyzer.send(new ListAnalyzersCommand({ nextToken }), options);
    return { items: output.analyzers ?? [], next: output.nextToken };
  });
  return analyzers?.filter(({ status }) => status === 'ACTIVE');
}

/** An organization's analyzer has findings of all its accounts: roles of the same name in others are not asked for. */
function listFindings(wire: AuditWire, analyzerArn: string, account: string) {
  return listPages(wire, 'ListFindingsV2', async (nextToken, options) => {
    const command = new ListFindingsV2Command({
      analyzerArn,
      nextToken,
      maxResults: 100,
      filter: {
        status: { eq: ['ACTIVE'] },
        resourceType: { eq: ['AWS::IAM::Role'] },
        resourceOwnerAccount: { eq: [account] },
        findingType: { eq: ['UnusedPermission', 'UnusedIAMRole'] },
      },
    });
    const output = await wire.clients.accessAnalyzer.send(command, options);
    return { items: output.findings ?? [], next: output.nextToken };
  });
}

async function readServices(
  wire: AuditWire,
  role: string,
  { analyzerArn, findingId }: UnusedAccess,
): Promise<readonly UnusedService[] | undefined> {
  const details = await listPages(
    wire,
    'GetFindingV2',
    async (nextToken, options) => {
      const command = new GetFindingV2Command({ analyzerArn, id: findingId, nextToken });
      const output = await wire.clients.accessAnalyzer.send(command, options);
      return { items: output.findingDetails ?? [], next: output.nextToken };
    },
    role,
  );
  return details?.flatMap(({ unusedPermissionDetails: unused }) =>
    unused?.serviceNamespace === undefined
      ? []
      : [{ namespace: unused.serviceNamespace, actions: unused.actions?.length ?? 0 }],
  );
}

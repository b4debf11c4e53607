import * as z from 'zod';
import type { KillRecord } from '../model/kill.ts';
import type { Store } from '../store/store.ts';

/** What CloudFormation sends a custom resource (CloudFormation user guide, custom resource request objects, 2026). */
const requestSchema = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  /** Signed: whoever has it may answer in our name. It is in no log. */
  ResponseURL: z.url({ protocol: /^https?$/ }),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  PhysicalResourceId: z.string().optional(),
});
export type DeletionRequest = z.infer<typeof requestSchema>;

export interface DeletionAnswer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason: string;
  readonly PhysicalResourceId: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
}

/** `null`: it is not from CloudFormation. */
export function parseDeletionRequest(event: unknown): DeletionRequest | null {
  const parsed = requestSchema.safeParse(event);
  return parsed.success ? parsed.data : null;
}

/** Functions that are named in the answer, which may have 4 KB. */
const NAMED_MAX = 20;

/**
 * Refuses to let the stack go while functions are stopped: their records say what to put back, and without the kill function
 * nobody without rights of their own could. Anything but a deletion is none of its business.
 */
export async function guardDeletion(
  request: DeletionRequest,
  { kills }: Pick<Store, 'kills'>,
): Promise<DeletionAnswer> {
  const { StackId, RequestId, LogicalResourceId } = request;
  const answer = (Status: DeletionAnswer['Status'], Reason: string): DeletionAnswer => ({
    Status,
    Reason,
    PhysicalResourceId: request.PhysicalResourceId ?? 'deletion-guard',
    StackId,
    RequestId,
    LogicalResourceId,
  });
  if (request.RequestType !== 'Delete') return answer('SUCCESS', 'watches the deletion of the stack');
  try {
    const open = (await kills()).filter(({ state }) => state !== 'restored');
    return open.length === 0 ? answer('SUCCESS', 'nothing is stopped') : answer('FAILED', refusal(open));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return answer(
      'FAILED',
      `the kill records cannot be read, so nobody knows what is stopped: ${why.slice(0, 500)}`,
    );
  }
}

function refusal(open: readonly KillRecord[]): string {
  const names = open.slice(0, NAMED_MAX).map(({ functionName }) => functionName);
  const more = open.length > NAMED_MAX ? ` and ${open.length - NAMED_MAX} more` : '';
  return (
    `stopped and not restored: ${names.join(', ')}${more}. ` +
    'Restore them (firebreak restore FUNCTION), then delete the stack again'
  );
}

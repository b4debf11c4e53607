import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { EpochMs } from '../../model/time.ts';
import { call, type Wire } from './wire.ts';

/**
 * What time AWS has it, from the Date header of one answer: exact to a second, and to the time the answer takes.
 * `null`: the answer says no time.
 * @throws whatever the call throws.
 */
export async function readServerClock(wire: Wire): Promise<EpochMs | null> {
  const command = new GetCallerIdentityCommand({});
  let date: string | undefined;
  command.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      const { headers } = answer.response as { readonly headers?: Readonly<Record<string, string>> };
      date = headers?.['date'];
      return answer;
    },
    // Next to the wire: there the answer is still as it came.
    { step: 'deserialize', priority: 'low' },
  );
  await call(wire, 'GetCallerIdentity', (options) => wire.clients.sts.send(command, options));
  const at = Date.parse(date ?? '');
  return Number.isNaN(at) ? null : at;
}

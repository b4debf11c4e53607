import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { unavailable } from '../observe/aws/failure.ts';
import { call, type Wire } from '../observe/aws/wire.ts';

/** Who runs the command, and where it acts. */
export interface Caller {
  readonly account: string;
  readonly region: string;
  /** ARN of the user or role session. */
  readonly arn: string;
}

/** @throws {UnavailableError} without credentials or region, or when STS cannot be reached. */
export async function readCaller(wire: Wire): Promise<Caller> {
  try {
    const region = await wire.clients.sts.config.region();
    const { Account, Arn } = await call(wire, 'GetCallerIdentity', (options) =>
      wire.clients.sts.send(new GetCallerIdentityCommand({}), options),
    );
    if (Account === undefined || Arn === undefined) throw new Error('the answer names no account');
    return { account: Account, region, arn: Arn };
  } catch (error) {
    throw unavailable(error, 'GetCallerIdentity');
  }
}

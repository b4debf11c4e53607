import type { Command } from 'commander';
import { InputError } from '../model/errors.ts';
import type { AwsOptions } from '../observe/aws/clients.ts';

/** Adds the options of every command that calls AWS; they arrive in the action as {@link AwsOptions}. */
export function addAwsOptions(command: Command): Command {
  return command
    .option('--profile <name>', 'profile of the AWS configuration (default: AWS_PROFILE)')
    .option('--region <name>', 'AWS region (default: AWS_REGION, then the profile)')
    .option('--endpoint-url <url>', 'send every AWS call there, e.g. to an emulator');
}

/**
 * The AWS part of a command's options.
 * @throws {InputError} for an endpoint that is no URL.
 */
export function awsOptionsOf(options: AwsOptions): AwsOptions {
  const { endpointUrl } = options;
  if (endpointUrl !== undefined && !/^https?:\/\/[^/]/.test(endpointUrl)) {
    throw new InputError(`--endpoint-url must be an http(s) URL, given: ${endpointUrl}`);
  }
  return { profile: options.profile, region: options.region, endpointUrl };
}

import { UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { onTestFinished } from 'vitest';
import { bundleHandler, HANDLER_MODULES } from '../../infra/build/bundle.ts';
import { freshFolder, zipFolder } from '../../infra/build/files.ts';
import { FirebreakStack } from '../../infra/firebreak-stack.ts';
import type { FirebreakProps } from '../../infra/props.ts';
import { REGION, type World } from './world.ts';

/** A CloudFormation call by its Query API: no client package only for this. */
export async function cloudFormation(
  world: World,
  action: string,
  parameters: Readonly<Record<string, string>>,
): Promise<string> {
  const response = await fetch(world.endpoint, {
    method: 'POST',
    headers: signedFor(world, 'cloudformation'),
    body: new URLSearchParams({ Action: action, Version: '2010-05-15', ...parameters }),
  });
  return response.text();
}

/** The emulator reads account, region and service from it, and checks no signature. */
export function signedFor(world: World, service: string): Record<string, string> {
  const credential = `${world.account}/20260101/${REGION}/${service}/aws4_request`;
  return { authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0` };
}

/** Names of buckets are shared by all accounts, here too. */
function bucketOf({ account }: World): string {
  return `handler-code-${account}`;
}

const KEY = 'handlers.zip';

export interface Deployed {
  readonly tickFunctionName: string;
  /** `null`: none is deployed. */
  readonly killFunctionName: string | null;
  readonly tableName: string;
  readonly alertTopicArn: string;
}

/** Bundles the handlers, and deploys the stack with them. It ends with the test, or its schedules would go on. */
export async function deployFirebreak(
  world: World,
  props: (stack: Stack) => FirebreakProps,
): Promise<Deployed> {
  const folder = await freshFolder(`${world.folder}/handlers`);
  await Promise.all(HANDLER_MODULES.map((name) => bundleHandler(name, folder)));
  await putObject(world, await zipFolder(folder));
  const app = new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': false } });
  const stack = new FirebreakStack(app, 'Firebreak', {
    env: { account: world.account, region: REGION },
    analyticsReporting: false,
    firebreak: (scope) => ({
      handlerCode: Code.fromBucket(Bucket.fromBucketName(scope, 'Code', bucketOf(world)), KEY),
      ...props(scope),
    }),
  });
  // Parameters and Rules only ask whether the account was bootstrapped, which needs no bootstrap here.
  const { Parameters, Rules, ...template } = Template.fromStack(stack).toJSON();
  const TemplateBody = JSON.stringify(template);
  const created = await cloudFormation(world, 'CreateStack', { StackName: 'Firebreak', TemplateBody });
  if (!created.includes('<StackId>')) throw new Error(created);
  onTestFinished(async () => {
    await cloudFormation(world, 'DeleteStack', { StackName: 'Firebreak' });
  });
  const described = await world.eventually(
    () => cloudFormation(world, 'DescribeStacks', { StackName: 'Firebreak' }),
    (text) => !text.includes('_IN_PROGRESS<'),
  );
  if (!described.includes('>CREATE_COMPLETE<')) throw new Error(described);
  const found = (key: string): string | null =>
    new RegExp(`<OutputKey>${key}</OutputKey>\\s*<OutputValue>(.*?)</OutputValue>`).exec(described)?.[1] ??
    null;
  const output = (key: string): string => {
    const value = found(key);
    if (value === null) throw new Error(`the stack has no output ${key}`);
    return value;
  };
  const tickFunctionName = output('TickFunctionName');
  // A call takes as long here as anywhere, and the emulated clock runs on: the timeout must allow for that.
  await world.lambda.send(
    new UpdateFunctionConfigurationCommand({ FunctionName: tickFunctionName, Timeout: 900 }),
  );
  return {
    tickFunctionName,
    killFunctionName: found('KillFunctionName'),
    tableName: output('TableName'),
    alertTopicArn: output('AlertTopicArn'),
  };
}

async function putObject(world: World, body: Uint8Array): Promise<void> {
  const bucket = bucketOf(world);
  for (const [path, content] of [
    [bucket, undefined],
    [`${bucket}/${KEY}`, body],
  ] as const) {
    const response = await fetch(`${world.endpoint}/${path}`, {
      method: 'PUT',
      headers: signedFor(world, 's3'),
      ...(content === undefined ? {} : { body: Buffer.from(content) }),
    });
    if (!response.ok) throw new Error(`PUT ${path}: ${response.status} ${await response.text()}`);
  }
}

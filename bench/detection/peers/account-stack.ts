import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Inventory } from '../../../src/model/inventory.ts';

/** The functions and queues of an account as a CDK stack, as their owner would have written it. */
export interface AccountStack {
  readonly stack: Stack;
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  readonly queues: ReadonlyMap<string, Queue>;
  /** The CloudFormation template of what is in the stack by now. */
  synthesize(): unknown;
}

export function accountStack(inventory: Inventory): AccountStack {
  // CloudFormation's own rules take seconds for each template, and nothing of this is deployed.
  process.env['CDK_VALIDATION'] = 'false';
  const outdir = join(process.cwd(), 'node_modules', '.cache', 'firebreak-bench', `cdk-${process.pid}`);
  const app = new App({ outdir, analyticsReporting: false });
  const stack = new Stack(app, 'Account');
  const role = Role.fromRoleArn(stack, 'Role', `arn:aws:iam::${inventory.account}:role/functions`);
  const queues = new Map(
    inventory.queues.map(({ name }, i) => [name, new Queue(stack, `Queue${i}`, { queueName: name })]),
  );
  const functions = new Map(
    inventory.functions.map((fn, i) => {
      const construct = new LambdaFunction(stack, `Function${i}`, {
        functionName: fn.name,
        role,
        runtime: Runtime.NODEJS_LATEST,
        handler: 'index.handler',
        code: Code.fromInline('exports.handler = async () => {};'),
        timeout: Duration.seconds(fn.timeoutSeconds),
        memorySize: fn.memoryMB,
      });
      return [fn.name, construct];
    }),
  );
  return {
    stack,
    functions,
    queues,
    synthesize: () => {
      const { template } = app.synth({ force: true }).getStackByName('Account');
      rmSync(outdir, { recursive: true });
      return template;
    },
  };
}

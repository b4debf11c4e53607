import {
  App,
  CfnCondition,
  CfnParameter,
  DefaultStackSynthesizer,
  Fn,
  type IStackSynthesizer,
  type Stack,
} from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnSubscription } from 'aws-cdk-lib/aws-sns';
import { propsFromContext } from '../context.ts';
import type { Firebreak } from '../firebreak.ts';
import { FirebreakStack } from '../firebreak-stack.ts';

const STACK = 'Firebreak';

/**
 * The stack as one CloudFormation template that needs neither the CDK nor a bootstrapped account: where the code is
 * comes in as parameters, and nothing is staged.
 */
export function plainTemplate(input: {
  /** Default of the parameter that names the archive of the handlers. */
  readonly handlerKey: string;
  /** Context as for `cdk deploy -c key=value`. */
  readonly context: Readonly<Record<string, string>>;
}): object {
  const app = new App({ analyticsReporting: false, context: { ...input.context } });
  const stack = new FirebreakStack(app, STACK, {
    // The CDK's own types do not keep `exactOptionalPropertyTypes`.
    synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }) as IStackSynthesizer,
    firebreak: (scope) => ({ ...propsFromContext(scope), handlerCode: codeFrom(scope, input.handlerKey) }),
  });
  subscribeByParameter(stack, stack.firebreak);
  return app.synth().getStackByName(STACK).template as object;
}

function codeFrom(stack: Stack, handlerKey: string): Code {
  const bucket = new CfnParameter(stack, 'HandlerBucket', {
    description: 'Bucket, in this region, that holds the archive of the handlers',
  });
  const key = new CfnParameter(stack, 'HandlerKey', {
    description:
      'Key of the archive in that bucket; a new name for each version, so that an update is noticed',
    default: handlerKey,
  });
  return Code.fromBucket(Bucket.fromBucketName(stack, 'Handlers', bucket.valueAsString), key.valueAsString);
}

/** For whoever deploys the template as it is: one address for alerts and for firebreak's own health. */
function subscribeByParameter(stack: Stack, { alertTopic, healthTopic }: Firebreak): void {
  const email = new CfnParameter(stack, 'AlertEmail', {
    description: 'Address that gets alerts and health notices; empty for none',
    default: '',
  });
  const condition = new CfnCondition(stack, 'HasAlertEmail', {
    expression: Fn.conditionNot(Fn.conditionEquals(email.valueAsString, '')),
  });
  for (const [id, { topicArn }] of Object.entries({
    AlertsByEmail: alertTopic,
    HealthByEmail: healthTopic,
  })) {
    const subscription = new CfnSubscription(stack, id, {
      topicArn,
      protocol: 'email',
      endpoint: email.valueAsString,
    });
    subscription.cfnOptions.condition = condition;
  }
}

import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Firebreak } from './firebreak.ts';
import type { FirebreakProps } from './props.ts';

/** Settings of {@link FirebreakStack}, and those of any stack. */
export interface FirebreakStackProps extends StackProps {
  /**
   * Settings of the monitor; a function of the stack where one of them needs a scope, as an imported secret does.
   * @default - all defaults
   */
  readonly firebreak?: FirebreakProps | ((stack: Stack) => FirebreakProps);
}

/** A stack that holds the monitor and nothing else. */
export class FirebreakStack extends Stack {
  /** The monitor in it. */
  readonly firebreak: Firebreak;

  constructor(scope: Construct, id: string, props: FirebreakStackProps = {}) {
    const { firebreak, ...stackProps } = props;
    super(scope, id, {
      description: 'firebreak: cost-anomaly and runaway-retry monitor for AWS Lambda and SQS',
      ...stackProps,
    });
    this.firebreak = new Firebreak(
      this,
      'Firebreak',
      typeof firebreak === 'function' ? firebreak(this) : firebreak,
    );
    this.output('AlertTopicArn', 'Subscribe to get alerts', this.firebreak.alertTopic.topicArn);
    this.output(
      'HealthTopicArn',
      'Subscribe to learn that firebreak is silent',
      this.firebreak.healthTopic.topicArn,
    );
    this.output('EventBusName', 'Every transition of an incident', this.firebreak.eventBus.eventBusName);
    this.output('TableName', 'Incidents, kill records, baselines', this.firebreak.table.tableName);
    if (this.firebreak.killFunction !== undefined) {
      this.output(
        'KillFunctionName',
        'Invoke to stop or restore a function',
        this.firebreak.killFunction.functionName,
      );
    }
    this.output('TickFunctionName', 'The function that watches', this.firebreak.tickFunction.functionName);
  }

  private output(id: string, description: string, value: string): void {
    new CfnOutput(this, id, { description, value });
  }
}

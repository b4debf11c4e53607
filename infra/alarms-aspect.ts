import { Duration, type IAspect, Token } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct, type IConstruct } from 'constructs';
import { ACCOUNT_CONCURRENCY_DEFAULT } from '../src/model/inventory.ts';
import { OWN_FUNCTION_TAG } from '../src/model/kill.ts';
import { checkNumber } from './check.ts';

/** Settings of {@link FirebreakAlarms}. */
export interface FirebreakAlarmsProps {
  /**
   * Topic that the alarms publish to. Its policy must let CloudWatch alarms publish; `Firebreak.alertTopic` does.
   */
  readonly topic: ITopic;
  /**
   * Errors within a minute that count as one bad minute. A whole number of at least 1.
   * @default 1
   */
  readonly errors?: number;
  /**
   * Throttles within a minute that count as one bad minute. A whole number of at least 1.
   * @default 1
   */
  readonly throttles?: number;
  /**
   * Share of its timeout that a run may take. Above 0, at most 1.
   * @default 0.9
   */
  readonly durationShare?: number;
  /**
   * Share of its concurrency limit that a function may use. Above 0, at most 1.
   * @default 0.8
   */
  readonly concurrencyShare?: number;
  /**
   * Concurrent executions that the account may have in the region: the limit of a function that reserves none.
   * A whole number of at least 1.
   * @default 1000
   */
  readonly accountConcurrency?: number;
  /**
   * Functions to leave out.
   * @default - only firebreak's own, which have alarms of their own
   */
  readonly exclude?: (fn: CfnFunction) => boolean;
}

/** AWS's default where a function names no timeout (Lambda API, CreateFunction). */
const DEFAULT_TIMEOUT_SECONDS = 3;
const CHILD_ID = 'FirebreakAlarms';

/**
 * An aspect that gives every function of a scope the four usual static alarms: Errors, Throttles, Duration near the
 * timeout, ConcurrentExecutions near the limit. They know nothing of money or of retries, which is what firebreak is
 * for; they need nothing that runs, which is why they are worth having beside it.
 *
 * @example Aspects.of(app).add(new FirebreakAlarms({ topic: firebreak.alertTopic }));
 */
export class FirebreakAlarms implements IAspect {
  private readonly props: FirebreakAlarmsProps;

  constructor(props: FirebreakAlarmsProps) {
    checkNumber('FirebreakAlarms.errors', props.errors, { least: 1, whole: true });
    checkNumber('FirebreakAlarms.throttles', props.throttles, { least: 1, whole: true });
    checkNumber('FirebreakAlarms.durationShare', props.durationShare, { above: 0, most: 1 });
    checkNumber('FirebreakAlarms.concurrencyShare', props.concurrencyShare, { above: 0, most: 1 });
    checkNumber('FirebreakAlarms.accountConcurrency', props.accountConcurrency, { least: 1, whole: true });
    this.props = props;
  }

  visit(node: IConstruct): void {
    if (!CfnFunction.isCfnFunction(node) || node.node.tryFindChild(CHILD_ID) !== undefined) return;
    if (this.props.exclude?.(node) === true || isOwn(node)) return;
    new FunctionAlarms(node, this.props);
  }
}

/** By metadata, which is there before any aspect runs, and which another copy of this package sets as well. */
function isOwn(fn: CfnFunction): boolean {
  return fn.node.scopes.some(({ node }) => node.metadata.some(({ type }) => type === OWN_FUNCTION_TAG));
}

class FunctionAlarms extends Construct {
  private readonly fn: CfnFunction;
  private readonly topic: ITopic;
  private readonly lookBackMinutes: number;

  constructor(fn: CfnFunction, props: FirebreakAlarmsProps) {
    super(fn, CHILD_ID);
    this.fn = fn;
    this.topic = props.topic;
    const timeoutSeconds = known(fn.timeout) ?? DEFAULT_TIMEOUT_SECONDS;
    this.lookBackMinutes = Math.ceil(timeoutSeconds / 60) + 2;
    const limit =
      known(fn.reservedConcurrentExecutions) ?? props.accountConcurrency ?? ACCOUNT_CONCURRENCY_DEFAULT;
    const concurrency = Math.max(1, Math.ceil(limit * (props.concurrencyShare ?? 0.8)));
    const durationMs = timeoutSeconds * 1_000 * (props.durationShare ?? 0.9);
    this.alarm({ metricName: 'Errors', statistic: Stats.SUM, threshold: props.errors ?? 1, points: 2 });
    this.alarm({ metricName: 'Throttles', statistic: Stats.SUM, threshold: props.throttles ?? 1, points: 2 });
    this.alarm({ metricName: 'Duration', statistic: Stats.MAXIMUM, threshold: durationMs, points: 1 });
    this.alarm({
      metricName: 'ConcurrentExecutions',
      statistic: Stats.MAXIMUM,
      threshold: concurrency,
      points: 2,
    });
  }

  private alarm(spec: {
    readonly metricName: string;
    readonly statistic: string;
    readonly threshold: number;
    readonly points: number;
  }): void {
    const metric = new Metric({
      namespace: 'AWS/Lambda',
      metricName: spec.metricName,
      dimensionsMap: { FunctionName: this.fn.ref },
      statistic: spec.statistic,
      period: Duration.minutes(1),
    });
    new Alarm(this, spec.metricName, {
      alarmDescription: `${spec.metricName} of ${this.fn.node.scope?.node.path ?? this.fn.node.path}`,
      metric,
      threshold: spec.threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      datapointsToAlarm: spec.points,
      // A run that times out is reported its whole timeout late, in a minute that was already evaluated; alarms do
      // not wait (CloudWatch user guide, alarm evaluation, 2026). Look back far enough to see it.
      evaluationPeriods: this.lookBackMinutes,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }).addAlarmAction(new SnsAction(this.topic));
  }
}

/** A number that is known while the template is made; `undefined` for one that CloudFormation resolves, or none. */
function known(value: number | undefined): number | undefined {
  return Token.isUnresolved(value) ? undefined : value;
}

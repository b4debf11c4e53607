import type { RemovalPolicy } from 'aws-cdk-lib';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';

/** The kill switch of a deployed monitor. */
export interface KillSwitchProps {
  /**
   * How far it may go. `observe`: alerts say what it would do. `approve`: as `observe`, and the kill function is
   * deployed so that a person can run it. `auto`: it acts by itself on functions that carry the opt-in tag.
   * Only `approve` and `auto` create the kill function and its role, the only one that can change anything.
   */
  readonly mode: 'observe' | 'approve' | 'auto';
  /**
   * Tag key that opts a function, or an event source mapping, in. 1 to 128 characters, not starting with `aws:`.
   * @default 'firebreak:kill'
   */
  readonly optInTag?: string;
  /**
   * Value of the tag that lets it go as far as `mode`. 1 to 256 characters. Besides, `observe`, `approve` and `auto` as
   * value let it go that far at most.
   * @default 'allowed'
   */
  readonly optInValue?: string;
  /**
   * Names of functions that are never touched, tagged or not: the kill role is denied them outright.
   * @default - none
   */
  readonly protect?: readonly string[];
  /**
   * Most functions stopped automatically within an hour. A whole number of at least 1.
   * @default 3
   */
  readonly maximumPerHour?: number;
  /**
   * Largest share of all functions that may be stopped at the same time. Above 0, at most 1.
   * @default 0.1
   */
  readonly maximumFleetShare?: number;
  /**
   * Dollars wasted before it acts. At least 0.
   * @default 0.5
   */
  readonly minimumWastedUsd?: number;
  /**
   * Minutes after a restore during which the same function is left alone. At least 0.
   * @default 60
   */
  readonly cooldownMinutes?: number;
  /**
   * Whether it may stop by reserved concurrency 0 what has no on-failure destination. Lambda drops asynchronous events then.
   * @default false
   */
  readonly mayLoseEvents?: boolean;
  /**
   * After an automatic kill, and the cool-down, whether to try its restore out: two copies first, watched for some retry
   * cycles, then everything, or stopped again. Each failure doubles the wait.
   * @default false
   */
  readonly canary?: boolean;
  /**
   * Tries that may fail before a function stays stopped until a person restores it. A whole number of at least 1.
   * @default 3
   */
  readonly maximumCanaries?: number;
  /**
   * Stops every automatic action at once, whatever the mode.
   * @default false
   */
  readonly freeze?: boolean;
}

/** How the account pays for Lambda: dollars in alerts follow it. */
export interface PricingProps {
  /**
   * Month-to-date GB-seconds of the account, which choose the price tier. At least 0.
   * @default - as the daily bill has it
   */
  readonly monthToDateGbSeconds?: number;
  /**
   * Compute Savings Plan discount on duration, 0 to 0.9.
   * @default 0
   */
  readonly savingsPlanDiscount?: number;
  /**
   * Whether to subtract the always-free 400,000 GB-s and 1 M requests a month.
   * @default false
   */
  readonly freeTier?: boolean;
}

/** Dollars a month. Each must be more than 0. */
export interface BudgetProps {
  /**
   * All functions and their queues in this account and region.
   * @default - none
   */
  readonly monthlyUsd?: number;
  /**
   * Functions that carry a tag, together: by tag key, then value.
   * @default - none
   */
  readonly byTag?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /**
   * Single functions, by name.
   * @default - none
   */
  readonly byFunction?: Readonly<Record<string, number>>;
}

/** Settings of a deployed monitor. Nothing is required. */
export interface FirebreakProps {
  /**
   * Page (critical) when the waste projected for the next 24 hours reaches this many dollars. At least 0.
   * @default 1
   */
  readonly pageUsd?: number;
  /**
   * Dollars of other services (databases, model calls, ...) that one invocation causes, by function name. Each at
   * least 0. A function can carry the figure as the tag `firebreak:downstream-usd` instead.
   * @default - none: only Lambda and SQS are counted
   */
  readonly downstreamUsdPerInvocation?: Readonly<Record<string, number>>;
  /**
   * Dollars a month for Lambda and SQS: of the whole account and region, by tag key and value, by function name. Each more
   * than 0. Somebody is told when one is spent so fast that it will not last.
   * @default - none: nothing is said of budgets
   */
  readonly budget?: BudgetProps;
  /**
   * Most dollars a month that firebreak itself may cost, all of it counted. More than 0. Where reading would take more, it reads
   * less, last where most can burn, and says so.
   * @default - none: `firebreak cost-of-monitoring` says what to expect
   */
  readonly monitorBudgetUsd?: number;
  /**
   * How the account pays for Lambda.
   * @default - list price of the region, first tier, no discount, no free tier
   */
  readonly pricing?: PricingProps;
  /**
   * The kill switch.
   * @default - off: nothing is deployed that could change a function or a queue
   */
  readonly killSwitch?: KillSwitchProps;
  /**
   * Secret whose value is a Slack incoming-webhook URL.
   * @default - no Slack
   */
  readonly slackWebhookSecret?: ISecret;
  /**
   * Topic for alerts. A topic of your own must let firebreak's tick role and CloudWatch alarms publish, and so must
   * its key where it is encrypted.
   * @default - a new topic with a customer-managed key that lets the tick and CloudWatch alarms publish
   */
  readonly alertTopic?: ITopic;
  /**
   * ARN of the bus of a `FirebreakHub`, in any account and region, to which every transition is sent on.
   * @default - none: events stay on the monitor's own bus
   */
  readonly hubBusArn?: string;
  /**
   * E-mail addresses that get the alerts. Each must confirm once.
   * @default - none
   */
  readonly alertEmails?: readonly string[];
  /**
   * E-mail addresses that learn when firebreak itself is silent or failing.
   * @default - alertEmails
   */
  readonly healthEmails?: readonly string[];
  /**
   * How long logs are kept.
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;
  /**
   * Whether the tick (2), the kill function, the survey and the cost function (1 each) reserve concurrency, so that a runaway
   * that eats the account's concurrency cannot starve them. An account with a limit of 10 cannot reserve any: switch it off there.
   * @default true
   */
  readonly reserveConcurrency?: boolean;
  /**
   * Memory of the tick function in MiB, 256 to 10,240. Raise it for fleets of thousands of functions.
   * @default 512
   */
  readonly tickMemoryMB?: number;
  /**
   * Most shards that the reading of a large fleet is spread over, 2 to 100. A Step Functions state machine then starts each tick,
   * and as many shards as reading takes by what was measured: none while one invocation is enough. Worth it where the alarm
   * `SlowTicks` stays on after `tickMemoryMB`.
   * @default - none: one invocation reads everything, and there is no state machine
   */
  readonly maximumShards?: number;
  /**
   * Whether `lambda:GetFunction` is allowed. It reads tags and reserved concurrency in one call with a quota of its own,
   * which fleets of more than about 600 functions need; it also hands out a link to the function's code, which
   * firebreak never follows. Without it two slower calls are made.
   * @default false
   */
  readonly allowGetFunction?: boolean;
  /**
   * X-Ray tracing of firebreak's own functions.
   * @default true
   */
  readonly tracing?: boolean;
  /**
   * Whether to read Cost Explorer once a day, to compare firebreak's dollars with the bill. $0.01 per page read.
   * @default true
   */
  readonly costExplorer?: boolean;
  /**
   * Whether to create a CloudWatch dashboard. $3 a month beyond an account's first three.
   * @default true
   */
  readonly dashboard?: boolean;
  /**
   * What happens to the table when the stack is deleted. It holds the kill records: the only note of the settings
   * that a stopped function had before.
   * @default - RETAIN where the kill switch can act (`approve`, `auto`), else DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * Where the code of the handlers comes from: a folder or archive with `tick.mjs`, `shard.mjs`, `survey.mjs`, `cost.mjs`
   * and `kill.mjs` at its root.
   * @default - the bundles that come with this package
   */
  readonly handlerCode?: Code;
}

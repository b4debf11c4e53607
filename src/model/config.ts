import * as z from 'zod';

const usd = z.number().nonnegative();
/** A budget of nothing is no plan: leave it out instead. */
const budgetUsd = z.number().positive();

/**
 * All settings. Each has a default that works for everyone; a file need only name what it changes.
 * Unknown keys are refused by the loader with the nearest known name.
 */
export const configSchema = z.strictObject({
  /** Page (critical) when the waste projected for the next 24 h is at least this many dollars. */
  pageUsd: usd
    .default(1)
    .describe('Page when the waste projected for the next 24 h reaches this many dollars'),
  /** Dollars of other services that one invocation causes, by function name (databases, model calls, ...). */
  downstreamUsdPerInvocation: z
    .record(z.string(), usd)
    .default({})
    .describe('Assumed dollars of other services per invocation, by function name'),
  /** Tag of a function that carries the same figure. The configuration wins over the tag. */
  downstreamTag: z
    .string()
    .min(1)
    .default('firebreak:downstream-usd')
    .describe('Function tag with that figure'),
  kill: z
    .strictObject({
      /** `off`: manual only. `observe`: says what it would do. `auto`: acts on functions with the opt-in tag. */
      mode: z
        .enum(['off', 'observe', 'approve', 'auto'])
        .default('off')
        .describe(
          'off: by hand only; observe: says what it would do; auto: acts on functions with the opt-in tag',
        ),
      /** Tag key and value that opt a function in. */
      optInTag: z.string().min(1).default('firebreak:kill').describe('Tag key that opts a function in'),
      optInValue: z.string().min(1).default('allowed').describe('Value of that tag'),
      /** Function names that are never touched. */
      protect: z.array(z.string()).default([]).describe('Functions that are never touched'),
      maximumPerHour: z.number().int().positive().default(3).describe('Automatic kills an hour, at most'),
      /** Largest share of the functions that may be stopped at once, 0..1. */
      maximumFleetShare: z
        .number()
        .positive()
        .max(1)
        .default(0.1)
        .describe('Largest share of the functions that may be stopped at once'),
      minimumWastedUsd: usd
        .default(0.5)
        .describe('Dollars that must have been wasted before anything is stopped'),
      cooldownMinutes: z
        .number()
        .nonnegative()
        .default(60)
        .describe('Minutes after a restore in which the function is not stopped again'),
      /** Whether it may stop by concurrency 0 what has no on-failure destination: asynchronous events are dropped then. */
      mayLoseEvents: z
        .boolean()
        .default(false)
        .describe('Stop by concurrency 0 also what has no on-failure destination for asynchronous events'),
      /** After an automatic kill: let it run again with two copies, watch it, then put everything back or stop it again. */
      canary: z
        .boolean()
        .default(false)
        .describe('Try restores of automatic kills out, after cooldownMinutes, with two copies at first'),
      maximumCanaries: z
        .number()
        .int()
        .positive()
        .default(3)
        .describe('Tries after which a function stays stopped until a person restores it'),
      /** Stops every automatic action at once. */
      freeze: z.boolean().default(false).describe('Stops every automatic action at once'),
    })
    .prefault({}),
  pricing: z
    .strictObject({
      /** Month-to-date GB-seconds of the account: chooses the price tier. Absent: as the daily bill has it. */
      monthToDateGbSeconds: z
        .number()
        .nonnegative()
        .optional()
        .describe(
          'GB-seconds of the account so far this month: chooses the price tier; by default the bill says it',
        ),
      /** Compute Savings Plan discount on duration, 0..1. */
      savingsPlanDiscount: z
        .number()
        .min(0)
        .max(0.9)
        .default(0)
        .describe('Compute Savings Plan discount on duration, 0 to 0.9'),
      /** Subtract the always-free 400,000 GB-s and 1 M requests a month. */
      freeTier: z
        .boolean()
        .default(false)
        .describe('Subtract the always-free 400,000 GB-s and 1 M requests a month'),
    })
    .prefault({}),
  /** Dollars a month for Lambda and SQS in this account and region, by UTC months. Nothing is said where none is set. */
  budget: z
    .strictObject({
      /** All of it. */
      monthlyUsd: budgetUsd.optional().describe('Dollars a month for all functions and their queues'),
      /** Tag key, then value: functions that carry the tag, together. */
      byTag: z
        .record(z.string().min(1), z.record(z.string(), budgetUsd))
        .default({})
        .describe('Dollars a month by tag key and value, e.g. {"team": {"payments": 300}}'),
      byFunction: z
        .record(z.string().min(1), budgetUsd)
        .default({})
        .describe('Dollars a month by function name'),
    })
    .prefault({}),
  /** Most dollars a month that firebreak itself may cost: it reads less, where it matters least, to stay below. */
  monitorBudgetUsd: budgetUsd
    .nullable()
    .default(null)
    .describe('Most dollars a month that firebreak itself may cost; null: no ceiling'),
  notify: z
    .strictObject({
      snsTopicArn: z.string().startsWith('arn:').optional().describe('SNS topic that gets every alert'),
      /** Environment variable that holds the Slack webhook URL (the URL itself is a secret). */
      slackWebhookEnv: z
        .string()
        .regex(/^[A-Za-z_]\w*$/, 'must be the name of an environment variable')
        .default('FIREBREAK_SLACK_WEBHOOK_URL')
        .describe('Environment variable that holds the Slack webhook URL'),
      /** Secrets Manager secret that holds it in a deployed stack. */
      slackWebhookSecretArn: z
        .string()
        .startsWith('arn:')
        .optional()
        .describe('Secrets Manager secret that holds the Slack webhook URL'),
    })
    .prefault({}),
});

export type Config = z.infer<typeof configSchema>;

export const DEFAULT_CONFIG: Config = configSchema.parse({});

import { z } from 'zod';

const usd = z.number().nonnegative();

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
      mode: z.enum(['off', 'observe', 'approve', 'auto']).default('off'),
      /** Tag key and value that opt a function in. */
      optInTag: z.string().min(1).default('firebreak:kill'),
      optInValue: z.string().min(1).default('allowed'),
      /** Function names that are never touched. */
      protect: z.array(z.string()).default([]),
      maximumPerHour: z.number().int().positive().default(3),
      /** Largest share of the functions that may be stopped at once, 0..1. */
      maximumFleetShare: z.number().positive().max(1).default(0.1),
      minimumWastedUsd: usd.default(0.5),
      cooldownMinutes: z.number().nonnegative().default(60),
      /** Stops every automatic action at once. */
      freeze: z.boolean().default(false),
    })
    .prefault({}),
  pricing: z
    .strictObject({
      /** Month-to-date GB-seconds of the account: chooses the price tier. */
      monthToDateGbSeconds: z.number().nonnegative().default(0),
      /** Compute Savings Plan discount on duration, 0..1. */
      savingsPlanDiscount: z.number().min(0).max(0.9).default(0),
      /** Subtract the always-free 400,000 GB-s and 1 M requests a month. */
      freeTier: z.boolean().default(false),
    })
    .prefault({}),
  notify: z
    .strictObject({
      snsTopicArn: z.string().startsWith('arn:').optional(),
      /** Environment variable that holds the Slack webhook URL (the URL itself is a secret). */
      slackWebhookEnv: z.string().min(1).default('FIREBREAK_SLACK_WEBHOOK_URL'),
      /** Secrets Manager secret that holds it in a deployed stack. */
      slackWebhookSecretArn: z.string().startsWith('arn:').optional(),
    })
    .prefault({}),
});

export type Config = z.infer<typeof configSchema>;

export const DEFAULT_CONFIG: Config = configSchema.parse({});

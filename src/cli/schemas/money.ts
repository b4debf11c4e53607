import * as z from 'zod';
import {
  finding,
  gap,
  instant,
  instantOrNull,
  object,
  priceSource,
  scope,
  texts,
  usd,
  usdOrNull,
} from './shared.ts';

/** What commands say of dollars that could be spent, or are. */

const suppression = object({
  rule: z.string(),
  resource: z.string(),
  reason: z.string(),
  expires: z.string(),
});

export const audit = object({
  format: z.literal('firebreak-audit/1'),
  auditedAt: instant,
  readAt: instant,
  subject: object({
    kind: z.enum(['account', 'template']),
    account: z.string().optional(),
    file: z.string().optional(),
    region: z.string(),
  }),
  prices: object({
    region: z.string(),
    estimated: z.boolean(),
    estimatedReason: z.string().nullable(),
    source: priceSource,
  }),
  score: z.number().nullable().describe('0 to 100; null: nothing could be answered'),
  counts: object({
    high: z.number(),
    medium: z.number(),
    low: z.number(),
    passed: z.number(),
    suppressed: z.number(),
  }),
  exposures: z.array(
    object({
      function: z.string(),
      usdPerHour: usdOrNull.describe('at the worst'),
      usualUsdPerMonth: usdOrNull,
      usdPerIncident: usdOrNull,
      concurrency: z.number(),
      limitedBy: z.string(),
      minutesToReach: z.number().nullable(),
      incident: object({
        source: z.string(),
        attempts: z.number(),
        usd,
        lastsSeconds: z.number(),
        endedBy: z.string(),
        lost: z.boolean(),
        text: z.string(),
      }).nullable(),
      ends: z.string(),
      assumptions: texts,
    }),
  ),
  findings: z.array(finding).describe('worst first'),
  suppressed: z.array(suppression.extend({ severity: z.enum(['high', 'medium', 'low']) })),
  expiredSuppressions: z.array(suppression),
  unusedSuppressions: z.array(suppression),
  unanswered: z.array(object({ rule: z.string(), missing: z.string(), resources: texts })),
  gaps: z.array(gap),
});

export const monitorCost = object({
  format: z.literal('firebreak-monitor-cost/1'),
  region: z.string(),
  fleet: object({ functions: z.number(), queues: z.number(), activeShare: z.number() }),
  ceilingUsd: usd.nullable(),
  thrift: z.number(),
  usdPerMonth: usd,
  usdPerFunction: usd.optional().describe('a month: the part that grows with the fleet, for each function'),
  usdAfterFreeTier: usd,
  items: z.array(
    object({
      item: z.string(),
      quantity: z.number(),
      unit: z.string(),
      grows: z.boolean().optional().describe('with the fleet'),
      usdPerMonth: usd,
      usdAfterFreeTier: usd,
    }),
  ),
  assumptions: texts,
});

const calibration = z
  .array(
    object({
      usageType: z.string().describe('without the prefix of a region; all: everything that can be compared'),
      billedUsd: usd,
      computedUsd: usd,
      quantityRatio: z.number().nullable().describe('GB-seconds or requests, billed divided by seen'),
      days: z.number(),
      untilAt: instant,
      isEstimated: z.boolean().describe('AWS may still change some of the days'),
    }),
  )
  .describe('estimates against the bill: said, not applied');

const downstream = z.array(
  object({
    functionName: z.string(),
    service: z.string(),
    usdPerInvocation: usd,
    low: usd.describe('95 % interval'),
    high: usd,
    days: z.number(),
    explained: z.number().describe('share of the weekly changes of the service, 0 to 1'),
    alternatives: texts.describe('functions that it could as well be'),
  }),
);

const billFields = {
  readAt: instant,
  untilAt: instant.describe('end of the newest complete day'),
  monthStartAt: instant,
  monthUsd: usd.describe('Lambda and SQS from the start of the month to untilAt'),
  monthGbSeconds: z
    .object({ x86_64: z.number(), arm64: z.number() })
    .optional()
    .describe('On-demand GB-seconds of the same span, which choose the price tier'),
  budgets: z.array(object({ name: z.string(), usd })).describe('own estimates for tags and functions'),
  calibration,
  anomalies: z.array(
    object({
      dayAt: instant,
      service: z.string(),
      usageType: z.string().nullable().describe('null: the service as a whole'),
      usd,
      usualUsd: usd,
      functions: z.array(object({ functionName: z.string(), usd, usualUsd: usd })),
    }),
  ),
  downstream,
};

/** The note of the bill within other documents. */
export const billNote = object(billFields);

export const bill = object({
  format: z.literal('firebreak-bill/1'),
  account: z.string(),
  region: z.string(),
  requests: z.number().describe('asked of Cost Explorer'),
  ...billFields,
});

export const suggest = object({
  format: z.literal('firebreak-suggest/1'),
  scopes: z.array(
    object({
      ...scope,
      readAt: instantOrNull.describe('null: no bill was read'),
      downstream,
      accepted: z.record(z.string(), usd).describe('for downstreamUsdPerInvocation in the configuration'),
    }),
  ),
});

export const prices = object({
  format: z.literal('firebreak-prices/1'),
  region: z.string(),
  estimated: z.boolean(),
  estimatedReason: z.string().nullable(),
  assumptions: texts,
  source: priceSource,
  calibration,
  changedSinceBundled: z.array(object({ id: z.string(), bundledUsd: usd, usd })),
  prices: z.array(object({ id: z.string(), item: z.string(), usd, per: z.string(), source: priceSource })),
});

export const forecast = object({
  format: z.literal('firebreak-forecast/1'),
  at: instant,
  scopes: z.array(
    object({
      ...scope,
      budgets: z.array(
        object({
          name: z.string(),
          monthlyUsd: usd,
          monthStartAt: instant,
          spentUsd: usdOrNull,
          untilAt: instant,
          monthBasis: z.string(),
          monthUsd: usdOrNull,
          lowUsd: usdOrNull,
          highUsd: usdOrNull,
          days: z.number(),
          goneAt: instantOrNull.describe('null: it lasts for the month'),
        }),
      ),
      calibration,
    }),
  ),
});

import * as z from 'zod';
import type { AlertJson, IncidentJson } from '../../model/incident-json.ts';

/** A document may gain fields within its version: whoever reads it ignores what is not known. */
export const object = z.looseObject;

export const instant = z.string().describe('ISO 8601, UTC');
export const instantOrNull = instant.nullable();
export const usd = z.number().describe('US dollars');
/** `null`: not finite, or not known. */
export const usdOrNull = z.number().nullable().describe('US dollars; null: not known');
const count = z.number().int().nonnegative();
export const texts = z.array(z.string());

export const gap = object({
  resource: z.string(),
  operation: z.string().describe('the AWS call'),
  reason: z.string(),
}).describe('something that could not be read');

const burn = object({
  usdPerHour: usdOrNull,
  wastedUsd: usdOrNull,
  projectedUsd: usdOrNull.describe('wasted until it ends, if nobody acts'),
  endsBy: instantOrNull.describe('null: it never ends by itself'),
  wastedUsdPerHour: usdOrNull,
  averagedMinutes: z
    .number()
    .nullable()
    .describe('minutes over which dollars an hour are averaged: a whole round; null: the newest few'),
  projected24hUsd: usdOrNull.describe('wasted in the next 24 h, if nobody acts'),
  endsBecause: z.string(),
  measuredShare: z.number().nullable().describe('0 to 1: how much of the dollars is measured, not estimated'),
  assumptions: texts,
});

export const incident = object({
  id: z.string(),
  detector: z.string(),
  function: z.string().nullable(),
  queue: z.string().nullable(),
  functions: texts,
  severity: z.enum(['info', 'warning', 'critical']),
  onsetAt: instant.describe('when it began, as estimated'),
  openedAt: instantOrNull.describe('the first alert'),
  criticalAt: instantOrNull,
  resolvedAt: instantOrNull,
  burn,
  recommendation: object({ lever: z.string(), command: z.string() }),
  state: z.enum(['pending', 'open', 'critical', 'resolved']),
  detectors: texts.describe('everything that has this one cause, its own detector first'),
  queues: texts,
  pendingAt: instant,
  lastEvidenceAt: instant,
  evaluatedAt: instant,
  evidence: z.array(object({ kind: z.string(), text: z.string() })),
  amplification: object({
    receivesPerDelete: z.number().nullable(),
    nothingDeleted: z.boolean(),
    invocationsPerUnit: z.number().nullable(),
  }).nullable(),
  delayInRetryCycles: z.number().nullable(),
  loss: object({ lost: z.number(), lostPerHour: z.number(), expiresAt: instantOrNull }).nullable(),
  reopened: count,
}) satisfies z.ZodType<IncidentJson>;

export const alert = object({
  format: z.literal('firebreak-alert/1'),
  key: z.string().describe('the same alert has the same key, however often it is delivered'),
  transition: z.string(),
  reason: z.string(),
  at: instant,
  account: z.string(),
  region: z.string(),
  incident,
}) satisfies z.ZodType<AlertJson>;

/** A setting that the kill switch changes. */
export const killStep = object({
  kind: z.string(),
  eventSourceId: z.string().optional(),
  source: z.string().optional(),
  prior: z
    .union([z.boolean(), z.number(), z.null()])
    .describe('value before: true or false for a mapping; a number, or null for none, for concurrency'),
});

export const killRecord = object({
  id: z.string(),
  function: z.string(),
  account: z.string(),
  region: z.string(),
  state: z.string(),
  lever: z.string(),
  steps: z.array(killStep),
  incident: z.string().nullable(),
  requestedBy: z.string(),
  reason: z.string(),
  recordedAt: instant,
  killedAt: instantOrNull,
  restoredAt: instantOrNull,
  canary: object({
    startedAt: instantOrNull,
    watchUntilAt: instantOrNull,
    failures: count,
  })
    .nullable()
    .describe('the try of a restore; null: none since the kill'),
});

export const priceSource = object({
  title: z.string(),
  publishedOn: z.string().nullable(),
  readOn: z.string(),
  kind: z.enum(['aws', 'third-party', 'derived']),
});

/** One account and region of a store; both `null` for a table, which is one stack's. */
export const scope = {
  place: z.string().describe('folder or table'),
  account: z.string().nullable(),
  region: z.string().nullable(),
};

/** What `doctor` and `init` say of one thing. */
export const check = object({
  id: z.string().describe('stable, for scripts'),
  state: z.enum(['ok', 'warning', 'failure', 'not-checked']),
  found: z.string(),
  fix: z.string().nullable(),
});

export const finding = object({
  rule: z.string(),
  title: z.string(),
  why: z.string(),
  severity: z.enum(['high', 'medium', 'low']),
  resource: z.string(),
  evidence: z.string(),
  stake: object({ usd, per: z.string() }).nullable(),
  fix: object({ summary: z.string(), cdk: z.string(), cloudFormation: z.string(), cli: z.string() }),
});

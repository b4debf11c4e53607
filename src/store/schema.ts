import * as z from 'zod';
import type { Alert } from '../model/alert.ts';
import type { Baselines, FunctionBaseline, QueueBaseline } from '../model/baseline.ts';
import type { BillNote, Calibration } from '../model/bill.ts';
import type { BudgetSpend } from '../model/budget.ts';
import { DETECTOR_IDS } from '../model/finding.ts';
import type { Incident } from '../model/incident.ts';
import type { KillRecord } from '../model/kill.ts';
import type { TickNote } from './store.ts';

/** What comes back from a store is parsed here, whatever wrote it: an older version, a person's editor, a broken disk. */

/** Estimated instants, such as an onset within a minute, have fractions of a millisecond. */
const at = z.number();
const atOrNull = at.nullable();
/** JSON has no NaN and no infinities: they travel as these strings (see `toJson`). */
const number = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity']).transform(Number)]);
const numberOrNull = number.nullable();
const texts = z.array(z.string());

const burn = z.object({
  usdPerHour: number,
  wastedUsdPerHour: number,
  averagedMinutes: number.exactOptional(),
  wastedUsd: number,
  projectedUsd: number,
  projected24hUsd: number,
  endsAt: atOrNull,
  endsBecause: z.string(),
  measuredShare: number,
  assumptions: texts,
});

export const incidentSchema: z.ZodType<Incident> = z.object({
  id: z.string().min(1),
  detector: z.enum(DETECTOR_IDS),
  detectors: z.array(z.enum(DETECTOR_IDS)),
  functionName: z.string().nullable(),
  queueName: z.string().nullable(),
  budget: z.string().exactOptional(),
  functions: texts,
  queues: texts,
  state: z.enum(['pending', 'open', 'critical', 'resolved']),
  severity: z.enum(['info', 'warning', 'critical']),
  onsetAt: at,
  pendingAt: at,
  openedAt: atOrNull,
  criticalAt: atOrNull,
  resolvedAt: atOrNull,
  lastEvidenceAt: at,
  evaluatedAt: at,
  evidence: z.array(z.object({ kind: z.string(), text: z.string() })),
  amplification: z.object({ receivesPerDelete: numberOrNull, invocationsPerUnit: numberOrNull }).nullable(),
  delayInRetryCycles: numberOrNull,
  loss: z.object({ lost: number, lostPerHour: number, expiresAt: atOrNull }).nullable(),
  burn,
  accounted: z.object({
    untilAt: at,
    wastedUsd: number,
    spentUsd: number,
    received: number,
    deleted: number,
    invocations: number,
  }),
  recommendation: z.object({
    lever: z.enum(['disable-event-source', 'reserved-concurrency-zero', 'none']),
    command: z.string(),
  }),
  alertedWastedUsd: number,
  alertedAt: atOrNull,
  reopened: z.number(),
});

export const alertSchema: z.ZodType<Alert> = z.object({
  key: z.string().min(1),
  transition: z.enum([
    'opened',
    'critical',
    'reminder',
    'reopened',
    'resolved',
    'killed',
    'canary',
    'restored',
    'expiring',
    'test',
  ]),
  reason: z.enum([
    'first-evidence-is-enough',
    'money-at-stake',
    'messages-being-lost',
    'waste-doubled',
    'came-back',
    'quiet-again',
    'quiet-while-stopped',
    'kill-switch-used',
    'messages-will-expire',
    'requested-by-a-person',
  ]),
  at,
  incident: incidentSchema,
  account: z.string(),
  region: z.string(),
});

export const killRecordSchema: z.ZodType<KillRecord> = z.object({
  id: z.string().min(1),
  revision: z.number().int().positive(),
  functionName: z.string().min(1),
  account: z.string(),
  region: z.string(),
  state: z.enum(['recorded', 'killed', 'canary-starting', 'canary', 'restoring', 'restored']),
  lever: z.enum(['disable-event-source', 'reserved-concurrency-zero', 'none']),
  steps: z.array(
    z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('disable-event-source'),
        eventSourceId: z.string().min(1),
        source: z.string(),
        priorEnabled: z.boolean(),
      }),
      z.object({
        kind: z.literal('reserved-concurrency-zero'),
        priorReservedConcurrency: z.number().int().nonnegative().nullable(),
      }),
      z.object({
        kind: z.literal('limit-event-source'),
        eventSourceId: z.string().min(1),
        source: z.string(),
        priorMaximumConcurrency: z.number().int().positive().nullable(),
      }),
    ]),
  ),
  incidentId: z.string().nullable(),
  requestedBy: z.string(),
  reason: z.string(),
  recordedAt: at,
  killedAt: atOrNull,
  restoredAt: atOrNull,
  canary: z
    .object({ startedAt: atOrNull, watchUntilAt: atOrNull, failures: z.number().int().nonnegative() })
    .exactOptional(),
});

const hoursOfDay = z
  .array(number)
  .length(24)
  .transform((values) => Float64Array.from(values));

/** Baselines of older versions do not have it. */
const isOfWeekend = z.boolean().default(false);

const functionBaseline: z.ZodType<FunctionBaseline> = z.object({
  activeHours: number,
  hours: number,
  isOfWeekend,
  invocationsPerHour: number,
  errorShare: number,
  errorShareP95: number,
  throttleShare: number,
  durationMs: number,
  durationP95Ms: number,
  durationMaximumP95Ms: number,
  concurrencyByHour: hoursOfDay,
  invocationsByHour: hoursOfDay,
  gbSecondsByHour: hoursOfDay,
  invocationsMaximum: number,
  gbSecondsMaximum: number,
  concurrencyMaximum: number,
});

const queueBaseline: z.ZodType<QueueBaseline> = z.object({
  activeHours: number,
  hours: number,
  isOfWeekend,
  failedReceiveShare: number,
  failedReceiveShareP95: number,
  sentPerHour: number,
  sentMaximum: number,
  arrivalsPerHour: number,
  arrivalsMaximum: number,
});

const calibration: z.ZodType<Calibration> = z.object({
  usageType: z.string(),
  billedUsd: number,
  computedUsd: number,
  quantityRatio: numberOrNull,
  days: z.number(),
  untilAt: at,
  isEstimated: z.boolean(),
});

const budgetSpend: z.ZodType<BudgetSpend> = z.object({
  name: z.string(),
  monthlyUsd: number,
  kind: z.enum(['account', 'tag', 'function']),
  functions: texts,
  untilAt: at,
  hourUsd: z.array(number).transform((values) => Float64Array.from(values)),
  monthStartAt: at,
  monthUsd: number,
  monthBasis: z.enum(['bill', 'metrics', 'extrapolated']),
  savingsPlanDiscount: number,
});

const monthGbSeconds = z.object({ x86_64: number, arm64: number });

export const billSchema: z.ZodType<BillNote> = z.object({
  readAt: at,
  untilAt: at,
  monthStartAt: at,
  monthUsd: number,
  monthGbSeconds: monthGbSeconds.exactOptional(),
  budgets: z.array(z.object({ name: z.string(), usd: number })),
  calibration: z.array(calibration),
  anomalies: z.array(
    z.object({
      dayAt: at,
      service: z.string(),
      usageType: z.string().nullable(),
      usd: number,
      usualUsd: number,
      functions: z.array(z.object({ functionName: z.string(), usd: number, usualUsd: number })),
    }),
  ),
  downstream: z.array(
    z.object({
      functionName: z.string(),
      service: z.string(),
      usdPerInvocation: number,
      low: number,
      high: number,
      days: z.number(),
      explained: number,
      alternatives: texts,
    }),
  ),
});

/** Maps travel as lists of entries: any function name is a safe key. */
export const baselinesSchema: z.ZodType<Baselines> = z.object({
  builtAt: at,
  functions: z.array(z.tuple([z.string(), functionBaseline])).transform((entries) => new Map(entries)),
  queues: z.array(z.tuple([z.string(), queueBaseline])).transform((entries) => new Map(entries)),
  budgets: z.array(budgetSpend).exactOptional(),
  calibration: calibration.exactOptional(),
  monthGbSeconds: monthGbSeconds.exactOptional(),
});

export const tickNoteSchema: z.ZodType<TickNote> = z.object({
  at,
  functions: z.number(),
  queues: z.number(),
  gaps: z.array(z.object({ resource: z.string(), operation: z.string(), reason: z.string() })),
});

/** Until when a delivery is claimed, and by whom. */
export interface ClaimNote {
  readonly until: number;
}
export const claimSchema: z.ZodType<ClaimNote> = z.object({ until: at });

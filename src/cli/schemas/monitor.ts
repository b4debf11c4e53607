import * as z from 'zod';
import { billNote } from './money.ts';
import {
  alert,
  check,
  gap,
  incident,
  instant,
  instantOrNull,
  killRecord,
  object,
  scope,
  texts,
  usd,
  usdOrNull,
} from './shared.ts';

/** What commands say of a monitor and of incidents. */

export const watch = object({
  format: z.literal('firebreak-watch/1'),
  at: instant,
  incidents: z.array(incident),
  alerts: z.array(alert),
  decisions: z.array(
    object({ incidentId: z.string(), outcome: z.string(), reason: z.string(), detail: z.string() }),
  ),
  gaps: z.array(gap),
}).describe('one line for each look');

export const status = object({
  format: z.literal('firebreak-status/1'),
  at: instant,
  scopes: z.array(
    object({
      ...scope,
      kills: z.array(killRecord).describe('not restored yet'),
      incidents: z.array(incident).describe('open, the most expensive first'),
      bill: billNote.nullable().describe('the last daily look at the bill'),
      ownSpend: object({
        monthUsd: usd,
        lastDayUsd: usd.nullable(),
        thrift: z.number().describe('0: nothing is saved on reading; 4: all that can be'),
        thriftAt: instant.nullable().describe('since when it saves'),
      })
        .nullable()
        .describe('what firebreak itself has spent'),
      lastTick: object({
        at: instant,
        functions: z.number(),
        queues: z.number(),
        gaps: z.array(gap),
      }).nullable(),
    }),
  ),
});

export const incidents = object({
  format: z.literal('firebreak-incidents/1'),
  incidents: z.array(incident.extend({ account: z.string().nullable(), region: z.string().nullable() })),
});

const minutes = z.array(z.number().nullable()).nullable().describe('one value a minute; null: no datapoint');

export const report = object({
  format: z.literal('firebreak-report/1'),
  generatedAt: instant,
  account: z.string(),
  region: z.string(),
  incident,
  timeline: z.array(object({ kind: z.string(), at: instant, title: z.string(), text: z.string() })),
  withoutAction: object({
    sinceAt: instant,
    usdIn24Hours: usd,
    usd,
    endsAt: instantOrNull,
    endsBecause: z.string(),
  }).nullable(),
  settings: z.array(
    object({
      name: z.string(),
      before: z.string(),
      killed: z.string(),
      after: z.string().nullable(),
    }),
  ),
  fixes: z.array(object({})).nullable().describe('as the findings of an audit'),
  series: object({
    startAt: instant,
    minutes: z.number(),
    source: z.string(),
    usdPerHour: minutes,
    wastedUsdPerHour: minutes,
    totalUsd: minutes,
    totalWithoutUsd: minutes,
    invocations: minutes.optional(),
    errors: minutes.optional(),
    concurrency: minutes.optional(),
    received: minutes.optional(),
    deleted: minutes.optional(),
    inFlight: minutes.optional(),
    waiting: minutes.optional(),
  }).nullable(),
  missing: texts.describe('parts that there are not, and why'),
});

export const doctor = object({
  format: z.literal('firebreak-doctor/1'),
  at: instant,
  counts: z.record(z.enum(['ok', 'warning', 'failure', 'not-checked']), z.number()),
  checks: z.array(check),
});

export const init = object({
  format: z.literal('firebreak-init/1'),
  path: z.string(),
  settings: object({}).describe('what was written'),
  account: z.string().nullable(),
  region: z.string().nullable(),
  permissions: z.array(check),
  forecast: object({
    functions: z.number(),
    queues: z.number(),
    usdPerMonth: usd,
    usdAfterFreeTier: usd,
  }).nullable(),
  unchecked: texts,
  deploy: z.string().describe('the command that deploys it'),
});

export const testAlert = object({
  format: z.literal('firebreak-test-alert/1'),
  ok: z.boolean(),
  channels: z.array(
    object({
      channel: z.string(),
      ok: z.boolean(),
      failure: z.string().nullable(),
      hint: z.string(),
      subscriptions: object({ confirmed: z.record(z.string(), z.number()), pending: z.number() })
        .nullable()
        .optional(),
    }),
  ),
});

export const configCheck = object({
  format: z.literal('firebreak-config-check/1'),
  source: z.string(),
  ok: z.boolean(),
  problems: texts,
  changed: texts.describe('settings that differ from the defaults'),
});

export const live = object({
  format: z.literal('firebreak-live/1'),
  at: instant,
  account: z.string(),
  region: z.string(),
  usdPerHour: usdOrNull,
  functions: z.array(
    object({
      name: z.string(),
      usdPerHour: usdOrNull,
      exposureUsdPerHour: usdOrNull,
      incident: z.string().nullable(),
      isStopped: z.boolean(),
    }),
  ),
  incidents: z.array(incident),
  gaps: z.array(gap),
});

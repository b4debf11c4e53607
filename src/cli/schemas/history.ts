import * as z from 'zod';
import { headerSchema, seriesHeaderSchema } from '../../observe/trace/schema.ts';
import { plan } from './kill.ts';
import { alert, gap, incident, instant, object, usd } from './shared.ts';

/** What commands say of the past, recorded or simulated. */

export const record = object({
  format: z.literal('firebreak-record/1'),
  path: z.string(),
  start: instant,
  end: instant,
  functions: z.number(),
  queues: z.number(),
  series: z.number(),
  usd: usd.describe('what reading it cost at list price'),
  gaps: z.array(gap),
});

export const backtest = object({
  format: z.literal('firebreak-backtest/1'),
  trace: object({
    account: z.string(),
    region: z.string(),
    start: instant,
    end: instant,
    ticks: z.number(),
  }),
  summary: object({
    pagedAt: z.array(instant).describe('when somebody would have been woken'),
    warnings: z.number(),
    wastedUsd: usd,
    savedUsd: usd.describe('wasted later than reactionMinutes after the page of an incident'),
    reactionMinutes: z.number(),
  }),
  incidents: z.array(incident).describe('those that somebody would have been told of, by onset'),
  cost: object({ totalUsd: usd, byFunction: z.record(z.string(), z.number()) }),
  monitorCost: object({ usd, metricRequests: z.number(), apiRequests: z.number() }),
});

export const scoreSeries = object({
  format: z.literal('firebreak-score-series/1'),
  points: z.array(
    object({
      timestamp: z.string(),
      value: z.number().nullable(),
      anomalyScore: z.number(),
    }),
  ),
});

export const demo = object({
  format: z.literal('firebreak-demo/1'),
  events: z.array(
    object({
      kind: z.enum(['bug', 'alert', 'killed', 'restored', 'drained']),
      at: instant,
      alert: alert.optional(),
      plan: plan.optional(),
      waiting: z.number().optional().describe('messages in the queue'),
    }),
  ),
  wastedUsd: object({ without: usd, with: usd }),
  messages: object({
    sent: z.number(),
    processed: z.number(),
    waiting: z.number(),
    lost: z.number(),
  }),
});

/** [minute, minutes later, value]; see docs/trace.md. */
const late = z.tuple([z.number(), z.number(), z.number().nullable()]);

/** What the reader of traces takes, with the series that it checks by hand. */
export const trace = headerSchema.extend({
  series: z.array(
    seriesHeaderSchema.extend({
      values: z.array(z.number().nullable()).describe('one a minute; null: no datapoint'),
      late: z
        .array(late)
        .optional()
        .describe('[minute, minutes later, value]: what became readable only then'),
    }),
  ),
});

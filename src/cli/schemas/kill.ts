import * as z from 'zod';
import { killRecord, killStep, object, texts } from './shared.ts';

export const plan = object({
  function: z.string(),
  account: z.string(),
  region: z.string(),
  lever: z.string(),
  steps: z.array(killStep),
  consequences: texts,
  forecasts: z
    .array(
      object({
        source: z.string(),
        deadLetterQueue: z.string().nullable(),
        lever: z.string(),
        messages: z.number().nullable().describe('null: nobody knows how many wait'),
        withinSeconds: z.number().nullable().describe('null: none is moved'),
      }),
    )
    .optional()
    .describe('messages that each lever would move to a dead-letter queue'),
  refusals: texts.describe('empty: it may go ahead'),
});

export const kill = object({
  format: z.literal('firebreak-kill/1'),
  kind: z.string().describe('dry-run, killed, or what was found instead'),
  plan,
  record: killRecord.optional().describe('absent in a dry run'),
  undo: z.string().optional().describe('the command that puts everything back; absent in a dry run'),
});

export const restore = object({
  format: z.literal('firebreak-restore/1'),
  kind: z.string().describe('dry-run, restored, not-killed, or how far a canary came'),
  record: killRecord.nullable(),
  steps: z.array(
    killStep.extend({
      setting: z.string(),
      now: z.union([z.boolean(), z.number(), z.null()]).optional().describe('absent: not known'),
      verdict: z.string(),
    }),
  ),
});

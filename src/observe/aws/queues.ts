import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
} from '@aws-sdk/client-sqs';
import pLimit from 'p-limit';
import * as z from 'zod';
import { type EpochMs, MINUTE_MS } from '../../model/time.ts';
import type { MoveTask, QueueDepth, ReadGap } from '../../model/window.ts';
import { parseArn } from './arn.ts';
import { latestDepth } from './attention.ts';
import type { Operation } from './calls.ts';
import { isStill } from './depth-history.ts';
import { failureOf, gapOf } from './failure.ts';
import type { KnownQueue, SourceMemory } from './memory.ts';
import type { Due } from './reading-plan.ts';
import { call, type Wire } from './wire.ts';

/** Queues read at once; SQS publishes no quota for these calls. */
export const QUEUES_AT_ONCE = 10;
/** A dead-letter queue may have one of its own; deeper chains than this are not followed. */
const CHAIN_MAX = 3;
/** Move tasks last minutes to hours: a list this old is fresh enough. */
const MOVE_TASKS_TTL_MS = 5 * MINUTE_MS;
/** ListMessageMoveTasks returns at most the ten newest (SQS API reference, 2026-08). */
const MOVE_TASKS_MAX = 10;

export interface QueuesRead {
  readonly queues: ReadonlyMap<string, KnownQueue>;
  readonly depths: ReadonlyMap<string, QueueDepth>;
  readonly gaps: readonly ReadGap[];
}

/** What SQS said of a queue, as it said it: interpreted by whoever knows what was known before. */
export type QueueReply =
  | { readonly url: string; readonly attributes?: unknown }
  | { readonly gap: ReadGap; readonly isGone: boolean };

/** Asks for a queue's attributes; without its URL for that as well. Never throws. */
export type AskQueue = (name: string, url: string | undefined) => Promise<QueueReply>;

/**
 * Reads these queues and their dead-letter queues, as far as they are due. One call a queue gives settings and depth alike, so
 * both are equally fresh. A queue that is not due, or cannot be read, keeps its last known settings and has no depth.
 */
export async function readQueues(
  ask: AskQueue,
  names: ReadonlySet<string>,
  known: SourceMemory['queues'],
  { now, due = () => 1 }: { readonly now: EpochMs; readonly due?: Due | undefined },
): Promise<QueuesRead> {
  const queues = new Map<string, KnownQueue>();
  const depths = new Map<string, QueueDepth>();
  const gaps: ReadGap[] = [];
  const tried = new Set<string>();
  let wanted = [...names];
  for (let round = 0; round <= CHAIN_MAX && wanted.length > 0; round++) {
    for (const name of wanted) tried.add(name);
    const asked = mostDueFirst(wanted, known, due);
    const replies = new Map(
      await pLimit(QUEUES_AT_ONCE).map(asked, async (name) => [name, await ask(name, known.get(name)?.url)]),
    );
    for (const name of wanted) {
      const before = known.get(name);
      const reply = replies.get(name);
      const answer = reply === undefined ? unasked(before) : answerOf({ name, known: before, now }, reply);
      if (answer.queue !== null) queues.set(answer.queue.name, answer.queue);
      if (answer.queue !== null && answer.depth !== null) depths.set(answer.queue.name, answer.depth);
      gaps.push(...answer.gaps);
    }
    wanted = [...deadLetterQueues(queues)].filter((name) => !tried.has(name));
  }
  return { queues, depths, gaps };
}

/** Those that are due. Where the time does not suffice for all, the last ones wait, and are the first ones at the next tick. */
function mostDueFirst(names: readonly string[], known: SourceMemory['queues'], due: Due): string[] {
  const ranked = names.map((name) => ({
    name,
    rank: known.has(name) ? due(name) : Number.POSITIVE_INFINITY,
  }));
  return ranked
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => (a.rank === b.rank ? 0 : b.rank - a.rank))
    .map(({ name }) => name);
}

/** Names of the queues that another queue's redrive policy points to. */
function deadLetterQueues(queues: ReadonlyMap<string, KnownQueue>): ReadonlySet<string> {
  return new Set(
    [...queues.values()].flatMap(({ redrive }) => (redrive === null ? [] : [redrive.deadLetterQueue])),
  );
}

interface QueueAnswer {
  readonly queue: KnownQueue | null;
  readonly depth: QueueDepth | null;
  readonly gaps: readonly ReadGap[];
}

function unasked(known: KnownQueue | undefined): QueueAnswer {
  return { queue: known ?? null, depth: null, gaps: [] };
}

function answerOf(about: QueueAsked, reply: QueueReply): QueueAnswer {
  if (!('gap' in reply)) return attributesOf({ ...about, url: reply.url }, reply.attributes);
  // The queue was deleted: nothing that was known of it still holds.
  return { queue: reply.isGone ? null : (about.known ?? null), depth: null, gaps: [reply.gap] };
}

/** Asks SQS itself. */
export function queueAsker(wire: Wire): AskQueue {
  return async (name, known) => {
    let url = known;
    try {
      url ??= await queueUrl(wire, name);
    } catch (error) {
      return replyTo(error, 'GetQueueUrl', name);
    }
    return askAttributes(wire, name, url);
  };
}

/** All attributes of a queue whose URL is known. */
export async function askAttributes(wire: Wire, name: string, url: string): Promise<QueueReply> {
  const operation = 'GetQueueAttributes';
  try {
    const output = await call(wire, operation, (options) =>
      wire.clients.sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
        options,
      ),
    );
    return { url, attributes: output.Attributes };
  } catch (error) {
    return replyTo(error, operation, name);
  }
}

function replyTo(error: unknown, operation: Operation, name: string): QueueReply {
  return { gap: gapOf(error, operation, name), isGone: failureOf(error, operation).kind === 'missing' };
}

async function queueUrl(wire: Wire, name: string): Promise<string> {
  const output = await call(wire, 'GetQueueUrl', (options) =>
    wire.clients.sqs.send(new GetQueueUrlCommand({ QueueName: name }), options),
  );
  return z.string('QueueUrl is missing in the answer').min(1).parse(output.QueueUrl);
}

/** SQS gives every number as text. */
const numeral = z.string().regex(/^\d+$/, 'expected a number').transform(Number);
const settingsSchema = z.object({
  QueueArn: z.string().min(1),
  VisibilityTimeout: numeral,
  MessageRetentionPeriod: numeral.refine((seconds) => seconds > 0, 'expected more than 0'),
});
const depthSchema = z.object({
  ApproximateNumberOfMessages: numeral,
  ApproximateNumberOfMessagesNotVisible: numeral,
});
const redriveSchema = z.object({
  deadLetterTargetArn: z.string().transform((arn, context) => {
    const queue = parseArn(arn)?.resource;
    if (queue) return queue;
    context.addIssue('expected the ARN of a queue');
    return z.NEVER;
  }),
  maxReceiveCount: z.coerce.number().int().positive(),
});

interface QueueAsked {
  readonly name: string;
  readonly known: KnownQueue | undefined;
  readonly now: EpochMs;
}

/** Parses an Attributes map; what is missing or malformed is a gap, and the rest still counts. */
export function attributesOf(about: QueueAsked & { readonly url: string }, attributes: unknown): QueueAnswer {
  const { name, known } = about;
  const gaps: ReadGap[] = [];
  const attempt = <T>(schema: z.ZodType<T>, value: unknown, field: string): T | null => {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    const issue = result.error.issues[0];
    const path = issue?.path.length ? issue.path.join('.') : field;
    gaps.push({
      resource: name,
      operation: 'GetQueueAttributes',
      reason: `${path}: ${issue?.message ?? 'unreadable'}`,
    });
    return null;
  };
  const settings = attempt(settingsSchema, attributes, 'Attributes');
  const depth = attempt(depthSchema, attributes, 'Attributes');
  const policy = (attributes as Record<string, unknown> | null | undefined)?.['RedrivePolicy'];
  const redrive = policy === undefined ? null : attempt(redriveSchema, parseJson(policy), 'RedrivePolicy');
  const queue: KnownQueue | null =
    settings === null
      ? (known ?? null)
      : {
          name,
          url: about.url,
          arn: settings.QueueArn,
          visibilityTimeoutSeconds: settings.VisibilityTimeout,
          messageRetentionSeconds: settings.MessageRetentionPeriod,
          redrive:
            redrive === null
              ? // An unreadable policy is not the absence of one.
                policy === undefined
                ? null
                : (known?.redrive ?? null)
              : { deadLetterQueue: redrive.deadLetterTargetArn, maxReceiveCount: redrive.maxReceiveCount },
        };
  return {
    queue,
    depth:
      depth === null
        ? null
        : {
            readAt: about.now,
            visible: depth.ApproximateNumberOfMessages,
            notVisible: depth.ApproximateNumberOfMessagesNotVisible,
          },
    gaps,
  };
}

function parseJson(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

const taskSchema = z.object({
  StartedTimestamp: z.number().positive(),
  Status: z.enum(['RUNNING', 'COMPLETED', 'CANCELLING', 'CANCELLED', 'FAILED']),
  ApproximateNumberOfMessagesMoved: z.number().nonnegative().default(0),
});

/**
 * The newest move tasks of every dead-letter queue; read anew only when the last list is five minutes old. One that has stood
 * empty has nothing to move, and is not asked.
 */
export async function readMoveTasks(
  wire: Wire,
  { queues, moveTasks: before, depths }: Pick<SourceMemory, 'queues' | 'moveTasks' | 'depths'>,
  now: EpochMs,
): Promise<{
  readonly moveTasks: NonNullable<SourceMemory['moveTasks']>;
  readonly gaps: readonly ReadGap[];
}> {
  if (before !== null && now - before.readAt < MOVE_TASKS_TTL_MS && now >= before.readAt) {
    return { moveTasks: before, gaps: [] };
  }
  const limit = pLimit(QUEUES_AT_ONCE);
  const gaps: ReadGap[] = [];
  const sources = [...deadLetterQueues(queues)].flatMap((name) =>
    isEmpty(depths, name) ? [] : (queues.get(name) ?? []),
  );
  const lists = await Promise.all(
    sources.map(async (queue) => {
      const tasks = await limit(() => tasksOf(wire, queue, gaps));
      return tasks ?? before?.items.filter((task) => task.queue === queue.name) ?? [];
    }),
  );
  return { moveTasks: { readAt: now, items: lists.flat() }, gaps };
}

/** Readings without a message after which a dead-letter queue is taken to hold none. */
const EMPTY_READINGS_MIN = 10;

function isEmpty(depths: SourceMemory['depths'], name: string): boolean {
  return latestDepth(depths, name) === 0 && isStill(depths, name, EMPTY_READINGS_MIN);
}

/** `null`: they could not be read. */
async function tasksOf(wire: Wire, queue: KnownQueue, gaps: ReadGap[]): Promise<MoveTask[] | null> {
  try {
    const output = await call(wire, 'ListMessageMoveTasks', (options) =>
      wire.clients.sqs.send(
        new ListMessageMoveTasksCommand({ SourceArn: queue.arn, MaxResults: MOVE_TASKS_MAX }),
        options,
      ),
    );
    return (output.Results ?? []).map((result) => {
      const task = taskSchema.parse(result);
      return {
        queue: queue.name,
        startedAt: task.StartedTimestamp,
        status: task.Status,
        moved: task.ApproximateNumberOfMessagesMoved,
      };
    });
  } catch (error) {
    gaps.push(gapOf(error, 'ListMessageMoveTasks', queue.name));
    return null;
  }
}

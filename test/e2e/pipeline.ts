import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  GetFunctionConcurrencyCommand,
  UpdateFunctionCodeCommand,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import { CreateQueueCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { onTestFinished } from 'vitest';
import { type Behaviour, handlerSource, type JournalEntry } from './handlers.ts';
import { REGION, type World } from './world.ts';
import { zipOf } from './zip.ts';

export interface PipelineSettings {
  readonly name: string;
  readonly behaviour: Behaviour;
  readonly visibilityTimeoutSeconds: number;
  readonly timeoutSeconds: number;
  readonly maxReceiveCount: number;
  readonly batchSize: number;
  /** How long an invocation works before it succeeds or fails. */
  readonly workSeconds: number;
  readonly memoryMB: number;
  readonly partialBatchResponses: boolean;
  readonly maximumConcurrency: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** A queue with a dead-letter queue, and a function that a mapping feeds from it. */
export interface Pipeline {
  readonly functionName: string;
  readonly queueName: string;
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly deadLetterQueueName: string;
  readonly deadLetterQueueUrl: string;
  readonly deadLetterQueueArn: string;
  readonly mappingId: string;
  readonly journal: string;
}

const DEFAULTS: PipelineSettings = {
  name: 'orders',
  behaviour: 'healthy',
  visibilityTimeoutSeconds: 60,
  timeoutSeconds: 30,
  maxReceiveCount: 1_000,
  batchSize: 10,
  workSeconds: 3,
  memoryMB: 512,
  partialBatchResponses: false,
  maximumConcurrency: 5,
  tags: {},
};

/**
 * Creates one in the world's account. Its mapping ends with the test, so that it burns nothing afterwards. `whenFinished`: that test's own
 * hook, where several run side by side.
 */
export async function createPipeline(
  world: World,
  settings: Partial<PipelineSettings> = {},
  whenFinished: (end: () => Promise<void>) => void = onTestFinished,
): Promise<Pipeline> {
  const wanted = { ...DEFAULTS, ...settings };
  const functionName = `${wanted.name}-worker`;
  const journal = join(world.folder, `${functionName}.journal`);
  const deadLetters = await createQueue(world, `${wanted.name}-dlq`, {});
  const queue = await createQueue(world, wanted.name, {
    VisibilityTimeout: String(wanted.visibilityTimeoutSeconds),
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: deadLetters.arn,
      maxReceiveCount: wanted.maxReceiveCount,
    }),
  });
  await createFunction(world, functionName, journal, wanted);
  const { UUID: mappingId } = await world.lambda.send(
    new CreateEventSourceMappingCommand({
      FunctionName: functionName,
      EventSourceArn: queue.arn,
      BatchSize: wanted.batchSize,
      ScalingConfig: { MaximumConcurrency: wanted.maximumConcurrency },
      ...(wanted.partialBatchResponses ? { FunctionResponseTypes: ['ReportBatchItemFailures'] } : {}),
      // Whoever opts a function in opts its mappings in.
      Tags: { ...wanted.tags },
    }),
  );
  if (mappingId === undefined) throw new Error('the mapping has no id');
  whenFinished(async () => {
    await world.lambda.send(new DeleteEventSourceMappingCommand({ UUID: mappingId }));
  });
  return {
    functionName,
    queueName: wanted.name,
    queueUrl: queue.url,
    queueArn: queue.arn,
    deadLetterQueueName: `${wanted.name}-dlq`,
    deadLetterQueueUrl: deadLetters.url,
    deadLetterQueueArn: deadLetters.arn,
    mappingId,
    journal,
  };
}

export async function createQueue(
  world: World,
  name: string,
  attributes: Readonly<Record<string, string>>,
): Promise<{ readonly url: string; readonly arn: string }> {
  const { QueueUrl: url } = await world.sqs.send(
    new CreateQueueCommand({ QueueName: name, Attributes: attributes }),
  );
  if (url === undefined) throw new Error(`queue ${name} has no URL`);
  return { url, arn: `arn:aws:sqs:${REGION}:${world.account}:${name}` };
}

async function createFunction(
  world: World,
  name: string,
  journal: string,
  wanted: PipelineSettings,
): Promise<void> {
  await world.lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Role: `arn:aws:iam::${world.account}:role/worker`,
      MemorySize: wanted.memoryMB,
      Timeout: wanted.timeoutSeconds,
      Architectures: ['arm64'],
      Environment: {
        Variables: { JOURNAL: journal, WORK_MS: String(world.real(wanted.workSeconds * 1_000)) },
      },
      Code: { ZipFile: zipOf('index.js', handlerSource(wanted.behaviour)) },
      Tags: { ...wanted.tags },
    }),
  );
  await waitUntilFunctionActiveV2(
    { client: world.lambda, maxWaitTime: 10, minDelay: 1 },
    { FunctionName: name },
  );
}

/** Deploys other code, as a person who fixes the bug does. */
export async function deploy(world: World, pipeline: Pipeline, behaviour: Behaviour): Promise<void> {
  await world.lambda.send(
    new UpdateFunctionCodeCommand({
      FunctionName: pipeline.functionName,
      ZipFile: zipOf('index.js', handlerSource(behaviour)),
    }),
  );
}

/** Sends messages with bodies of their own, `<prefix>-<n>`, and returns the bodies. */
export async function flood(
  world: World,
  { queueUrl }: Pick<Pipeline, 'queueUrl'>,
  count: number,
  prefix = 'order',
): Promise<readonly string[]> {
  const bodies = Array.from({ length: count }, (_, n) => `${prefix}-${n}`);
  for (let first = 0; first < count; first += 10) {
    const entries = bodies.slice(first, first + 10).map((body, n) => ({ Id: String(n), MessageBody: body }));
    await world.sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }));
  }
  return bodies;
}

/** Where every message is. A body may be processed twice (delivery is at least once), and is listed once. */
export interface Ledger {
  readonly queued: readonly string[];
  readonly deadLettered: readonly string[];
  readonly processed: readonly string[];
}

/** Read without receiving anything: receive counts stay as they are. */
export async function ledger(world: World, pipeline: Pipeline): Promise<Ledger> {
  const queued = await messagesIn(world, pipeline.queueUrl);
  const deadLettered = await messagesIn(world, pipeline.deadLetterQueueUrl);
  const processed = journal(pipeline).filter(({ event }) => event === 'processed');
  return { queued, deadLettered, processed: [...new Set(processed.map(({ body }) => body))] };
}

/** Every body that is anywhere, sorted: equal to what was sent when no message is lost or doubled. */
export function everything({ queued, deadLettered, processed }: Ledger): readonly string[] {
  return [...queued, ...deadLettered, ...processed].sort();
}

async function messagesIn(world: World, queueUrl: string): Promise<readonly string[]> {
  const query = new URLSearchParams({ account: world.account, QueueUrl: queueUrl });
  const response = await fetch(`${world.endpoint}/_ministack/sqs/messages?${query}`);
  const { messages } = (await response.json()) as {
    readonly messages: Record<string, Record<string, Record<string, readonly { readonly Body: string }[]>>>;
  };
  return (messages[world.account]?.[REGION]?.[queueUrl] ?? []).map(({ Body }) => Body);
}

/** What the worker did, oldest first. */
export function journal(pipeline: Pipeline): readonly JournalEntry[] {
  if (!existsSync(pipeline.journal)) return [];
  return readFileSync(pipeline.journal, 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as JournalEntry);
}

/** Everything a kill switch may touch. */
export async function settingsOf(world: World, pipeline: Pipeline) {
  const { LastModified, StateTransitionReason, LastProcessingResult, $metadata, ...mapping } =
    await world.lambda.send(new GetEventSourceMappingCommand({ UUID: pipeline.mappingId }));
  const { ReservedConcurrentExecutions } = await world.lambda.send(
    new GetFunctionConcurrencyCommand({ FunctionName: pipeline.functionName }),
  );
  return { mapping, reservedConcurrency: ReservedConcurrentExecutions ?? null };
}

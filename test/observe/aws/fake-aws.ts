import { Readable } from 'node:stream';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { LambdaClient, type LambdaClientConfig } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import type { AwsClients } from '../../../src/observe/aws/clients.ts';
import { answerCloudWatch } from './fake-cloudwatch.ts';
import { answerLambda } from './fake-lambda.ts';
import { answerSqs } from './fake-sqs.ts';

export const ACCOUNT = '111122223333';
export const REGION = 'us-east-1';

/** What the fake answers with: a body as JSON or XML, or an error that the SDK knows by its code. */
export type Answer =
  | { readonly body: unknown }
  | { readonly xml: string }
  | { readonly status: number; readonly code: string; readonly message?: string };

/** One call as it came over the wire. */
export interface Seen {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface FakeFunction {
  readonly name: string;
  readonly config?: Readonly<Record<string, unknown>>;
  /** Absent: no reservation. */
  readonly reservedConcurrency?: number;
  readonly tags?: Readonly<Record<string, string>>;
  readonly eventInvokeConfig?: Readonly<Record<string, unknown>>;
}

export interface FakeQueue {
  readonly name: string;
  readonly visible?: number;
  readonly notVisible?: number;
  readonly deadLetterQueue?: string;
  readonly maxReceiveCount?: number;
  /** Over the attributes that are answered otherwise; `undefined` leaves one out. */
  readonly attributes?: Readonly<Record<string, string | undefined>>;
  readonly moveTasks?: readonly Readonly<Record<string, unknown>>[];
}

/** A metric's datapoints by epoch ms of the minute. All statistics show the same value. */
export interface FakeMetric {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly points: ReadonlyMap<number, number>;
}

/** State of the pretended account; tests change it between ticks. */
export interface FakeState {
  functions: FakeFunction[];
  mappings: Readonly<Record<string, unknown>>[];
  queues: FakeQueue[];
  metrics: FakeMetric[];
  functionsPerPage: number;
  metricsPerPage: number;
  /** Datapoints in one page of GetMetricData. */
  datapointsPerPage: number;
  /** An answer instead of the right one. */
  fault: (seen: Seen) => Answer | undefined;
  /** Changes a right answer before it is sent. */
  tamper: (seen: Seen, body: unknown) => unknown;
}

export interface FakeAws {
  /** Answers one HTTP request: what its clients get, and what a server may serve. */
  respond(request: WireRequest): WireResponse;
  readonly state: FakeState;
  readonly clients: AwsClients;
  /** For clients of other services. */
  readonly config: LambdaClientConfig;
  /** Every call, retries included, in order. */
  readonly calls: Seen[];
  count(operation: string): number;
}

/** An AWS account behind the SDK's own HTTP layer: what the SDK sends is parsed, what it gets is the wire format. */
export function fakeAws(initial: Partial<FakeState> = {}): FakeAws {
  const state: FakeState = {
    functions: [],
    mappings: [],
    queues: [],
    metrics: [],
    functionsPerPage: 50,
    metricsPerPage: 500,
    datapointsPerPage: 100_800,
    fault: () => undefined,
    tamper: (_, body) => body,
    ...initial,
  };
  const calls: Seen[] = [];
  const respond = (request: WireRequest): WireResponse => {
    const seen = understand(request);
    calls.push(seen);
    const answer = state.fault(seen) ?? right(state, seen);
    if ('xml' in answer) return response(200, answer.xml, { 'content-type': 'text/xml' });
    return 'body' in answer ? json(200, state.tamper(seen, answer.body)) : failure(seen, answer);
  };
  const requestHandler = {
    handle: async (request: WireRequest) => {
      const { statusCode, headers, body } = respond(request);
      return { response: { statusCode, headers: { ...headers }, body: Readable.from([Buffer.from(body)]) } };
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
  const config = {
    region: REGION,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 2,
    requestHandler,
  };
  const clients = {
    lambda: new LambdaClient(config),
    sqs: new SQSClient(config),
    cloudWatch: new CloudWatchClient(config),
    sts: new STSClient(config),
  };
  return {
    state,
    clients,
    config,
    respond,
    calls,
    count: (operation) => calls.filter((seen) => seen.operation === operation).length,
  };
}

export function functionArn(name: string): string {
  return `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;
}

export function queueArn(name: string, account = ACCOUNT): string {
  return `arn:aws:sqs:${REGION}:${account}:${name}`;
}

/** A mapping from a queue to a function. */
export function mapping(
  functionName: string,
  eventSourceArn: string,
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return {
    UUID: `uuid-${functionName}-${eventSourceArn.slice(-8)}`,
    FunctionArn: functionArn(functionName),
    EventSourceArn: eventSourceArn,
    State: 'Enabled',
    BatchSize: 10,
    ...more,
  };
}

export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface WireResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const LAMBDA_ROUTES: readonly (readonly [RegExp, string])[] = [
  [/\/functions\/([^/]+)\/concurrency$/, 'GetFunctionConcurrency'],
  [/\/functions\/([^/]+)\/event-invoke-config$/, 'GetFunctionEventInvokeConfig'],
  [/\/functions\/([^/]+)\/recursion-config$/, 'GetFunctionRecursionConfig'],
  [/\/functions\/([^/]+)\/provisioned-concurrency$/, 'ListProvisionedConcurrencyConfigs'],
  [/\/functions\/([^/]+)\/policy$/, 'GetPolicy'],
  [/\/functions\/([^/]+)$/, 'GetFunction'],
  [/\/functions\/?$/, 'ListFunctions'],
  [/\/event-source-mappings\/?$/, 'ListEventSourceMappings'],
  [/\/tags\/(.+)$/, 'ListTags'],
  [/\/account-settings\/?$/, 'GetAccountSettings'],
];

const ACCESS_ANALYZER_ROUTES: readonly (readonly [RegExp, string])[] = [
  [/^\/analyzer$/, 'ListAnalyzers'],
  [/^\/findingv2$/, 'ListFindingsV2'],
  [/^\/findingv2\/(?<id>[^/]+)$/, 'GetFindingV2'],
];

function understand(request: WireRequest): Seen {
  const target = request.headers['x-amz-target'] ?? request.headers['X-Amz-Target'];
  if (target !== undefined) {
    return { operation: target.split('.').at(-1) ?? '', input: JSON.parse(textOf(request.body) || '{}') };
  }
  for (const [pattern, operation] of LAMBDA_ROUTES) {
    const match = pattern.exec(request.path);
    if (match) return { operation, input: { ...request.query, name: decodeURIComponent(match[1] ?? '') } };
  }
  for (const [pattern, operation] of ACCESS_ANALYZER_ROUTES) {
    const match = pattern.exec(request.path);
    if (match) {
      const body = JSON.parse(textOf(request.body) || '{}');
      return { operation, input: { ...request.query, ...body, ...match.groups } };
    }
  }
  return { operation: new URLSearchParams(textOf(request.body)).get('Action') ?? request.path, input: {} };
}

function textOf(body: unknown): string {
  if (typeof body === 'string') return body;
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : '';
}

function right(state: FakeState, seen: Seen): Answer {
  if (seen.operation === 'GetCallerIdentity') return { xml: IDENTITY };
  return (
    answerLambda(state, seen) ??
    answerSqs(state, seen) ??
    answerCloudWatch(state, seen) ?? { status: 500, code: 'FakeHasNoSuchOperation', message: seen.operation }
  );
}

const IDENTITY = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
<GetCallerIdentityResult><Arn>arn:aws:iam::${ACCOUNT}:user/me</Arn><UserId>me</UserId><Account>${ACCOUNT}</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>`;

function failure(seen: Seen, error: Extract<Answer, { status: number }>): WireResponse {
  const { status, code, message = code } = error;
  if (seen.operation === 'GetCallerIdentity') {
    const xml = `<ErrorResponse><Error><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
    return response(status, xml, { 'content-type': 'text/xml' });
  }
  return json(status, { __type: code, message }, { 'x-amzn-errortype': code });
}

function json(
  statusCode: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): WireResponse {
  return response(statusCode, JSON.stringify(body), { 'content-type': 'application/json', ...headers });
}

function response(statusCode: number, body: string, headers: Readonly<Record<string, string>>): WireResponse {
  return { statusCode, headers, body };
}

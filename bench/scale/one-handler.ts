import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { bundleHandler } from '../../infra/build/bundle.ts';
import { VARIABLES } from '../../src/handlers/variables.ts';
import { MINUTE_MS } from '../../src/model/time.ts';
import { type FakeMetric, fakeAws, mapping, queueArn } from '../../test/observe/aws/fake-aws.ts';
import { toolchain } from '../../test/toolchain/toolchain.ts';

/**
 * The bundle of the tick on the Node that Lambda has, over HTTP against an account of a hundred functions and as many queues,
 * half of which are dead-letter queues, in default settings: GetFunction is denied. A minute passes between two ticks.
 */
export interface HandlerMeasure {
  readonly functions: number;
  readonly bundleKB: number;
  /** CPU of loading the bundle: what a cold start takes at full speed, without starting Node itself. */
  readonly loadMs: number;
  readonly ticks: readonly TickCost[];
}

export interface TickCost {
  readonly cpuMs: number;
  /** Waiting for a turn, mostly: the network takes no time here. */
  readonly waitMs: number;
}

const FUNCTIONS = 100;
const TICKS = 42;

const names = Array.from({ length: FUNCTIONS }, (_, i) => `worker-${i}`);
const fed = names.filter((_, i) => i % 2 === 0);
const nowAt = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
const minutes = Array.from({ length: 180 + TICKS }, (_, i) => nowAt + (i - 180) * MINUTE_MS);
const steady = (of: (minute: number) => number) => new Map(minutes.map((at, i) => [at, of(i)] as const));
const metrics: readonly FakeMetric[] = names.flatMap((FunctionName, i) =>
  i % 3 !== 0
    ? []
    : ['Invocations', 'Duration', 'ConcurrentExecutions'].map((metric) => ({
        namespace: 'AWS/Lambda',
        metric,
        dimensions: { FunctionName },
        points: steady((minute) => ((minute + i) % 7) + (metric === 'Duration' ? 900 : 1)),
      })),
);

const aws = fakeAws({
  functions: names.map((name) => ({ name })),
  mappings: fed.map((name) => mapping(name, queueArn(`${name}-jobs`))),
  queues: fed.flatMap((name) => [
    { name: `${name}-jobs`, deadLetterQueue: `${name}-dlq` },
    { name: `${name}-dlq` },
  ]),
  metrics: [...metrics],
  fault: ({ operation }) =>
    operation === 'GetFunction' ? { status: 403, code: 'AccessDeniedException' } : undefined,
});

/** A table in which nothing is kept, beside the account. */
const server = createServer(async (request: IncomingMessage, response) => {
  const body = await text(request);
  const target = String(request.headers['x-amz-target'] ?? '');
  if (target.startsWith('DynamoDB')) {
    const answer = target.endsWith('Query') ? { Items: [], Count: 0 } : {};
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(answer));
    return;
  }
  const url = new URL(request.url ?? '/', 'http://fake');
  const answer = aws.respond({
    method: request.method ?? 'GET',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: Object.fromEntries(Object.entries(request.headers).map(([key, value]) => [key, String(value)])),
    body,
  });
  response.writeHead(answer.statusCode, { ...answer.headers }).end(answer.body);
});

const script = (bundle: string) => `
  const Real = Date;
  let passedMs = 0;
  globalThis.Date = class extends Real {
    constructor(...args) { args.length === 0 ? super(Real.now() + passedMs) : super(...args); }
    static now() { return Real.now() + passedMs; }
  };
  const cpu = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = () => true;
  const before = cpu();
  const { handler } = await import(${JSON.stringify(bundle)});
  const loadMs = cpu() - before;
  const ticks = [];
  for (let i = 0; i < ${TICKS}; i++) {
    const [fromCpu, from] = [cpu(), performance.now()];
    await handler({}, { awsRequestId: 'bench' });
    const cpuMs = cpu() - fromCpu;
    ticks.push({ cpuMs, waitMs: Math.max(0, performance.now() - from - cpuMs) });
    // Turns are counted by a clock of their own: those of the last tick are over.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    passedMs += ${MINUTE_MS} - 1_100;
  }
  write(JSON.stringify({ loadMs, ticks }));
  process.exit();`;

await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const folder = await mkdtemp(join(tmpdir(), 'firebreak-bench-'));
try {
  await bundleHandler('tick', folder);
  const bundle = join(folder, 'tick.mjs');
  const { node24 } = await toolchain();
  const { stdout } = await promisify(execFile)(node24, ['--input-type=module', '-e', script(bundle)], {
    maxBuffer: 64 * 1024 * 1024,
    env: {
      [VARIABLES.monitor]: 'bench',
      [VARIABLES.table]: 'state',
      [VARIABLES.eventBus]: 'bus',
      [VARIABLES.alertTopicArn]: 'arn:aws:sns:us-east-1:111122223333:alerts',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
    },
  });
  const { size } = await stat(bundle);
  const measured = JSON.parse(stdout) as Pick<HandlerMeasure, 'loadMs' | 'ticks'>;
  process.stdout.write(JSON.stringify({ functions: FUNCTIONS, bundleKB: size / 1_000, ...measured }));
} finally {
  server.close();
  server.closeAllConnections();
  await rm(folder, { recursive: true, force: true });
}

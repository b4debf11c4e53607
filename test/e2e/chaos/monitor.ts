import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { bundleHandler } from '../../../infra/build/bundle.ts';
import type { KillEvent } from '../../../src/handlers/kill-event.ts';
import { VARIABLES } from '../../../src/handlers/variables.ts';
import { dynamoStore } from '../../../src/store/dynamo/dynamo-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { openTopicInbox, type TopicMessage } from '../inboxes.ts';
import { createPipeline, type Pipeline } from '../pipeline.ts';
import { createTable } from '../table.ts';
import { REGION, type World } from '../world.ts';
import { type Act, type Call, type FaultyProxy, openProxy } from './faulty-proxy.ts';
import { type Ended, type LambdaProcess, lambdaProcess } from './lambda-process.ts';
import { seedLoop } from './seeded-loop.ts';

const TABLE = 'firebreak';
const KILL_FUNCTION = 'firebreak-kill';
const CONFIG = {
  pageUsd: 0.001,
  kill: { mode: 'auto', minimumWastedUsd: 0, maximumFleetShare: 1 },
};

/** The deployed handlers, each in a process of its own, behind a proxy; and a runaway that opted in. */
export interface Monitor {
  readonly world: World;
  readonly pipeline: Pipeline;
  readonly proxy: FaultyProxy;
  /** What is stored, read past the proxy. */
  readonly store: Store;
  /** What processes that begin from now on are given. */
  readonly setup: { jumpMs: number; clockSpeed: number; config: string };
  /** Everything that was told over the topic. */
  heard(): Promise<readonly TopicMessage[]>;
  /** Runs ticks at once, then the kills that they asked for. */
  minute(atOnce?: number): Promise<readonly Ended[]>;
  kill(event: KillEvent): Promise<Ended>;
  /** Processes begin anew with the next invocation. */
  restart(): void;
  /** What the handlers have logged. */
  log(): string;
}

export interface Bundles {
  readonly tick: string;
  readonly kill: string;
}

export async function bundleHandlers(folder: string): Promise<Bundles> {
  await mkdir(folder, { recursive: true });
  await Promise.all([bundleHandler('tick', folder), bundleHandler('kill', folder)]);
  return { tick: join(folder, 'tick.mjs'), kill: join(folder, 'kill.mjs') };
}

/** Sets one up in the world's account; it ends with the test whose hook is given. */
export async function openMonitor(
  world: World,
  bundles: Bundles,
  whenFinished: (end: () => Promise<void>) => void,
): Promise<Monitor> {
  const [inbox, pipeline] = await Promise.all([
    openTopicInbox(world, 'alerts'),
    createPipeline(
      world,
      { behaviour: 'throws', memoryMB: 10_240, tags: { 'firebreak:kill': 'allowed' } },
      whenFinished,
    ),
    createTable(world.dynamo, TABLE),
  ]);
  await seedLoop(world, pipeline);
  const asked: KillEvent[] = [];
  const processes: LambdaProcess[] = [];
  const restart = () => {
    for (const process of processes) process.kill();
  };
  const proxy = await openProxy({
    target: world.endpoint,
    crash: restart,
    // Lambda's part in an asynchronous invocation: it takes the event, and hands it over later.
    instead: ({ operation, body }) => {
      const isKill = operation === `POST /functions/${KILL_FUNCTION}/invocations`;
      if (isKill) asked.push(JSON.parse(body) as KillEvent);
      return isKill;
    },
  });
  const clockSpeed = inject('emulator')?.clock.speed ?? 1;
  const setup = { jumpMs: 0, clockSpeed, config: JSON.stringify(CONFIG) };
  const env = () => environment(world, proxy.endpoint, inbox.topicArn, setup);
  const ticks = [lambdaProcess(bundles.tick, env), lambdaProcess(bundles.tick, env)];
  const kills = [lambdaProcess(bundles.kill, env), lambdaProcess(bundles.kill, env)];
  processes.push(...ticks, ...kills);
  whenFinished(async () => {
    restart();
    await proxy.close();
  });
  const heard: TopicMessage[] = [];
  const atOnce = (some: readonly LambdaProcess[], count: number, event: unknown) =>
    Promise.all(some.slice(0, count).map((process) => process.invoke(event)));
  return {
    world,
    pipeline,
    proxy,
    setup,
    store: dynamoStore(TABLE, world.dynamo),
    restart,
    log: () => processes.map(({ log }) => log()).join(''),
    async heard() {
      for (;;) {
        const some = await inbox.read();
        if (some.length === 0) return heard;
        heard.push(...some);
      }
    },
    async minute(count = 1) {
      const ended = await atOnce(ticks, count, {});
      for (const event of asked.splice(0)) await atOnce(kills, count, event);
      return ended;
    },
    async kill(event) {
      const [ended = 'died'] = await atOnce(kills, 1, event);
      return ended;
    },
  };
}

/** What the stack gives the handlers, and Lambda; nothing else of this machine. */
function environment(
  { account, now }: World,
  endpoint: string,
  alertTopicArn: string,
  { jumpMs, clockSpeed, config }: Monitor['setup'],
): Record<string, string> {
  const originAt = (clockSpeed * Date.now() - now() - jumpMs) / (clockSpeed - 1);
  return {
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: 'emulated',
    AWS_REGION: REGION,
    AWS_ENDPOINT_URL: endpoint,
    // It tells what the emulated clock does when the process begins, and `jumpMs` more.
    FIREBREAK_EMULATOR_ORIGIN_SECONDS: String(originAt / 1_000),
    FIREBREAK_EMULATOR_SPEED: String(clockSpeed),
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    [VARIABLES.monitor]: 'chaos',
    [VARIABLES.config]: config,
    [VARIABLES.table]: TABLE,
    [VARIABLES.eventBus]: 'default',
    [VARIABLES.alertTopicArn]: alertTopicArn,
    [VARIABLES.killFunction]: KILL_FUNCTION,
  };
}

/** The nth call and those after it whose operation and body match. */
export function at(pattern: RegExp, act: Act, { nth = 1, times = 1 } = {}): (call: Call) => Act | null {
  let calls = 0;
  return ({ operation, body }) => {
    if (!pattern.test(`${operation} ${body}`)) return null;
    calls += 1;
    return calls >= nth && calls < nth + times ? act : null;
  };
}

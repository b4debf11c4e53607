import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { EmulatedClock } from './clock.ts';
import { freePort } from './free-port.ts';

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 5_000;
const wrapper = join(import.meta.dirname, 'firebreak_ministack.py');
const functionClock = join(import.meta.dirname, 'function-clock.cjs');

export interface EmulatorServer {
  readonly endpoint: string;
  /** Stops it, waits until it is gone, and removes its files. */
  stop(): Promise<void>;
}

/** Starts the emulator on a free loopback port and waits until it answers. */
export async function startEmulator(python: string, clock: EmulatedClock): Promise<EmulatorServer> {
  const port = await freePort();
  const home = mkdtempSync(join(tmpdir(), 'firebreak-emulator-'));
  const child = spawn(python, [wrapper], {
    env: environment(port, home, clock),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const hear = (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4_000);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  child.on('error', (error) => {
    said = error.message;
  });
  const endpoint = `http://127.0.0.1:${port}`;
  const stop = () => stopEmulator(child, home);
  try {
    await answers(endpoint, child);
    return { endpoint, stop };
  } catch (error) {
    await stop();
    throw new Error(`the emulator did not start: ${said.trim() || String(error)}`, { cause: error });
  }
}

/** Lambda children inherit all of it, so there is nothing in it that a function could lean on by accident. */
function environment(port: number, home: string, clock: EmulatedClock): NodeJS.ProcessEnv {
  return {
    PATH: [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
    HOME: home,
    TMPDIR: home,
    S3_DATA_DIR: join(home, 's3'),
    STATE_DIR: join(home, 'state'),
    PERSIST_STATE: '0',
    GATEWAY_PORT: String(port),
    BIND_HOST: '127.0.0.1',
    MINISTACK_HOST: '127.0.0.1',
    IOT_MTLS_ENABLED: '0',
    LOG_LEVEL: 'ERROR',
    LAMBDA_STATE_TRANSITION_SECONDS: '0.05',
    LAMBDA_ACCOUNT_CONCURRENCY: '1000',
    // By the emulated clock: an hour of idling.
    LAMBDA_WARM_TTL_SECONDS: '3600',
    NODE_OPTIONS: `--require "${functionClock}"`,
    FIREBREAK_EMULATOR_SPEED: String(clock.speed),
    FIREBREAK_EMULATOR_ORIGIN_SECONDS: String(clock.originAt / 1_000),
  };
}

async function answers(endpoint: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  await delay(50);
  while (Date.now() < deadline) {
    if (child.pid === undefined) throw new Error('no such program');
    if (child.exitCode !== null) throw new Error(`it ended with code ${child.exitCode}`);
    const healthy = await fetch(`${endpoint}/_ministack/health`).then(
      (response) => response.ok,
      () => false,
    );
    if (healthy) return;
    await delay(50);
  }
  throw new Error(`no answer within ${START_TIMEOUT_MS / 1_000} s`);
}

async function stopEmulator(child: ChildProcess, home: string): Promise<void> {
  if (child.pid !== undefined && child.exitCode === null) {
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await gone;
    clearTimeout(late);
  }
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../emulator/free-port.ts';
import { pythonWith } from '../emulator/python.ts';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 5_000;

export interface MotoServer {
  readonly endpoint: string;
  /** What GetCostAndUsage answers to the next calls that differ from those before, in this order. */
  queueCostAndUsage(results: readonly object[]): Promise<void>;
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/** The server; without Python or its packages `null`, and it says so once. In CI that fails. */
export async function motoOrSkip(): Promise<MotoServer | null> {
  try {
    return await startMoto();
  } catch (error) {
    if (process.env['CI'] === 'true') throw error;
    const reason = error instanceof Error ? error.message : String(error);
    console.warn(`\n!!! TESTS AGAINST MOTO SKIPPED: ${reason}\n`);
    return null;
  }
}

/** Starts moto's server on a free loopback port. Throws an Error with one clear line where it cannot be had. */
async function startMoto(): Promise<MotoServer> {
  const python = pythonWith(join(import.meta.dirname, 'requirements.txt'));
  const port = await freePort();
  const child = spawn(python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4_000);
    });
  }
  const endpoint = `http://127.0.0.1:${port}`;
  try {
    await answers(endpoint, child);
  } catch (error) {
    await stop(child);
    throw new Error(`moto did not start: ${said.trim() || String(error)}`, { cause: error });
  }
  const post = async (path: string, body: object) => {
    const response = await fetch(`${endpoint}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`moto: ${path} answered ${response.status}`);
  };
  return {
    endpoint,
    queueCostAndUsage: (results) => post('/moto-api/static/ce/cost-and-usage-results', { results }),
    reset: () => post('/moto-api/reset', {}),
    stop: () => stop(child),
  };
}

async function answers(endpoint: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`it ended with code ${child.exitCode}`);
    const isUp = await fetch(`${endpoint}/moto-api/data.json`).then(
      (response) => response.ok,
      () => false,
    );
    if (isUp) return;
    await delay(100);
  }
  throw new Error(`no answer within ${START_TIMEOUT_MS / 1_000} s`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await gone;
  clearTimeout(late);
}

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Io } from '../../src/cli/io.ts';
import { run } from '../../src/cli/program.ts';
import type { ExitCode } from '../../src/model/errors.ts';
import type { World } from './world.ts';

export interface Outcome {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that is running. */
export interface Running {
  /** What it has said so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Interrupts it as Ctrl-C does, and waits for its end. */
  stop(): Promise<Outcome>;
  readonly finished: Promise<Outcome>;
}

/** Starts `firebreak <argv>` in this process, by the emulated clock, against the world's account. */
export function start(
  world: World,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Running {
  const interrupt = new AbortController();
  let stdout = '';
  let stderr = '';
  const io: Io = {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    now: world.now,
    sleep: (ms) => delay(world.real(ms), undefined, { signal: interrupt.signal }).catch(() => undefined),
    confirm: async () => false,
    env,
    color: false,
    isTty: false,
    columns: 100,
    signal: interrupt.signal,
  };
  const finished = run(argv, io).then((code) => ({ code, stdout, stderr }));
  return {
    stdout: () => stdout,
    stderr: () => stderr,
    finished,
    stop: () => {
      interrupt.abort();
      return finished;
    },
  };
}

/** Runs it to its end. */
export function firebreak(
  world: World,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  return start(world, argv, env).finished;
}

const main = join(import.meta.dirname, '../../dist/src/cli/main.js');

/** Runs the built program as a person does, by the real clock. */
export async function builtFirebreak(
  world: World,
  argv: readonly string[],
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: world.folder,
    AWS_ACCESS_KEY_ID: world.account,
    AWS_SECRET_ACCESS_KEY: 'emulated',
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: world.endpoint,
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...argv], { env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, stdout, stderr });
    });
  });
}

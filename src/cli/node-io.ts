import { createInterface } from 'node:readline/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Questions } from './init/questions.ts';
import type { Io } from './io.ts';

/** The real terminal. */
export function nodeIo(): Io {
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  process.once('SIGTERM', () => interrupt.abort());
  // `firebreak ... | head`: whoever read has seen enough.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    now: () => Date.now(),
    sleep: (ms) => delay(ms, undefined, { signal: interrupt.signal }).catch(() => undefined),
    confirm,
    questions: process.stdin.isTTY === true && process.stderr.isTTY === true ? questions : undefined,
    env: process.env,
    color: hasColor(),
    isTty: process.stdout.isTTY === true,
    columns: process.stdout.columns ?? 80,
    signal: interrupt.signal,
  };
}

/** Loaded only when something is asked: no other command should wait for it. */
async function questions(): Promise<Questions> {
  const { clackQuestions } = await import('./init/clack-questions.ts');
  return clackQuestions({ input: process.stdin, output: process.stderr });
}

function hasColor(): boolean {
  if (process.env['NO_COLOR']) return false;
  if (process.env['FORCE_COLOR']) return process.env['FORCE_COLOR'] !== '0';
  return process.stdout.isTTY === true && process.env['TERM'] !== 'dumb';
}

async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}

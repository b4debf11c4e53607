import type { Io } from '../../src/cli/io.ts';

export interface FakeIo extends Io {
  /** Everything printed so far. */
  readonly out: () => string;
  readonly err: () => string;
}

/** A terminal for tests: collects what is printed, its clock stands still, it sleeps not at all. */
export function fakeIo(overrides: Partial<Io> = {}): FakeIo {
  const out: string[] = [];
  const err: string[] = [];
  return {
    stdout: (text) => void out.push(text),
    stderr: (text) => void err.push(text),
    now: () => Date.parse('2026-11-24T12:00:00Z'),
    sleep: () => Promise.resolve(),
    confirm: () => Promise.resolve(false),
    env: {},
    color: false,
    isTty: false,
    columns: 100,
    signal: new AbortController().signal,
    out: () => out.join(''),
    err: () => err.join(''),
    ...overrides,
  };
}

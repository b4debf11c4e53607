import type { EpochMs } from '../model/time.ts';
import type { Questions } from './init/questions.ts';

/** Everything a command may touch of the outside world; tests hand in their own. */
export interface Io {
  /** The result, and nothing else: what a pipe should get. */
  stdout(text: string): void;
  /** Progress, warnings, errors. */
  stderr(text: string): void;
  now(): EpochMs;
  sleep(ms: number): Promise<void>;
  /** Asks a yes/no question on the terminal; `false` where there is none to ask. */
  confirm(question: string): Promise<boolean>;
  /** Asks more than yes or no on the terminal; absent where there is none to ask. */
  readonly questions?: (() => Promise<Questions>) | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether stdout is a terminal that shows colours (honours NO_COLOR and FORCE_COLOR). */
  readonly color: boolean;
  readonly isTty: boolean;
  readonly columns: number;
  /** Fires when the person interrupts. */
  readonly signal: AbortSignal;
}

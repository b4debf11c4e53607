/** Exit codes of the command line, one meaning each. */
export const EXIT = {
  done: 0,
  bug: 1,
  usage: 2,
  refused: 3,
  unavailable: 4,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The same in words: what help and docs say. */
export const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  done: 'done',
  bug: 'bug',
  usage: 'usage or unreadable input',
  refused: 'refused',
  unavailable: 'AWS, Slack or store unavailable',
};

/** Base of everything firebreak throws on purpose: one clear line for the person, and an exit code. */
export abstract class FirebreakError extends Error {
  abstract readonly exitCode: ExitCode;
}

/** The input cannot be used: an option, the configuration, or a trace. Names the field and what was given. */
export class InputError extends FirebreakError {
  readonly exitCode = EXIT.usage;
  override readonly name = 'InputError';
}

/** A guardrail says no, or the person did. Nothing was changed. */
export class RefusedError extends FirebreakError {
  readonly exitCode = EXIT.refused;
  override readonly name = 'RefusedError';
}

/** AWS, Slack or the store could not be reached, or denied the call. */
export class UnavailableError extends FirebreakError {
  readonly exitCode = EXIT.unavailable;
  override readonly name = 'UnavailableError';
}

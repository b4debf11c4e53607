/** What is completed after a command: its subcommands, its options, and the values of these. */
export interface Completion {
  readonly path: string;
  /** Subcommands, or the choices of the first argument. */
  readonly words: readonly Word[];
  readonly options: readonly CompletedOption[];
  /** Whether an argument is a file. */
  readonly takesFile: boolean;
}

export interface Word {
  readonly word: string;
  readonly description: string;
}

export interface CompletedOption extends Word {
  readonly short: string | null;
  /** What may follow: nothing, a file, one of `choices`, or something that only the person knows. */
  readonly value: 'none' | 'file' | 'choice' | 'free';
  readonly choices: readonly string[];
}

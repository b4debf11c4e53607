interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly hint?: string | undefined;
}

export interface Choosing<Value extends string> {
  readonly message: string;
  readonly initial: Value;
  readonly choices: readonly Choice<Value>[];
}

/** Asking a person. Each answer is `null` once the person gives up. */
export interface Questions {
  text(question: {
    readonly message: string;
    /** In the field when the question comes up. */
    readonly initial: string;
    /** Says what is wrong with an answer; `undefined`: nothing. */
    readonly problem: (answer: string) => string | undefined;
  }): Promise<string | null>;
  choose<Value extends string>(question: Choosing<Value>): Promise<Value | null>;
  agree(question: { readonly message: string; readonly initial: boolean }): Promise<boolean | null>;
}

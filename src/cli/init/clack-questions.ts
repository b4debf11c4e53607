import type { Readable, Writable } from 'node:stream';
import { confirm, isCancel, type Option, select, text } from '@clack/prompts';
import type { Choosing, Questions } from './questions.ts';

interface Terminal {
  readonly input: Readable;
  readonly output: Writable;
}

/** Questions on a terminal, with arrow keys. */
export function clackQuestions(terminal: Terminal): Questions {
  return {
    text: async ({ message, initial, problem }) =>
      given(
        await text({
          ...terminal,
          message,
          initialValue: initial,
          validate: (answer) => problem(answer ?? ''),
        }),
      ),
    choose: async <Value extends string>({ message, initial, choices }: Choosing<Value>) => {
      const options = choices.map(({ hint, ...choice }) => ({
        ...choice,
        ...(hint === undefined ? {} : { hint }),
      })) as Option<Value>[];
      const answer = await select<Value>({ ...terminal, message, initialValue: initial, options });
      return isCancel(answer) ? null : answer;
    },
    agree: async ({ message, initial }) =>
      given(await confirm({ ...terminal, message, initialValue: initial })),
  };
}

function given<Answer>(answer: Answer): Exclude<Answer, symbol> | null {
  return isCancel(answer) ? null : (answer as Exclude<Answer, symbol>);
}

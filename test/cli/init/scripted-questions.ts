import type { Questions } from '../../../src/cli/init/questions.ts';

/** A person who answers by what a question begins with; what is not named takes the suggestion. `null` gives up. */
export function scriptedQuestions(
  answers: Readonly<Record<string, string | boolean | null>>,
): Questions & { readonly asked: readonly string[] } {
  const asked: string[] = [];
  const answerTo = (message: string) => {
    asked.push(message);
    return Object.entries(answers).find(([beginning]) => message.startsWith(beginning))?.[1];
  };
  return {
    asked,
    text: async ({ message, initial, problem }) => {
      const answer = answerTo(message);
      if (answer === null) return null;
      const text = String(answer ?? initial);
      const wrong = problem(text);
      if (wrong !== undefined) throw new Error(`"${text}" is refused: ${wrong}`);
      return text;
    },
    choose: async ({ message, initial, choices }) => {
      const answer = answerTo(message);
      if (answer === null) return null;
      return choices.find(({ value }) => value === answer)?.value ?? initial;
    },
    agree: async ({ message, initial }) => {
      const answer = answerTo(message);
      return answer === undefined ? initial : (answer as boolean | null);
    },
  };
}

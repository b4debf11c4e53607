import type { CompletedOption, Completion } from './completion.ts';

/** Branches of a shell's `case` that walk from a command to its subcommand: each sets the variable that holds the path. */
export function walkCases(completions: readonly Completion[], variable: string): string {
  return completions
    .filter(({ path }) => path !== '')
    .map(({ path }) => {
      const [name = '', ...parents] = path.split(' ').reverse();
      return `      '${parents.reverse().join(' ')}/${name}') ${variable}='${path}' ;;`;
    })
    .join('\n');
}

/** Branches for the word after an option that takes a value: what `replyOf` says completes it. */
export function valueCases(
  completions: readonly Completion[],
  replyOf: (option: CompletedOption) => string,
): string {
  return completions
    .flatMap(({ path, options }) =>
      options
        .filter(({ value }) => value !== 'none')
        .map((option) => {
          const names = [option.word, ...(option.short === null ? [] : [option.short])];
          const pattern = names.map((name) => `'${path} ${name}'`).join(' | ');
          return `    ${pattern}) ${replyOf(option)} ;;`;
        }),
    )
    .join('\n');
}

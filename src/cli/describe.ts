import type { Argument, Command, Option } from 'commander';

/** One option, as help, completion and the reference show it. */
export interface OptionDescription {
  readonly long: string;
  readonly short: string | null;
  /** As in the help text: `-o, --out <file>`. */
  readonly flags: string;
  readonly description: string;
  /** Name of the value; `null`: it is a switch. */
  readonly value: string | null;
  readonly choices: readonly string[];
  readonly isRequired: boolean;
  /** `null`: none, or that of a switch. */
  readonly defaultValue: string | null;
}

export interface ArgumentDescription {
  readonly name: string;
  readonly description: string;
  readonly choices: readonly string[];
  readonly isRequired: boolean;
}

export interface CommandDescription {
  /** `config check`; empty for the program itself. */
  readonly path: string;
  readonly description: string;
  /** `[options] <trace>`. */
  readonly usage: string;
  readonly arguments: readonly ArgumentDescription[];
  readonly options: readonly OptionDescription[];
  readonly commands: readonly CommandDescription[];
}

/** What a program takes, out of the program itself: there is no second list that could be wrong. */
export function describe(command: Command, path = ''): CommandDescription {
  return {
    path,
    description: command.description(),
    usage: command.usage(),
    arguments: command.registeredArguments.map(argumentOf),
    options: command.options.filter(({ hidden }) => !hidden).map(optionOf),
    commands: command.commands.map((inner) => describe(inner, `${path} ${inner.name()}`.trim())),
  };
}

/** The command and all below it, the outer ones first. */
export function flatten(command: CommandDescription): readonly CommandDescription[] {
  return [command, ...command.commands.flatMap(flatten)];
}

function argumentOf(argument: Argument): ArgumentDescription {
  return {
    name: argument.name(),
    description: argument.description,
    choices: argument.argChoices ?? [],
    isRequired: argument.required,
  };
}

function optionOf(option: Option): OptionDescription {
  const { flags, description, mandatory, defaultValue, argChoices } = option;
  return {
    long: option.long ?? flags,
    short: option.short ?? null,
    flags,
    description,
    value: /<([^>]+)>|\[([^\]]+)\]/.exec(flags)?.[1]?.replace('...', '') ?? null,
    choices: argChoices ?? [],
    isRequired: mandatory,
    defaultValue: defaultValue === undefined || defaultValue === false ? null : String(defaultValue),
  };
}

import { configJsonSchema, parseConfig } from '../../model/config-problems.ts';
import { InputError } from '../../model/errors.ts';
import { changedSettings, findConfig, loadConfig } from '../config-file.ts';
import type { Io } from '../io.ts';
import type { Register } from '../register.ts';

interface Options {
  readonly config?: string;
  readonly json?: boolean;
}

const FOOTER = `
Settings come from --config, else FIREBREAK_CONFIG (a file, or JSON), else firebreak.config.json
in the current folder, else the defaults.

Examples:
  firebreak config check
  firebreak config show --config staging.json
  firebreak config schema > firebreak.schema.json   (name it in "$schema" for your editor)`;

/** `firebreak config`: is it right, what does it amount to, what can be set. */
export const registerConfig: Register = (program, io) => {
  const config = program
    .command('config')
    .description('Checks the configuration, shows the settings in force, prints their JSON Schema')
    .addHelpText('afterAll', FOOTER);
  config
    .command('check')
    .description('Names every problem of the configuration; exit code 2 if there is one')
    .option('--config <file>', 'configuration file')
    .option('--json', 'print one JSON document (firebreak-config-check/1)')
    .action((options: Options) => check(io, options));
  config
    .command('show')
    .description('Prints every setting in force, defaults included, as JSON')
    .option('--config <file>', 'configuration file')
    .action(async (options: Options) => {
      io.stdout(`${JSON.stringify(await loadConfig(io, options.config), null, 2)}\n`);
    });
  config
    .command('schema')
    .description('Prints the JSON Schema of a configuration file')
    .action(() => io.stdout(`${JSON.stringify(configJsonSchema(), null, 2)}\n`));
};

async function check(io: Io, options: Options): Promise<void> {
  const { source, settings } = await findConfig(io, options.config);
  const result = parseConfig(settings);
  const problems = result.ok ? [] : result.problems;
  const changed = result.ok ? changedSettings(result.config) : [];
  if (options.json === true) {
    io.stdout(
      `${JSON.stringify({ format: 'firebreak-config-check/1', source, ok: result.ok, problems, changed }, null, 2)}\n`,
    );
  }
  if (!result.ok) {
    for (const problem of problems) io.stderr(`${problem}\n`);
    throw new InputError(`${source}: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`);
  }
  if (options.json === true) return;
  const differs =
    changed.length === 0 ? 'all defaults' : `differs from the defaults in ${changed.join(', ')}`;
  io.stdout(`${source}: ok, ${differs}\n`);
}

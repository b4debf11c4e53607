import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Option } from 'commander';
import { configSchema } from '../../model/config.ts';
import { InputError, RefusedError } from '../../model/errors.ts';
import { formatCountOf, formatUsd } from '../../model/format.ts';
import type { AwsOptions } from '../../observe/aws/clients.ts';
import { exists } from '../../observe/aws/partial-file.ts';
import { clean } from '../../respond/alert/clean.ts';
import { addAwsOptions, awsOptionsOf } from '../aws-options.ts';
import { CONFIG_FILE } from '../config-file.ts';
import {
  type Answers,
  answered,
  askAnswers,
  checkAnswers,
  DEFAULT_ANSWERS,
  deployCommand,
  listOf,
  settingsOf,
} from '../init/answers.ts';
import { type Look, lookAt } from '../init/look.ts';
import type { Questions } from '../init/questions.ts';
import type { Io } from '../io.ts';
import type { CommandLine, Register } from '../register.ts';
import { quoted, repeatOptions } from '../repeat-options.ts';

const KILL_MODES = configSchema.shape.kill.unwrap().shape.mode.unwrap().options;

interface Options extends AwsOptions {
  readonly yes?: boolean;
  readonly config: string;
  readonly pageUsd?: string;
  readonly slackSecret?: string;
  readonly snsTopic?: string;
  readonly killMode?: Answers['killMode'];
  readonly protect?: string;
  readonly alertEmails?: string;
  readonly json?: boolean;
}

const FOOTER = `
Asks a few questions, looks at the account (reads only), forecasts what watching it costs, and writes the
configuration. A file that exists is only replaced when you say so. Without AWS credentials it says what it
could not check. Nothing is deployed.

Examples:
  firebreak init
  firebreak init --yes --page-usd 5 --alert-emails oncall@example.com --region eu-central-1`;

/** `firebreak init`: from nothing to a configuration and the command that deploys it. */
export const registerInit: Register = (program, io, line) => {
  const command = program
    .command('init')
    .description('Asks a few questions, writes the configuration, and says how to deploy')
    .option('-y, --yes', 'do not ask: defaults, and what the options say')
    .option('--config <file>', 'file to write', CONFIG_FILE)
    .option('--page-usd <dollars>', 'wake somebody when that much would be wasted in the next 24 h')
    .option('--slack-secret <arn>', 'secret that holds the Slack webhook')
    .option('--sns-topic <arn>', 'SNS topic that gets every alert')
    .addOption(new Option('--kill-mode <mode>', 'what firebreak may stop by itself').choices(KILL_MODES))
    .option('--protect <names>', 'functions that are never stopped, separated by commas')
    .option('--alert-emails <addresses>', 'who gets mail from the deployed stack, separated by commas')
    .option('--json', 'print one JSON document (firebreak-init/1); asks nothing');
  addAwsOptions(command)
    .addHelpText('after', FOOTER)
    .action((options: Options) => init(io, options, line));
};

async function init(io: Io, options: Options, { run }: CommandLine): Promise<void> {
  const aws = awsOptionsOf(options);
  const known = knownAnswers(options);
  checkAnswers(known);
  const questions = await questionsOf(io, options);
  const path = options.config;
  if (!(await exists(dirname(path)))) throw new InputError(`--config: no such folder: ${dirname(path)}`);
  if (questions === null) await refuseToReplace(path);
  const look = await lookAt(io, aws);
  for (const line of lookLines(look)) io.stderr(`${line}\n`);
  const answers = questions === null ? known : await askAnswers(questions, known);
  const content = `${JSON.stringify(settingsOf(answers), null, 2)}\n`;
  await write(path, content, questions);
  tell(io, options, { answers, look });
  if (questions === null || look.caller === null) return;
  const audit = await questions.agree({ message: 'Audit the account now? It only reads', initial: true });
  if (audit === true) await run(['audit', ...awsArguments(aws)], io);
}

function knownAnswers(options: Options): Answers {
  const { pageUsd, slackSecret, snsTopic, killMode, protect, alertEmails } = options;
  return {
    pageUsd: pageUsd === undefined ? DEFAULT_ANSWERS.pageUsd : Number(pageUsd),
    slackSecretArn: slackSecret ?? DEFAULT_ANSWERS.slackSecretArn,
    snsTopicArn: snsTopic ?? DEFAULT_ANSWERS.snsTopicArn,
    killMode: killMode ?? DEFAULT_ANSWERS.killMode,
    protect: listOf(protect ?? ''),
    alertEmails: listOf(alertEmails ?? ''),
  };
}

/** `null`: nobody is to be asked. */
async function questionsOf(io: Io, options: Options): Promise<Questions | null> {
  if (options.yes === true || options.json === true) return null;
  if (io.questions !== undefined) return io.questions();
  throw new InputError(
    'init asks questions, and there is no terminal to ask on: pass --yes for the defaults',
  );
}

async function refuseToReplace(path: string): Promise<void> {
  if (!(await exists(path))) return;
  throw new RefusedError(`init: ${path} exists and was left alone: name another with --config, or remove it`);
}

async function write(path: string, content: string, questions: Questions | null): Promise<void> {
  if (questions !== null && (await exists(path))) {
    const message = `${path} exists. Replace it with this?\n${content}`;
    const isAgreed = answered(await questions.agree({ message, initial: false }));
    if (!isAgreed) throw new RefusedError(`init: ${path} was left alone`);
    return save(path, content, 'w');
  }
  // What came into being meanwhile is somebody else's.
  return save(path, content, 'wx');
}

async function save(path: string, content: string, flag: 'w' | 'wx'): Promise<void> {
  await writeFile(path, content, { flag }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EEXIST') throw new RefusedError(`init: ${path} exists and was left alone`, { cause });
    throw new InputError(`--config: cannot write ${path}: ${cause.code ?? cause.message}`, { cause });
  });
}

function awsArguments({ profile, region, endpointUrl }: AwsOptions): readonly string[] {
  const given = { '--profile': profile, '--region': region, '--endpoint-url': endpointUrl };
  return Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
}

/** As much of a line as is read at a glance. */
const LINE_LENGTH_MAX = 300;

function lookLines({ caller, permissions, forecast, unchecked }: Look): readonly string[] {
  const lines = [
    ...(caller === null ? [] : [`account ${caller.account}, ${caller.region}, as ${caller.arn}`]),
    ...permissions.map(({ found, fix }) => (fix === null ? found : `${found}: ${fix}`)),
    ...(forecast === null ? [] : [forecastLine(forecast)]),
    ...unchecked.map((why) => `not checked: ${why}`),
    ...(caller === null ? ['not checked: permissions, and what watching this account costs'] : []),
  ];
  return lines.map((line) => clean(line, LINE_LENGTH_MAX));
}

function forecastLine({
  functions,
  queues,
  usdPerMonth,
  usdAfterFreeTier,
}: NonNullable<Look['forecast']>): string {
  const fleet = `${formatCountOf(functions, 'function')} and ${formatCountOf(queues, 'queue')}`;
  return `watching ${fleet} costs about ${formatUsd(usdPerMonth)} a month, ${formatUsd(usdAfterFreeTier)} after the free tier (firebreak cost-of-monitoring says what for)`;
}

function tell(
  io: Io,
  options: Options,
  { answers, look }: { readonly answers: Answers; readonly look: Look },
): void {
  const region = look.caller?.region ?? options.region;
  const deploy = deployCommand(answers, { region, profile: options.profile });
  if (options.json === true) {
    const document = {
      format: 'firebreak-init/1',
      path: options.config,
      settings: settingsOf(answers),
      account: look.caller?.account ?? null,
      region: region ?? null,
      permissions: look.permissions,
      forecast: look.forecast,
      unchecked: look.unchecked,
      deploy,
    };
    io.stdout(`${JSON.stringify(document, null, 2)}\n`);
    return;
  }
  const where = repeatOptions({ ...awsOptionsOf(options), region });
  const named = options.config === CONFIG_FILE ? '' : ` --config ${quoted(options.config)}`;
  io.stdout(`wrote ${options.config}

Is everything in place?            firebreak doctor${named}${where}
What could happen?                 firebreak audit${named}${where}
Watch from this terminal           firebreak watch${named}${where}
Deploy from a copy of firebreak's  ${deploy}
repository, or as one construct in your own CDK app (docs/deployment.md)
`);
}

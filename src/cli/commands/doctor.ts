import pc from 'picocolors';
import { EXIT, InputError, UnavailableError } from '../../model/errors.ts';
import { toIso } from '../../model/time.ts';
import type { AwsOptions } from '../../observe/aws/clients.ts';
import { clean } from '../../respond/alert/clean.ts';
import { addAwsOptions, awsOptionsOf } from '../aws-options.ts';
import { CHECK_STATES, type Check, type CheckState, exitCodeOf } from '../doctor/check.ts';
import { examine } from '../doctor/examine.ts';
import type { Io } from '../io.ts';
import { point } from '../prose.ts';
import type { Register } from '../register.ts';
import { addStoreOption } from '../store.ts';

interface Options extends AwsOptions {
  readonly config?: string;
  readonly store?: string;
  readonly send?: boolean;
  readonly json?: boolean;
}

const FOOTER = `
Only reads, each call once; it asks for one metric of GetMetricData ($0.00001). Nothing is sent without --send.
Works without a deployed stack, and without credentials as far as that goes.

Exit codes: 0 no failure, 2 only settings are wrong, 4 anything else. Warnings do not count.

Examples:
  firebreak doctor --region eu-central-1
  firebreak doctor --store dynamodb:firebreak --send`;

/** `firebreak doctor`: is everything in place for the night? */
export const registerDoctor: Register = (program, io) => {
  const command = program
    .command('doctor')
    .description(
      'Checks credentials, permissions, channels, the monitor and the kill switch, with a fix for each',
    )
    .option('--config <file>', 'configuration file')
    .option('--send', 'send a sample alert over every configured channel')
    .option('--json', 'print one JSON document (firebreak-doctor/1)');
  addAwsOptions(addStoreOption(command))
    .addHelpText('after', FOOTER)
    .action((options: Options) => doctor(io, options));
};

async function doctor(io: Io, options: Options): Promise<void> {
  const aws = awsOptionsOf(options);
  const { config, store, send = false } = options;
  if (io.isTty) io.stderr('asking AWS; tags of many functions take up to half a minute');
  const checks = await examine({ io, aws, config, store, send });
  if (io.isTty) io.stderr('\r\u001b[K');
  if (options.json === true) {
    const document = { format: 'firebreak-doctor/1', at: toIso(io.now()), counts: countsOf(checks), checks };
    io.stdout(`${JSON.stringify(document, null, 2)}\n`);
  } else {
    io.stdout(text(io, checks));
  }
  const code = exitCodeOf(checks);
  if (code === EXIT.done) return;
  const message = `doctor: ${counted('failure', countsOf(checks).failure)}`;
  throw code === EXIT.usage ? new InputError(message) : new UnavailableError(message);
}

const LABELS: Readonly<Record<CheckState, string>> = {
  ok: 'ok',
  warning: 'WARNING',
  failure: 'FAILURE',
  'not-checked': 'not checked',
};
const LABEL_WIDTH = 'not checked'.length + 2;
/** As much of a line as is read at a glance; ARNs fit. */
const LINE_LENGTH_MAX = 300;

function text(io: Io, checks: readonly Check[]): string {
  const { green, yellow, red, dim } = pc.createColors(io.color);
  const paint = { ok: green, warning: yellow, failure: red, 'not-checked': dim };
  const rest = ' '.repeat(LABEL_WIDTH);
  const lines = checks.flatMap(({ state, found, fix }) => {
    const label = LABELS[state].padEnd(LABEL_WIDTH);
    return [
      point(clean(found, LINE_LENGTH_MAX), { first: label, rest }, io).replace(label, paint[state](label)),
      ...(fix === null ? [] : [point(clean(fix, LINE_LENGTH_MAX), { first: `${rest}fix: `, rest }, io)]),
    ];
  });
  const counts = countsOf(checks);
  const summary = CHECK_STATES.flatMap((state) => (counts[state] === 0 ? [] : counted(state, counts[state])));
  return `${lines.join('\n')}\n\n${summary.join(', ')}\n`;
}

function counted(state: CheckState, count: number): string {
  const words = { ok: 'ok', warning: 'warning', failure: 'failure', 'not-checked': 'not checked' };
  const isNoun = state === 'warning' || state === 'failure';
  return `${count} ${words[state]}${isNoun && count !== 1 ? 's' : ''}`;
}

function countsOf(checks: readonly Check[]): Readonly<Record<CheckState, number>> {
  const of = (state: CheckState) => checks.filter((check) => check.state === state).length;
  return { ok: of('ok'), warning: of('warning'), failure: of('failure'), 'not-checked': of('not-checked') };
}

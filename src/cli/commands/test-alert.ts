import { type Command, Option } from 'commander';
import type { Config } from '../../model/config.ts';
import { InputError, UnavailableError } from '../../model/errors.ts';
import type { AwsOptions } from '../../observe/aws/clients.ts';
import { consoleChannel } from '../../respond/alert/console-channel.ts';
import type { Channel } from '../../respond/channel.ts';
import { addAwsOptions, awsOptionsOf } from '../aws-options.ts';
import { CONFIG_FILE, loadConfig } from '../config-file.ts';
import type { Io } from '../io.ts';
import { notifyChannels } from '../notify-channels.ts';
import type { Register } from '../register.ts';
import { type SampleDelivery, sendSample } from '../sample-delivery.ts';

const CHANNELS = ['slack', 'sns', 'console'] as const;
type ChannelName = (typeof CHANNELS)[number];

interface Options extends AwsOptions {
  readonly channel?: ChannelName;
  readonly config?: string;
  readonly json?: boolean;
}

const FOOTER = `
Slack: put the webhook URL into FIREBREAK_SLACK_WEBHOOK_URL, or a secret into notify.slackWebhookSecretArn.
SNS: put the topic into notify.snsTopicArn.

Example:
  firebreak test-alert --channel slack`;

/** `firebreak test-alert`: an alarm that was never delivered once is no alarm. */
export const registerTestAlert: Register = (program, io) => {
  const command: Command = program
    .command('test-alert')
    .description('Sends a sample alert, marked as a test, over every configured channel')
    .addOption(new Option('--channel <name>', 'only this one').choices(CHANNELS))
    .option('--config <file>', 'configuration file')
    .option('--json', 'print one JSON document (firebreak-test-alert/1)');
  addAwsOptions(command)
    .addHelpText('after', FOOTER)
    .action((options: Options) => testAlert(io, options));
};

async function testAlert(io: Io, options: Options): Promise<void> {
  const config = await loadConfig(io, options.config);
  const aws = awsOptionsOf(options);
  const channels = chosen(io, options, config, aws);
  const results = await Promise.all(channels.map((channel) => sendSample(channel, { io, config, aws })));
  const failed = results.filter(({ ok }) => !ok);
  if (options.json === true) {
    io.stdout(
      `${JSON.stringify({ format: 'firebreak-test-alert/1', ok: failed.length === 0, channels: results }, null, 2)}\n`,
    );
  } else {
    for (const result of results) io.stdout(`${describe(result)}\n`);
  }
  if (failed.length === 0) return;
  const names = failed.map(({ channel }) => channel).join(', ');
  throw new UnavailableError(`the sample alert did not get through on: ${names}`);
}

function chosen(io: Io, options: Options, config: Config, aws: AwsOptions): readonly Channel[] {
  if (options.channel === 'console') {
    // The document is the result on stdout; the sample itself is talk then.
    const write = options.json === true ? io.stderr : io.stdout;
    return [consoleChannel({ write, color: io.color, columns: io.columns })];
  }
  const { notify } = config;
  const configured = notifyChannels({ notify, env: io.env, aws, sleep: io.sleep });
  const wanted = configured.filter(({ name }) => options.channel === undefined || name === options.channel);
  if (wanted.length > 0) return wanted;
  const slack = `the environment variable ${notify.slackWebhookEnv}`;
  const remedies = {
    slack: `set ${slack}, or notify.slackWebhookSecretArn in ${CONFIG_FILE}`,
    sns: `set notify.snsTopicArn in ${CONFIG_FILE}`,
  };
  throw new InputError(
    options.channel === undefined
      ? `no channel is configured: ${remedies.slack} (Slack); or ${remedies.sns} (SNS)`
      : `${options.channel} is not configured: ${remedies[options.channel]}`,
  );
}

function describe({ channel, ok, failure, hint, subscriptions }: SampleDelivery): string {
  const pending = subscriptions?.pending ?? 0;
  const waiting = pending > 0 ? `; ${pending} not confirmed yet` : '';
  if (!ok) return `${channel}: FAILED, ${failure}${hint === '' ? '' : `: ${hint}`}${waiting}`;
  if (subscriptions === undefined) return `${channel}: delivered`;
  if (subscriptions === null) return `${channel}: published; who is subscribed could not be read`;
  const listeners = Object.entries(subscriptions.confirmed).map(
    ([protocol, count]) => `${count} ${protocol}`,
  );
  return `${channel}: published to ${listeners.join(', ')}${waiting}`;
}

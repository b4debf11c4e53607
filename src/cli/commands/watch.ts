import { Option } from 'commander';
import { InputError } from '../../model/errors.ts';
import { alertJson, incidentJson } from '../../model/incident-json.ts';
import { MINUTE_MS, SECOND_MS, toIso } from '../../model/time.ts';
import { readsUsd } from '../../observe/aws/reads.ts';
import { type AwsSource, awsSource, wireOf } from '../../observe/aws/source.ts';
import type { Thrift } from '../../price/monitor-pace.ts';
import { consoleChannel } from '../../respond/alert/console-channel.ts';
import { deliveryLines } from '../../respond/alert/delivery-report.ts';
import { openOwnSpend } from '../../run/own-spend.ts';
import { readingMemory } from '../../run/reading-memory.ts';
import { refreshBaselines } from '../../run/refresh-baselines.ts';
import { type RunTickDeps, type RunTickReport, runTick } from '../../run/run-tick.ts';
import { liveView } from '../../web/view.ts';
import { addAwsOptions, awsOptionsOf } from '../aws-options.ts';
import { readCaller } from '../caller.ts';
import { loadConfig } from '../config-file.ts';
import type { Io } from '../io.ts';
import { type OpenPage, openLivePage } from '../live-page.ts';
import { notifyChannels } from '../notify-channels.ts';
import { thriftText } from '../own-spend-text.ts';
import type { Register } from '../register.ts';
import { addStoreOption, openStore } from '../store.ts';
import { watchFrame } from '../watch-frame.ts';
import { watchReport } from '../watch-report.ts';

interface Options {
  readonly once?: boolean;
  readonly interval: string;
  readonly json?: boolean;
  readonly web?: boolean;
  readonly port: string;
  readonly config?: string;
  readonly store?: string;
  readonly profile?: string;
  readonly region?: string;
  readonly endpointUrl?: string;
}

const INTERVAL_SECONDS_MIN = 1;
const INTERVAL_SECONDS_MAX = 3600;

/** `firebreak watch`: the monitor in a terminal, with the same tick as the deployed one. */
export const registerWatch: Register = (program, io) => {
  const command = program
    .command('watch')
    .description('Watches an account from this terminal and sends the alerts, as the deployed monitor does')
    .option('--once', 'look once and end')
    .option('--interval <seconds>', 'seconds between two looks', '60')
    .option('--config <file>', 'configuration file')
    .addOption(new Option('--web', 'also show it on a live page, for this machine only').conflicts('once'))
    .option('--port <number>', 'port of the live page (0: any that is free)', '0')
    .option('--json', 'print a line of JSON for each look (firebreak-watch/1)');
  addAwsOptions(addStoreOption(command))
    .addHelpText(
      'after',
      `
Only reads AWS, and never stops anything. Slack and SNS are used where the configuration names them.

Example:
  firebreak watch --region eu-central-1`,
    )
    .action((options: Options) => watch(io, options));
};

async function watch(io: Io, options: Options): Promise<void> {
  const intervalMs = intervalOf(options.interval);
  const config = await loadConfig(io, options.config);
  const aws = awsOptionsOf(options);
  const caller = await readCaller(wireOf(aws));
  const { store } = openStore(io, caller, { store: options.store, aws });
  const isNew = (await store.baselines()) === null;
  io.stderr(
    `looking at account ${caller.account} in ${caller.region}${isNew ? '; the first look learns two weeks of history and takes longest' : ''}\n`,
  );
  const ceilingUsd = config.monitorBudgetUsd;
  const spend = await openOwnSpend(store, {
    part: 'spend-watch',
    region: caller.region,
    ceilingUsd,
    shardsMax: 0,
  });
  const memory = readingMemory(store);
  const source = awsSource({
    ...{ ...aws, signal: io.signal, memory: memory.load, thrift: spend.thrift },
    sleep: (ms) => io.sleep(ms),
  });
  const isLive = io.isTty && options.json !== true && options.once !== true;
  const write = options.json === true ? io.stderr : io.stdout;
  const channels = [
    ...(isLive || options.json === true
      ? []
      : [consoleChannel({ write, color: io.color, columns: io.columns })]),
    ...notifyChannels({ notify: config.notify, env: io.env, aws, sleep: (ms) => io.sleep(ms) }),
  ];
  const deps: RunTickDeps = { source, store, channels, config, now: () => io.now() };
  let page: OpenPage | null = null;
  let chargedUsd = 0;
  let thrift: Thrift = 0;
  try {
    do {
      const startedAt = io.now();
      await refreshBaselines({ source, store, config, now: startedAt });
      const report = await runTick(deps);
      if (options.web === true) {
        const view = liveView({
          report,
          config,
          kills: await store.kills(),
          note: '',
          readUsd: readsUsd(source.reads()),
        });
        if (page === null) {
          const reportOf = (id: string) => watchReport({ id, store, config, aws, io, caller });
          page = await openLivePage(io, { port: options.port, first: view, report: reportOf });
        } else page.show(view);
      }
      show(report, { io, options, source, isLive, pageUrl: page?.server.url ?? null });
      for (const line of deliveryLines(report.delivery)) io.stderr(`${line}\n`);
      await memory.keep(source.memory(), startedAt);
      const charged = await spend.charge(readsUsd(source.reads()) - chargedUsd, startedAt);
      chargedUsd = readsUsd(source.reads());
      if (charged.thrift !== thrift) io.stderr(`firebreak: ${thriftText(charged.thrift, ceilingUsd)}\n`);
      thrift = charged.thrift;
      if (options.once === true) return;
      await io.sleep(Math.max(0, startedAt + intervalMs - io.now()));
    } while (!io.signal.aborted);
  } finally {
    await page?.server.close();
  }
}

interface Shown {
  readonly io: Io;
  readonly options: Options;
  readonly source: AwsSource;
  readonly isLive: boolean;
  readonly pageUrl: string | null;
}

/** Home, then each line to its end, then the rest of the screen: nothing flickers. */
const HOME = '\u001b[H';
const TO_LINE_END = '\u001b[K';
const TO_SCREEN_END = '\u001b[J';

function show(report: RunTickReport, shown: Shown): void {
  const { io, options, source, isLive, pageUrl } = shown;
  if (options.json === true) {
    io.stdout(`${JSON.stringify(lookJson(report))}\n`);
    return;
  }
  const frame = watchFrame({ report, readUsd: readsUsd(source.reads()), pageUrl }, io);
  io.stdout(isLive ? `${HOME}${frame.replaceAll('\n', `${TO_LINE_END}\n`)}${TO_SCREEN_END}` : frame);
}

function lookJson({ at, result, gaps }: RunTickReport): object {
  return {
    format: 'firebreak-watch/1',
    at: toIso(at),
    incidents: result.incidents.filter(({ openedAt }) => openedAt !== null).map(incidentJson),
    alerts: result.alerts.map(alertJson),
    decisions: result.decisions,
    gaps,
  };
}

function intervalOf(text: string): number {
  const seconds = Number(text);
  if (!(seconds >= INTERVAL_SECONDS_MIN && seconds <= INTERVAL_SECONDS_MAX)) {
    throw new InputError(
      `--interval must be ${INTERVAL_SECONDS_MIN} to ${INTERVAL_SECONDS_MAX} seconds, given: ${text} (metrics come once a minute: ${MINUTE_MS / SECOND_MS} is enough)`,
    );
  }
  return seconds * SECOND_MS;
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { expect, it } from 'vitest';
import { type Person, personAt, type Said, shellLinesOf } from './getting-started.ts';
import { openSlackInbox, type SlackInbox } from './inboxes.ts';
import { createPipeline, type Pipeline, settingsOf } from './pipeline.ts';
import { cloudFormation } from './stack.ts';
import { describeWithEmulator, openWorld, REGION } from './world.ts';

const world = openWorld('getting-started');
const PAGE = 'docs/getting-started.md';

/** Lines that are not run here, and why. Every other line of the page is. */
const NOT_RUN: Readonly<Record<string, string>> = {
  'npm ci': 'the copy has the packages of the repository, which this very command installed',
};

/** What somebody has to type on top, because nobody sits at this terminal. */
const ANSWERED: Readonly<Record<string, string>> = {
  'firebreak init --region eu-central-1': '--yes',
  'firebreak kill orders-worker --region eu-central-1 --reason "restore drill"': '--yes',
  'firebreak restore orders-worker --region eu-central-1': '--yes',
};

/** Watches until somebody has seen enough. */
const INTERRUPTED: Readonly<Record<string, RegExp>> = {
  'firebreak watch --region eu-central-1': /orders-worker/,
};

interface Scene {
  readonly person: Person;
  readonly slack: SlackInbox;
  readonly orders: Pipeline;
}

/** What must be so after a line, beyond its exit code. */
const AFTERWARDS: Readonly<Record<string, (said: Said, scene: Scene) => void | Promise<void>>> = {
  'npm run build': (_, { person }) =>
    expect(existsSync(join(person.folder, 'dist/src/cli/main.js'))).toBe(true),
  'firebreak demo': ({ stdout }) => expect(stdout).toContain('firebreak kill orders-worker'),
  'firebreak audit --region eu-central-1 --html audit.html': ({ stdout }, { person }) => {
    expect(stdout).toContain('orders-worker');
    expect(existsSync(join(person.folder, 'audit.html'))).toBe(true);
  },
  'firebreak cost-of-monitoring --region eu-central-1': ({ stdout }) => expect(stdout).toMatch(/\$\d/),
  'firebreak watch --region eu-central-1 --once': ({ stdout }) =>
    expect(stdout).toContain('no open incidents'),
  'firebreak init --region eu-central-1': (_, { person }) =>
    expect(existsSync(join(person.folder, 'firebreak.config.json'))).toBe(true),
  'firebreak test-alert': (_, { slack }) =>
    expect(JSON.stringify(slack.posts)).toContain('TEST nothing is wrong'),
  'firebreak backtest trace.json.gz': ({ stdout }) => expect(stdout).toContain('would have paged nobody'),
  'npx cdk deploy -c alertEmails=oncall@example.com': async ({ stdout, stderr }) => {
    // A call takes as long here as anywhere, and the emulated clock runs on: the timeout must allow for that.
    const FunctionName = outputOf('TickFunctionName', stdout + stderr);
    await world.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 900 }));
  },
  'firebreak kill orders-worker --region eu-central-1 --reason "restore drill"': async (_, { orders }) =>
    expect(await settingsOf(world, orders)).toMatchObject({ mapping: { State: 'Disabled' } }),
  'firebreak restore orders-worker --region eu-central-1': async (_, { orders }) =>
    expect(await settingsOf(world, orders)).toMatchObject({ mapping: { State: 'Enabled' } }),
  'npx cdk destroy': async () =>
    expect(await cloudFormation(world, 'DescribeStacks', { StackName: 'Firebreak' })).not.toContain(
      'CREATE_COMPLETE',
    ),
  'npm uninstall --global firebreak': async (_, { person }) =>
    expect(await person.run('firebreak --version')).toMatchObject({ code: 127 }),
};

function outputOf(key: string, text: string): string {
  const value = new RegExp(`^Firebreak\\.${key} = (.*)$`, 'm').exec(text)?.[1];
  if (value === undefined) throw new Error(`the deployment shows no output ${key}`);
  return value;
}

describeWithEmulator(PAGE, () => {
  it('leads from nothing to a deployed stack, a drill, and nothing again, line by line', async () => {
    const lines = await shellLinesOf(PAGE);
    for (const named of [NOT_RUN, ANSWERED, INTERRUPTED, AFTERWARDS].flatMap(Object.keys)) {
      expect(lines, 'a line that this test knows is no longer on the page').toContain(named);
    }
    const scene: Scene = {
      person: await personAt(world),
      slack: await openSlackInbox(),
      orders: await createPipeline(world),
    };
    let table = '';
    for (const line of lines.filter((one) => NOT_RUN[one] === undefined)) {
      const typed = `${line} ${ANSWERED[line] ?? ''}`
        .trim()
        .replace('eu-central-1', REGION)
        .replace('https://hooks.slack.com/services/…', scene.slack.webhookUrl)
        .replace('dynamodb:TABLE', `dynamodb:${table}`);
      const run = () => scene.person.run(typed, INTERRUPTED[line]);
      const said = /^firebreak status/.test(line)
        ? await world.eventually(run, ({ stdout }) => /Last tick: .* \(\d+ s ago\)/.test(stdout))
        : await run();
      expect(said.code, `$ ${typed}\n${said.stdout}\n${said.stderr}`).toBe(0);
      await AFTERWARDS[line]?.(said, scene);
      if (line.startsWith('npx cdk deploy')) table = outputOf('TableName', said.stdout + said.stderr);
    }
  }, 600_000);
});

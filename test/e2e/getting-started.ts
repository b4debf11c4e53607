import { spawn } from 'node:child_process';
import { cp, mkdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { inject } from 'vitest';
import { ROOT } from '../../infra/build/files.ts';
import { REGION, type World } from './world.ts';

/** Not of a fresh clone, or made by the page itself. */
const NOT_COPIED = ['node_modules', '.git', 'dist', 'cdk.out'];
const functionClock = join(import.meta.dirname, 'emulator/function-clock.cjs');

/** Every line of a page's `sh` blocks, in order. */
export async function shellLinesOf(page: string): Promise<readonly string[]> {
  const text = await readFile(join(ROOT, page), 'utf8');
  return [...text.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block = '']) => block.trimEnd().split('\n'));
}

export interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A person at a terminal, in a copy of the repository, whose AWS is the emulator. */
export interface Person {
  readonly folder: string;
  /** Runs one line as bash does; `export` lasts. `until`: interrupts it as Ctrl-C does, once it has said this. */
  run(line: string, until?: RegExp): Promise<Said>;
}

/** With a home of its own. The packages are those of the repository: `npm ci` has been run. */
export async function personAt(world: World): Promise<Person> {
  const folder = join(world.folder, 'firebreak');
  const home = join(world.folder, 'home');
  await mkdir(home);
  await cp(ROOT, folder, {
    recursive: true,
    filter: (path) => !NOT_COPIED.includes(path.slice(ROOT.length + 1).split(sep)[0] ?? ''),
  });
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const env = environmentOf(world, home);
  return {
    folder,
    run: (line, until) => {
      const exported = /^export (\w+)=(.*)$/.exec(line);
      if (exported !== null) {
        env[exported[1] as string] = exported[2] as string;
        return Promise.resolve({ code: 0, stdout: '', stderr: '' });
      }
      return ran(line, { cwd: folder, env }, until);
    },
  };
}

function environmentOf(world: World, home: string): Record<string, string> {
  const emulator = inject('emulator');
  if (emulator === null) throw new Error('there is no emulator');
  const global = join(home, 'global');
  return {
    HOME: home,
    TMPDIR: world.folder,
    PATH: [join(global, 'bin'), dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
    // The one thing that is swapped; account and region are those of the emulated account.
    AWS_ENDPOINT_URL: world.endpoint,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: world.account,
    AWS_SECRET_ACCESS_KEY: 'emulated',
    // Time is the emulator's: an answer from another day is taken for a wrong clock, and asked for again and again.
    NODE_OPTIONS: `--require "${functionClock}"`,
    FIREBREAK_EMULATOR_SPEED: String(emulator.clock.speed),
    FIREBREAK_EMULATOR_ORIGIN_SECONDS: String(emulator.clock.originAt / 1_000),
    // Where `npm install --global` puts things.
    npm_config_prefix: global,
    // What a person answers, and what asks the network at large.
    CDK_REQUIRE_APPROVAL: 'never',
    CDK_FORCE: 'true',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    CDK_DISABLE_VERSION_CHECK: 'true',
    CDK_NOTICES: 'false',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}

function ran(
  line: string,
  options: { readonly cwd: string; readonly env: Record<string, string> },
  until: RegExp | undefined,
): Promise<Said> {
  const child = spawn('bash', ['-c', `exec ${line}`], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].on('data', (chunk: Buffer) => {
      said[stream] += chunk.toString();
      if (until?.test(said.stdout) === true) child.kill('SIGINT');
    });
  }
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, ...said }));
  });
}

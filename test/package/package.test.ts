import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HANDLER_MODULES } from '../../infra/build/bundle.ts';
import { toolchain } from '../toolchain/toolchain.ts';
import { type Installed, linkCdk, packAndInstall, TSC, tryRun } from './packed.ts';

let installed: Installed;
beforeAll(async () => {
  installed = await packAndInstall();
}, 300_000);
afterAll(() => rm(installed.folder, { recursive: true, force: true }));

describe('the package', () => {
  it('contains the program, the bundles and the construct, and nothing else', () => {
    const allowed = [
      /^(package\.json|README\.md|LICENSE|CHANGELOG\.md)$/,
      /^dist\/(src|detectors)\/.*\.js$/,
      new RegExp(`^dist/lambda/(${HANDLER_MODULES.join('|')})\\.mjs$`),
      /^dist\/cdk\/(index\.(js|cjs)|[a-z-]+\.d\.ts|cjs\/([a-z-]+\.d\.ts|package\.json))$/,
    ];
    const stray = installed.files.filter(({ path }) => !allowed.some((pattern) => pattern.test(path)));
    expect(stray.map(({ path }) => path)).toEqual([]);
    expect(installed.files.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['dist/src/cli/main.js', 'dist/lambda/tick.mjs', 'dist/cdk/index.cjs']),
    );
  });

  it('stays small', () => {
    expect(installed.tarballBytes).toBeLessThan(2_000_000);
  });

  it('installs into an empty folder without the CDK, and its command runs', async () => {
    expect(existsSync(join(installed.folder, 'node_modules/aws-cdk-lib'))).toBe(false);
    const help = await tryRun(installed.folder, 'npx', ['--no-install', 'firebreak', '--help']);
    expect(help.output).toContain('Usage: firebreak');
    expect(help.ok).toBe(true);
  });
});

/** What a consumer writes: props with their types, the construct, the aspect, and one mistake that must not pass. */
const SOURCE = `
import { App, Aspects, Stack } from 'aws-cdk-lib';
import { Firebreak, FirebreakAlarms, type FirebreakProps } from 'firebreak/cdk';

const props: FirebreakProps = { alertEmails: ['oncall@example.com'], killSwitch: { mode: 'observe' } };
// @ts-expect-error there is no such mode
const wrong: FirebreakProps = { killSwitch: { mode: 'sometimes' } };
if (wrong === props) throw new Error();

const app = new App({ outdir: 'cdk.out' });
const stack = new Stack(app, 'Mine');
const firebreak = new Firebreak(stack, 'Firebreak', props);
Aspects.of(app).add(new FirebreakAlarms({ topic: firebreak.alertTopic }));
app.synth();
`;

interface Consumer {
  readonly name: string;
  readonly type: 'module' | 'commonjs';
  readonly options: Readonly<Record<string, unknown>>;
  /** Which compiler: the repository's, or the one that many CDK projects still have. */
  readonly compiler: 'current' | '5.9';
}

const consumers: readonly Consumer[] = [
  { name: 'nodenext-esm', type: 'module', options: { module: 'nodenext' }, compiler: 'current' },
  { name: 'nodenext-cjs', type: 'commonjs', options: { module: 'nodenext' }, compiler: 'current' },
  { name: 'node16-esm', type: 'module', options: { module: 'node16' }, compiler: 'current' },
  {
    name: 'commonjs-node10',
    type: 'commonjs',
    options: { module: 'commonjs', moduleResolution: 'node10' },
    compiler: '5.9',
  },
];

/** Writes the app and compiles it. */
async function compile({ name, type, options, compiler }: Consumer): Promise<string> {
  const folder = join(installed.folder, name);
  await mkdir(folder);
  const compilerOptions = { strict: true, target: 'es2022', skipLibCheck: true, types: [], ...options };
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type }));
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['app.ts'] }));
  await writeFile(join(folder, 'app.ts'), SOURCE);
  const tsc = compiler === 'current' ? TSC : (await toolchain()).tsc5;
  const compiled = await tryRun(folder, process.execPath, [tsc, '-p', '.']);
  expect(compiled).toEqual({ ok: true, output: '' });
  return folder;
}

describe('a CDK app that uses the construct', () => {
  beforeAll(() => linkCdk(installed.folder));

  it.each(consumers)(
    '$name, TypeScript $compiler: type-checks, runs, and stages the handlers',
    async (consumer) => {
      const folder = await compile(consumer);
      const ran = await tryRun(folder, process.execPath, ['app.js']);
      expect(ran.ok, ran.output).toBe(true);
      const assembly = await readdir(join(folder, 'cdk.out'));
      expect(assembly).toContain('Mine.template.json');
      const asset = assembly.find((entry) => entry.startsWith('asset.')) ?? '';
      expect(await readdir(join(folder, 'cdk.out', asset))).toContain('tick.mjs');
    },
  );
});

import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { zipSync } from 'fflate';

const ROOT = join(import.meta.dirname, '../..');

/** Modules of the deployed handlers: `src/handlers/<name>.ts` becomes `<name>.mjs`. */
export const HANDLER_MODULES = ['tick', 'survey', 'cost', 'kill'] as const;
export type BundledHandler = (typeof HANDLER_MODULES)[number];

/**
 * Bundles one handler with everything it needs, the AWS SDK included: the copy in the runtime changes under a
 * deployed function (AWS advises to bundle it; Lambda developer guide, runtimes, 2026).
 */
export async function bundleHandler(name: BundledHandler, outFolder: string): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: [join(ROOT, 'src/handlers', `${name}.ts`)],
    outfile: join(outFolder, `${name}.mjs`),
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    minify: true,
    // Names of classes and functions are in logs and in error classes.
    keepNames: true,
    sourcemap: false,
    legalComments: 'none',
    mainFields: ['module', 'main'],
    // What is still CommonJS among the dependencies asks for built-in modules through `require`.
    banner: {
      js: "import{createRequire as firebreakRequire}from'node:module';const require=firebreakRequire(import.meta.url);",
    },
    metafile: true,
    logLevel: 'warning',
  });
  return metafile;
}

/** The entry of `firebreak/cdk` as ES module and as CommonJS, with what of firebreak itself it needs inside. */
export async function bundleConstruct(outFolder: string): Promise<void> {
  const common: BuildOptions = {
    entryPoints: [join(ROOT, 'infra/index.ts')],
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    target: 'node20',
    external: ['aws-cdk-lib', 'constructs', 'zod'],
    logLevel: 'warning',
  };
  await build({ ...common, format: 'esm', outfile: join(outFolder, 'index.js') });
  await build({
    ...common,
    format: 'cjs',
    outfile: join(outFolder, 'index.cjs'),
    define: { 'import.meta.dirname': '__dirname' },
  });
}

/** An archive of a folder's files; the same files give the same bytes. */
export async function zipFolder(folder: string): Promise<Uint8Array> {
  const names = (await readdir(folder)).sort();
  const entries = await Promise.all(
    names.map(async (name) => [name, await readFile(join(folder, name))] as const),
  );
  // The least date that the format has; real ones would make every archive differ.
  return zipSync(Object.fromEntries(entries), { level: 9, mtime: new Date('1980-01-02T00:00:00Z') });
}

/** Empties and makes a folder. */
export async function freshFolder(path: string): Promise<string> {
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { recursive: true });
  return path;
}

export async function writeText(path: string, text: string): Promise<void> {
  await writeFile(path, text.endsWith('\n') ? text : `${text}\n`);
}

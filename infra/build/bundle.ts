import { join } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { ROOT } from './files.ts';

/** Modules of the deployed handlers: `src/handlers/<name>.ts` becomes `<name>.mjs`. */
export const HANDLER_MODULES = ['tick', 'shard', 'survey', 'cost', 'kill'] as const;
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
    // Names of error classes are in the logs.
    keepNames: true,
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

/** The entry of `firebreak/cdk` as ES module and as CommonJS, with what it needs of the rest of firebreak inside. */
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

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleConstruct, bundleHandler, HANDLER_MODULES } from './bundle.ts';
import { freshFolder, ROOT, zipFolder } from './files.ts';
import { writeTypes } from './types.ts';

/** `npm run bundle`: the handlers into `dist/lambda`, the construct with its types into `dist/cdk`. */
async function main(): Promise<void> {
  const lambda = await freshFolder(join(ROOT, 'dist/lambda'));
  await Promise.all(HANDLER_MODULES.map((name) => bundleHandler(name, lambda)));
  for (const name of HANDLER_MODULES) {
    const { size } = await stat(join(lambda, `${name}.mjs`));
    report(`${name}.mjs`, size);
  }
  report('all, zipped', (await zipFolder(lambda)).length);
  const cdk = await freshFolder(join(ROOT, 'dist/cdk'));
  await bundleConstruct(cdk);
  await writeTypes(cdk);
}

function report(what: string, bytes: number): void {
  process.stdout.write(`${what.padEnd(12)} ${Math.round(bytes / 1_000).toLocaleString('en-US')} kB\n`);
}

await main();

import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { version } from '../../src/cli/version.ts';
import { ROOT, writeText, zipFolder } from './files.ts';
import { plainTemplate } from './plain-template.ts';

/** `npm run template [-- -c killMode=auto ...]`: the template and the archive of the handlers, into `dist`. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { context: { type: 'string', short: 'c', multiple: true } } });
  const archive = await zipFolder(join(ROOT, 'dist/lambda'));
  const hash = createHash('sha256').update(archive).digest('hex').slice(0, 12);
  const handlerKey = `firebreak-${version}-${hash}.zip`;
  const context = Object.fromEntries((values.context ?? []).map(entryOf));
  await writeFile(join(ROOT, 'dist', handlerKey), archive);
  await writeText(
    join(ROOT, 'dist/firebreak.template.json'),
    JSON.stringify(plainTemplate({ handlerKey, context }), null, 1),
  );
  process.stdout.write(`dist/firebreak.template.json\ndist/${handlerKey}\n`);
}

function entryOf(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new Error(`-c takes key=value, given: ${text}`);
  return [text.slice(0, at), text.slice(at + 1)];
}

await main();

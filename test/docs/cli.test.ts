import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describe as describeProgram, flatten } from '../../src/cli/describe.ts';
import { buildProgram, run } from '../../src/cli/program.ts';
import { DOCUMENTS } from '../../src/cli/schemas/registry.ts';
import { EXIT, EXIT_MEANINGS } from '../../src/model/errors.ts';
import { fakeIo } from '../cli/fake-io.ts';
import { root } from './pages.ts';

const INTRODUCTION = `# Command line

Made from the program itself: \`npx vitest run --project unit test/docs/cli.test.ts -u\` writes this page anew, and a test fails when it is
out of date. \`firebreak <command> --help\` says the same in the terminal, \`firebreak completion\` completes it.

The result goes to standard output, all talk to standard error. With \`--json\` the result is one JSON document (\`watch\`: a line for
each look); \`firebreak schema\` prints its JSON Schema. A document keeps its fields within its version and may gain some. Colours are left
out where the output is no terminal, and with \`NO_COLOR\`.

## Exit codes

| code | means |
|---|---|
${Object.entries(EXIT)
  .map(([name, code]) => `| ${code} | ${EXIT_MEANINGS[name as keyof typeof EXIT]} |`)
  .join('\n')}
`;

it('docs/cli.md is what the program says of itself', async () => {
  const commands = flatten(describeProgram(await buildProgram(fakeIo())));
  const sections: string[] = [];
  for (const { path, commands: below } of commands) {
    if (path === '') continue;
    const io = fakeIo({ columns: 110 });
    expect(await run([...path.split(' '), '--help'], io)).toBe(0);
    const name = Object.entries(DOCUMENTS).find(([, { from }]) =>
      from.startsWith(`firebreak ${path} --json`),
    );
    const schema = name === undefined || below.length > 0 ? '' : `\nJSON: \`firebreak schema ${name[0]}\`\n`;
    sections.push(`## firebreak ${path}\n\n\`\`\`text\n${io.out().trim()}\n\`\`\`\n${schema}`);
  }
  await expect(`${[INTRODUCTION, ...sections].join('\n')}`).toMatchFileSnapshot(join(root, 'docs/cli.md'));
});

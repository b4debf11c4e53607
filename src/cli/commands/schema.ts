import type { Register } from '../register.ts';
import { DOCUMENTS, documentSchema } from '../schemas/registry.ts';
import { renderTable } from '../table.ts';

interface Options {
  readonly json?: boolean;
}

/** `firebreak schema`: what a program may rely on in what other commands print. */
export const registerSchema: Register = (program, io) => {
  program
    .command('schema')
    .description('Prints the JSON Schema of what another command prints with --json, or lists them')
    .argument('[name]', 'a document, such as status')
    .option('--json', 'print all of them as one JSON document (firebreak-schemas/1)')
    .addHelpText(
      'after',
      `
A document keeps its fields within a version (the number in its format) and may gain some: ignore what you do not know.

Examples:
  firebreak schema
  firebreak schema status > status.schema.json`,
    )
    .action((name: string | undefined, { json = false }: Options) => {
      if (name !== undefined) {
        io.stdout(`${JSON.stringify(documentSchema(name), null, 2)}\n`);
        return;
      }
      if (json) {
        const schemas = Object.fromEntries(Object.keys(DOCUMENTS).map((key) => [key, documentSchema(key)]));
        io.stdout(`${JSON.stringify({ format: 'firebreak-schemas/1', schemas }, null, 2)}\n`);
        return;
      }
      const rows = Object.entries(DOCUMENTS).map(([key, { from }]) => [key, `firebreak-${key}/1`, from]);
      io.stdout(renderTable([{ title: 'name' }, { title: 'format' }, { title: 'printed by' }], rows));
    });
};

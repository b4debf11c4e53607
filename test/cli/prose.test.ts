import { expect, it } from 'vitest';
import { buildProgram, run } from '../../src/cli/program.ts';
import { point, reflowed } from '../../src/cli/prose.ts';
import { commandsOf } from '../docs/command-lines.ts';
import { fakeIo } from './fake-io.ts';

it('paragraphs are broken anew; blank and indented lines stay', () => {
  const text = 'One two three\nfour five.\n\nExample:\n  a command that is longer than that\n';
  expect(reflowed(text, 13)).toBe(
    'One two three\nfour five.\n\nExample:\n  a command that is longer than that\n',
  );
  expect(reflowed(text, 40)).toBe(
    'One two three four five.\n\nExample:\n  a command that is longer than that\n',
  );
});

it('a point is broken for eyes alone', () => {
  const indent = { first: '- ', rest: '  ' };
  expect(point('one two three', indent, { isTty: true, columns: 9 })).toBe('- one two\n  three');
  expect(point('one two three', indent, { isTty: false, columns: 9 })).toBe('- one two three');
});

it('no help is wider than a terminal of 80 columns, but for commands to copy', async () => {
  for (const { path } of commandsOf(await buildProgram(fakeIo()))) {
    const io = fakeIo({ columns: 80 });
    expect(await run([...path.split(' '), '--help'], io)).toBe(0);
    const wide = io
      .out()
      .split('\n')
      .filter((line) => line.length > 80 && !/^ +firebreak /.test(line));
    expect(wide, path).toEqual([]);
  }
});

it('the demo fits a terminal of 80 columns', async () => {
  const io = fakeIo({ columns: 80 });
  expect(await run(['demo'], io)).toBe(0);
  expect(
    io
      .out()
      .split('\n')
      .filter((line) => line.length > 80),
  ).toEqual([]);
});

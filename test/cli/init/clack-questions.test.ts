import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { clackQuestions } from '../../../src/cli/init/clack-questions.ts';

const ENTER = '\r';
const DOWN = '\u001b[B';
const CTRL_C = '\u0003';

/** Questions on a terminal at which these keys are pressed, one after the other. */
function typed(...keys: readonly string[]) {
  const input = new PassThrough();
  const shown: string[] = [];
  const output = new Writable({
    write: (chunk, _, done) => {
      shown.push(String(chunk));
      done();
    },
  });
  setImmediate(async () => {
    for (const key of keys) {
      input.write(key);
      await new Promise(setImmediate);
    }
  });
  return { questions: clackQuestions({ input, output }), shown: () => shown.join('') };
}

const anything = () => undefined;

describe('clackQuestions', () => {
  it('text: what is typed, after the suggestion', async () => {
    const { questions } = typed('2', ENTER);
    expect(await questions.text({ message: 'How much?', initial: '4', problem: anything })).toBe('42');
  });

  it('text: says what is wrong and asks again', async () => {
    const { questions, shown } = typed('x', ENTER, '\u007f', '5', ENTER);
    const problem = (text: string) => (/^\d+$/.test(text) ? undefined : 'not a number');
    expect(await questions.text({ message: 'How much?', initial: '', problem })).toBe('5');
    expect(shown()).toContain('not a number');
  });

  it('choose: the suggestion, or another', async () => {
    const question = {
      message: 'Which?',
      initial: 'b' as const,
      choices: [
        { value: 'a' as const, label: 'first' },
        { value: 'b' as const, label: 'second' },
        { value: 'c' as const, label: 'third', hint: 'rare' },
      ],
    };
    expect(await typed(ENTER).questions.choose(question)).toBe('b');
    expect(await typed(DOWN, ENTER).questions.choose(question)).toBe('c');
  });

  it('agree', async () => {
    expect(await typed('y').questions.agree({ message: 'Really?', initial: false })).toBe(true);
    expect(await typed('n').questions.agree({ message: 'Really?', initial: true })).toBe(false);
  });

  it('null for a person who gives up', async () => {
    expect(await typed(CTRL_C).questions.text({ message: 'x', initial: '', problem: anything })).toBeNull();
    expect(await typed(CTRL_C).questions.agree({ message: 'x', initial: true })).toBeNull();
  });
});

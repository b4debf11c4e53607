import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseTrace } from '../../src/observe/trace/parse.ts';
import { root } from './pages.ts';

it('the example of docs/trace.md is a trace, and says what the page says of it', () => {
  const page = readFileSync(join(root, 'docs/trace.md'), 'utf8');
  const trace = parseTrace(JSON.parse(/```json\n(.*?)```/s.exec(page)?.[1] ?? '{}'));
  const errors = trace.functions.get('orders-worker')?.errors;
  expect([...(errors?.final ?? [])]).toEqual([0, Number.NaN, 3, 1]);
  expect(errors?.late).toEqual([{ period: 2, untilTick: 7, value: 3 }]);
});

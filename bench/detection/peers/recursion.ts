import type { Trace } from '../../../src/observe/trace/format.ts';
import { tickAt } from '../../../src/observe/trace/trace-source.ts';
import type { Page } from '../page.ts';

/**
 * Lambda's recursive loop detection, taken at its best: it stops the chain by itself, and RecursiveInvocationsDropped tells of
 * it at once. (Its e-mail comes up to 3.5 h later: "Use Lambda recursive loop detection", Lambda developer guide, 2026.)
 */
export function recursionPages(trace: Trace): readonly Page[] {
  return [...trace.functions].flatMap(([name, { recursiveInvocationsDropped }]) => {
    const first = recursiveInvocationsDropped?.final.findIndex((dropped) => dropped > 0) ?? -1;
    return first < 0 ? [] : [{ at: tickAt(trace, first), resources: [name], what: 'recursion stopped' }];
  });
}

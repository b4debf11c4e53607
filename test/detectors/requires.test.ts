import { describe, expect, it } from 'vitest';
import { DETECTORS } from '../../detectors/registry.ts';
import type { Window } from '../../src/model/window.ts';
import { FUNCTION_METRICS, QUEUE_METRICS } from '../../src/observe/trace/format.ts';
import { parseTrace } from '../../src/observe/trace/parse.ts';
import { tickAt, traceSource } from '../../src/observe/trace/trace-source.ts';
import { families } from '../../src/simulate/families/registry.ts';
import { simulate } from '../../src/simulate/simulate.ts';

const LAMBDA = refsOf('AWS/Lambda', FUNCTION_METRICS);
const SQS = refsOf('AWS/SQS', QUEUE_METRICS);
const SEED = 11;
const TICKS_APART = 90;

function refsOf(namespace: string, metrics: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(metrics).map(([metric, field]) => [field, `${namespace}/${metric}`]));
}

/** The same window, noting each series that is looked at. */
function watched(window: Window, seen: Set<string>): Window {
  const wrap = <T extends object>(series: ReadonlyMap<string, T>, refs: ReadonlyMap<string, string>) =>
    new Map(
      [...series].map(([name, fields]) => [
        name,
        new Proxy(fields, {
          get(target, field) {
            const ref = refs.get(String(field));
            if (ref !== undefined) seen.add(ref);
            return Reflect.get(target, field) as unknown;
          },
        }),
      ]),
    );
  return { ...window, functions: wrap(window.functions, LAMBDA), queues: wrap(window.queues, SQS) };
}

/** Series that each detector looks at, over every family of the simulator. */
async function looks(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const seen = new Map(DETECTORS.map(({ id }) => [id, new Set<string>()]));
  for (const family of Object.values(families)) {
    const { trace: document } = simulate(family.scenario(SEED, { background: 0, minutes: 720 }));
    const trace = parseTrace(document);
    const source = traceSource(trace);
    for (let period = 0; period < trace.periods; period += TICKS_APART) {
      const now = tickAt(trace, period);
      const baselines = await source.baselines(now, []);
      const window = await source.window(now);
      for (const { id, evaluate } of DETECTORS)
        evaluate(watched(window, seen.get(id) as Set<string>), baselines);
    }
  }
  return seen;
}

describe('what a detector requires', async () => {
  const seen = await looks();

  it.each(DETECTORS.map((detector) => [detector.id, detector] as const))(
    '%s: all that it reads',
    (id, detector) => {
      const required = new Set<string>(detector.requires);
      expect([...(seen.get(id) ?? [])].filter((ref) => !required.has(ref)).sort()).toEqual([]);
    },
  );
});

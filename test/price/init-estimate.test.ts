import { describe, expect, it } from 'vitest';
import { parseTrace } from '../../src/observe/trace/parse.ts';
import { accrue } from '../../src/price/accrual.ts';
import { newEnvironments } from '../../src/price/init-estimate.ts';
import { costOf } from '../../src/replay/cost.ts';
import { families } from '../../src/simulate/families/registry.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import { lambdaFunction } from '../decide/build.ts';

const NONE = Number.NaN;

describe('new environments', () => {
  it.each([
    ['nothing is known of the first minute', [5, 5, 5], [0, 0, 0]],
    ['a ramp is new environments', [1, 3, 10], [0, 2, 7]],
    [
      'those of a peak are kept for ten minutes',
      [0, 4, 1, 1, 1, 1, 1, 1, 1, 1, 1, 4],
      [0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ],
    ['and are gone after', [0, 4, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 4], [0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3]],
    ['a minute without a datapoint is one in which nothing ran', [0, NONE, 2, NONE], [0, 0, 2, 0]],
  ])('%s', (_, concurrency, begun) => {
    expect([...newEnvironments(Float64Array.from(concurrency))]).toEqual(begun);
  });
});

describe('dollars of a minute', () => {
  const usdOf = (concurrentExecutions?: Float64Array) =>
    accrue({
      ...{ region: 'us-east-1', queues: [], minutes: 3, pricing: {} },
      fn: lambdaFunction({ memoryMB: 1024, eventSources: [] }),
      lambda: {
        invocations: Float64Array.of(0, 0, 10),
        durationSumMs: Float64Array.of(0, 0, 10_000),
        ...(concurrentExecutions === undefined ? {} : { concurrentExecutions }),
      },
    });

  it('hold the INIT of environments that began in it, in the part that is Lambda’s too', () => {
    const [without, with_] = [usdOf(), usdOf(Float64Array.of(0, 0, 10))];
    const initUsd = 10 * 0.4 * 0.0000166667;
    expect((with_.usd[2] as number) - (without.usd[2] as number)).toBeCloseTo(initUsd, 12);
    expect((with_.lambdaUsd[2] as number) - (without.lambdaUsd[2] as number)).toBeCloseTo(initUsd, 12);
  });

  it('hold none where nothing began', () => {
    expect(usdOf(Float64Array.of(10, 10, 10)).usd).toEqual(usdOf().usd);
  });
});

describe('against the ledger of simulated fleets, which bills INIT', () => {
  const SEED = 31_000;

  it.each(['error-storm', 'batch-job', 'cold-account', 'low-traffic'])(
    `the dollars of %s are nearer with it than without, seed ${SEED}`,
    (id) => {
      const family = families[id] ?? expect.fail(`no family ${id}`);
      const { trace: document, truth } = simulate(family.scenario(SEED, { background: 7 }));
      const trace = parseTrace(document);
      const blind = {
        ...trace,
        functions: new Map(
          [...trace.functions].map(([name, series]) => {
            const { concurrentExecutions: _, ...rest } = series;
            return [name, rest];
          }),
        ),
      };
      const error = (of: typeof trace) => Math.abs(costOf(of, {}).totalUsd / truth.totalUsd - 1);
      expect(error(trace)).toBeLessThan(error(blind));
      expect(error(trace)).toBeLessThan(0.015);
    },
  );
});

import { describe, expect, it } from 'vitest';
import { suggestDownstream } from '../../src/price/downstream.ts';
import { between, createRng, normal } from '../../src/simulate/random.ts';

const DAYS = 91;

/** A week with an empty weekend, growth, and a noise of its own. */
function invocations(seed: number, noise = 0.2): Float64Array {
  const rng = createRng(seed);
  return Float64Array.from({ length: DAYS }, (_, day) =>
    Math.round(100_000 * (day % 7 >= 5 ? 0.4 : 1) * 1.004 ** day * Math.exp(noise * normal(rng))),
  );
}

function cost(seed: number, of: (day: number) => number, noise = 0.03): Float64Array {
  const rng = createRng(seed, 9);
  return Float64Array.from({ length: DAYS }, (_, day) => of(day) * Math.exp(noise * normal(rng)));
}
const at = (values: Float64Array, day: number) => values[day] as number;

const [orders, mails, search] = [1, 2, 3].map((seed) => invocations(seed)) as [
  Float64Array,
  Float64Array,
  Float64Array,
];
const functions = [
  { name: 'orders', invocations: orders },
  { name: 'mails', invocations: mails },
  { name: 'search', invocations: search },
];
const suggest = (service: string, usd: Float64Array, of = functions) =>
  suggestDownstream([{ service, usd }], of);

describe('suggestDownstream', () => {
  it('finds the function whose invocations a service follows, and what each of them costs', () => {
    const [found, ...more] = suggest(
      'Amazon Bedrock',
      cost(5, (day) => 30 + 0.004 * at(orders, day)),
    );
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      functionName: 'orders',
      service: 'Amazon Bedrock',
      alternatives: [],
      days: DAYS,
    });
    expect(found?.usdPerInvocation).toBeCloseTo(0.004, 3);
    expect(found?.low).toBeLessThan(0.004);
    expect(found?.high).toBeGreaterThan(0.004);
    expect(found?.explained).toBeGreaterThan(0.8);
  });

  it('finds a second function in what the first leaves', () => {
    const usd = cost(6, (day) => 0.004 * at(orders, day) + 0.002 * at(mails, day), 0.01);
    const found = suggest('Amazon DynamoDB', usd);
    expect(found.map(({ functionName }) => functionName)).toEqual(['orders', 'mails']);
    expect(found[1]?.usdPerInvocation).toBeCloseTo(0.002, 3);
  });

  it('names the functions that it could as well be', () => {
    const rng = createRng(8);
    const twin = orders.map((count) => Math.round(count * between(rng, 0.97, 1.03)));
    const [found] = suggest(
      'Amazon Bedrock',
      cost(7, (day) => 0.004 * at(orders, day)),
      [...functions, { name: 'orders-audit', invocations: twin }],
    );
    expect([found?.functionName, ...(found?.alternatives ?? [])].sort()).toEqual(['orders', 'orders-audit']);
  });

  it.each([
    [
      'shares the week and the growth with a function, and no more',
      cost(9, (day) => (day % 7 >= 5 ? 40 : 100) * 1.004 ** day),
    ],
    ['costs the same every day', cost(10, () => 200)],
    ['costs next to nothing', cost(11, (day) => 0.000_005 * at(orders, day))],
  ])('suggests nothing for a service that %s', (_, usd) => {
    expect(suggest('AWS Other', usd)).toEqual([]);
  });

  it('suggests nothing from less than nine weeks', () => {
    const short = functions.map((fn) => ({ ...fn, invocations: fn.invocations.slice(0, 62) }));
    const usd = cost(5, (day) => 0.004 * at(orders, day)).slice(0, 62);
    expect(suggest('Amazon Bedrock', usd, short)).toEqual([]);
  });

  it('is not led astray by some wild days', () => {
    const usd = cost(12, (day) => 30 + 0.004 * at(orders, day));
    for (const day of [20, 41, 66]) usd[day] = 5_000;
    expect(suggest('Amazon Bedrock', usd)[0]?.usdPerInvocation).toBeCloseTo(0.004, 3);
  });

  it('finds the one among five hundred functions, and is not led by chance to another', () => {
    const fleet = Array.from({ length: 500 }, (_, i) => ({
      name: `f${i}`,
      invocations: invocations(1_000 + i),
    }));
    const services = [
      { service: 'follows f7', usd: cost(20, (day) => 20 + 0.004 * at(invocations(1_007), day)) },
      ...Array.from({ length: 10 }, (_, i) => ({ service: `s${i}`, usd: cost(500 + i, () => 200, 0.2) })),
    ];
    expect(suggestDownstream(services, fleet).map(({ functionName }) => functionName)).toEqual(['f7']);
  });

  it('raises few false suggestions: a hundred services that follow nobody', () => {
    const services = Array.from({ length: 100 }, (_, i) => ({
      service: `service-${i}`,
      usd: cost(100 + i, (day) => (day % 7 >= 5 ? 50 : 100), 0.2),
    }));
    expect(suggestDownstream(services, functions).length).toBeLessThanOrEqual(1);
  });
});

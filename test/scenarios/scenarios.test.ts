import { describe, expect, it } from 'vitest';
import { DETECTOR_IDS } from '../../src/model/finding.ts';
import { type ScenarioText, scenarioFile } from './format.ts';
import { type Named, scenariosIn } from './load.ts';
import { differences, play } from './play.ts';

const troubles = scenariosIn('troubles');
const lookalikes = scenariosIn('lookalikes');

async function check(named: Named<ScenarioText>): Promise<void> {
  const played = await play(named);
  for (const { balance } of Object.values(played.truth.conservation)) expect(balance).toBe(0);
  expect(differences(named.text, played)).toEqual([]);
}

describe.each([
  { kind: 'trouble', scenarios: troubles },
  { kind: 'what only looks like trouble', scenarios: lookalikes },
])('$kind', ({ scenarios }) => {
  for (const named of scenarios) {
    const { what, wrong } = named.text;
    if (wrong === undefined) it(`${named.name}: ${what}`, () => check(named));
    else it.fails(`${named.name}: ${what} Not so yet: ${wrong}`, () => check(named));
  }
});

describe('the corpus', () => {
  it('has each detector in two guises and more', () => {
    const best = troubles.flatMap(({ text }) =>
      text.expect === 'silent' ? [] : text.expect.flatMap(({ detectors }) => detectors.slice(0, 1)),
    );
    expect(DETECTOR_IDS.filter((id) => best.filter((one) => one === id).length < 2)).toEqual([]);
  });

  it('is read strictly: a word that is not known, or a detector that is none, is refused', () => {
    const text = { what: 'a', why: 'b', hours: 1, functions: { f: { memoryMB: 128 } }, expect: 'silent' };
    expect(scenarioFile.safeParse({ s: text }).success).toBe(true);
    expect(scenarioFile.safeParse({ s: { ...text, functions: { f: { memory: 128 } } } }).success).toBe(false);
    const expected = [{ page: 'retry-storm', of: 'f', withinMinutes: 1 }];
    expect(scenarioFile.safeParse({ s: { ...text, expect: expected } }).success).toBe(false);
  });

  it('has thirty and more of either kind, each under a name of its own', () => {
    const names = [...troubles, ...lookalikes].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(troubles.length).toBeGreaterThanOrEqual(30);
    expect(lookalikes.length).toBeGreaterThanOrEqual(30);
  });
});

import { createRng, type Rng, uniform } from '../../../src/simulate/random.ts';
import { DEFECTS, type Defect } from './defects.ts';
import { cleanUnit, type Unit } from './unit.ts';

/** An account of functions with planted defects, each beside a clean twin. */
export interface PlantedAccount {
  readonly units: readonly Unit[];
  /** `rule resource` of every finding that an audit has to make, sorted; nothing else is wrong. */
  readonly expected: readonly string[];
}

/** Functions of the account in a drawn order: defects of every rule in turn, a clean twin of each, the rest clean. */
export function plantedAccount(seed: number, functions: number): PlantedAccount {
  const rng = createRng(seed);
  const units: Unit[] = [];
  const expected: string[] = [];
  const nameAt = (i: number) => `fn-${String(i).padStart(4, '0')}`;
  while (units.length + 2 * (DEFECTS.length + 1) <= functions) {
    for (const defect of DEFECTS) {
      const name = nameAt(units.length);
      units.push(defect.plant(cleanUnit(name, defect.kind), rng));
      expected.push(...findingsOf(defect, name));
      units.push(cleanUnit(nameAt(units.length), defect.kind));
    }
    units.push(...sharedRole(nameAt(units.length), nameAt(units.length + 1)));
    expected.push(`role-shared ${units.at(-1)?.role.name}`);
  }
  while (units.length < functions) units.push(cleanUnit(nameAt(units.length), 'queue'));
  return { units: shuffled(units, rng), expected: expected.sort() };
}

function findingsOf({ rule, resource, also = [] }: Defect, name: string): string[] {
  return [`${rule} ${resource?.(name) ?? name}`, ...also.map((other) => `${other} ${name}`)];
}

/** Two functions that are clean but for the role of the first, which both have. */
function sharedRole(one: string, other: string): Unit[] {
  const first = cleanUnit(one, 'queue');
  const second = cleanUnit(other, 'queue');
  return [first, { ...second, role: first.role, config: { ...second.config, Role: first.config['Role'] } }];
}

function shuffled<T>(items: readonly T[], rng: Rng): T[] {
  return items
    .map((item) => ({ item, at: uniform(rng) }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

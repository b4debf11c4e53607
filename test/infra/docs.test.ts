import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { METRIC_UNITS } from '../../src/handlers/metric-names.ts';
import { CONFIG_BYTES_MAX } from '../../src/handlers/variables.ts';
import { resourcesOf, synthesize } from './synth.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const page = read('docs/deployment.md');
const props = read('infra/props.ts');

/** Fields of an interface in props.ts, with the doc comment above each. */
function fieldsOf(name: string): readonly { readonly field: string; readonly doc: string }[] {
  const body = new RegExp(`interface ${name} \\{\\n(.*?)\\n\\}`, 's').exec(props)?.[1] ?? '';
  return [...body.matchAll(/ {2}\/\*\*(.*?)\*\/\n {2}readonly (\w+)\??:/gs)].map(
    ([, doc = '', field = '']) => ({
      field,
      doc,
    }),
  );
}

describe('every prop of the construct', () => {
  const all = ['FirebreakProps', 'KillSwitchProps', 'PricingProps', 'BudgetProps'].flatMap(fieldsOf);

  it.each(all)('$field says its default, and is on the page', ({ field, doc }) => {
    if (field !== 'mode') expect(doc).toContain('@default');
    expect(page).toMatch(new RegExp(`\`[\\w.]*\\b${field}\\b`));
  });

  it('is found by this test', () => {
    expect(fieldsOf('FirebreakProps').map(({ field }) => field)).toContain('reserveConcurrency');
    expect(all.length).toBe([...props.matchAll(/^ {2}readonly /gm)].length);
  });
});

describe('docs/deployment.md', () => {
  it('says of every alarm what it means', () => {
    const { template } = synthesize({ killSwitch: { mode: 'auto' } });
    for (const id of Object.keys(resourcesOf(template, 'AWS::CloudWatch::Alarm'))) {
      const name = /HealthAlarms([A-Za-z]+?)[0-9A-F]{8}$/.exec(id)?.[1] ?? id;
      expect(page, name).toContain(name);
    }
  });

  it('names every metric', () => {
    for (const name of Object.keys(METRIC_UNITS)) expect(page).toContain(`\`${name}\``);
  });

  it('names every context key of the app', () => {
    const context = read('infra/context.ts');
    const keys = [...context.matchAll(/^ {2}(\w+): '\1',$/gm)].map(([, key]) => key);
    expect(keys.length).toBeGreaterThan(5);
    for (const key of keys) expect(page).toContain(`\`${key}\``);
  });

  it('says how large the settings may be', () => {
    expect(page).toContain(`${CONFIG_BYTES_MAX.toLocaleString('en-US')} bytes`);
  });
});

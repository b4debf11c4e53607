import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AUDIT_RULES } from '../../src/audit/registry.ts';
import { AUDIT_CALLS } from '../../src/observe/aws/audit-wire.ts';

const docs = (name: string) => readFileSync(join(import.meta.dirname, '../../docs', name), 'utf8');

describe('docs/audit.md', () => {
  const text = docs('audit.md');

  it.each(AUDIT_RULES.map(({ id, title }) => [id, title] as const))(
    'explains %s as the report does',
    (id, title) => {
      expect(text).toContain(`| \`${id}\``);
      expect(text).toContain(title);
    },
  );

  it('names no rule that does not exist', () => {
    const named = [...text.matchAll(/^\| `([a-z-]+)`/gm)].map(([, id]) => id);
    expect(named.toSorted()).toEqual(AUDIT_RULES.map(({ id }) => id).toSorted());
  });
});

describe('docs/permissions.md', () => {
  const section = docs('permissions.md').split('\n## Auditing')[1]?.split('\n## ')[0] ?? '';

  it.each(Object.values(AUDIT_CALLS).map(({ permission }) => permission))(
    'lists %s for the audit',
    (permission) => {
      expect(section).toContain(`\`${permission}\``);
    },
  );

  it('lists only what reads', () => {
    for (const [, action] of section.matchAll(/`[a-z-]+:([A-Z]\w+)`/g)) {
      expect(action).toMatch(/^(List|Get|Describe|Filter)/);
    }
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { AUDIT_CALLS } from '../../src/observe/aws/audit-wire.ts';
import { READ_PERMISSIONS } from '../../src/observe/aws/calls.ts';
import { root } from './pages.ts';

it('the policy of docs/getting-started.md allows what watch, record and audit call, and nothing else', () => {
  const page = readFileSync(join(root, 'docs/getting-started.md'), 'utf8');
  const policy = JSON.parse(/```json\n(\{\s*"Version".*?)```/s.exec(page)?.[1] ?? '{}');
  const needed = [...READ_PERMISSIONS, ...Object.values(AUDIT_CALLS).map(({ permission }) => permission)];
  expect(policy.Statement[0].Action.toSorted()).toEqual([...new Set(needed)].sort());
});

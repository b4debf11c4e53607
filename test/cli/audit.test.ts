import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Io } from '../../src/cli/io.ts';
import { run } from '../../src/cli/program.ts';
import { ACCOUNT, auditWorld } from '../observe/aws/audit-world.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { fakeIo } from './fake-io.ts';

const TEMPLATE = {
  Resources: {
    Orders: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'orders' } },
    Worker: {
      Type: 'AWS::Lambda::Function',
      Properties: { FunctionName: 'worker', MemorySize: 1024, Timeout: 900, Runtime: 'nodejs24.x' },
    },
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { FunctionName: { Ref: 'Worker' }, EventSourceArn: { 'Fn::GetAtt': ['Orders', 'Arn'] } },
    },
  },
};

const world = auditWorld();
let folder = '';

beforeEach(async () => {
  world.reset();
  folder = temporaryFolder('audit');
  await writeFile(join(folder, 'app.template.json'), JSON.stringify(TEMPLATE));
});

async function audit(argv: readonly string[], overrides: Partial<Io> = {}) {
  const io = fakeIo(overrides);
  const code = await run(['audit', ...argv], io);
  return { code, out: io.out(), err: io.err() };
}

const account = () => ['--region', 'eu-central-1', '--resume', join(folder, 'audit.partial')];
const template = () => ['--template', join(folder, 'app.template.json')];

describe('firebreak audit --template', () => {
  it('shows exposure and findings of the template', async () => {
    const { code, out, err } = await audit([...template(), '--region', 'eu-west-1']);
    expect(code).toBe(0);
    expect(out).toMatch(/worker +\$60\.00 +1,000 +account limit +\$172\.80 +11,520 attempts in 4 d/);
    expect(out).toMatch(/high +queue-no-redrive +orders -> worker/);
    expect(err).toBe('');
  });

  it('prints one JSON document', async () => {
    const { out } = await audit([...template(), '--json']);
    expect(JSON.parse(out)).toMatchObject({ format: 'firebreak-audit/1', subject: { kind: 'template' } });
  });

  it('prints Markdown, and writes HTML beside it', async () => {
    const html = join(folder, 'audit.html');
    const { code, out, err } = await audit([...template(), '--markdown', '--html', html]);
    expect(code).toBe(0);
    expect(out).toMatch(/^## firebreak audit/);
    expect(await readFile(html, 'utf8')).toMatch(/<\/html>/);
    expect(err).toBe(`wrote ${html}\n`);
  });

  it.each([
    ['high', 3, /\d findings are at least high/],
    ['low', 3, /findings are at least low/],
  ] as const)(
    'exits 3 on findings with --fail-on %s, after printing them',
    async (severity, code, message) => {
      const result = await audit([...template(), '--fail-on', severity]);
      expect(result.code).toBe(code);
      expect(result.err).toMatch(message);
      expect(result.out).toMatch(/queue-no-redrive/);
    },
  );

  it('exits 0 with --fail-on when everything that severe is suppressed', async () => {
    const file = join(folder, 'accepted.json');
    const { out } = await audit([...template(), '--json']);
    const high = JSON.parse(out).findings.filter(
      (finding: { severity: string }) => finding.severity === 'high',
    );
    const suppressions = high.map(({ rule, resource }: { rule: string; resource: string }) => ({
      rule,
      resource,
      reason: 'a sandbox that nobody uses',
      expires: '2026-12-24',
    }));
    await writeFile(file, JSON.stringify({ suppressions }));
    const result = await audit([...template(), '--fail-on', 'high', '--suppressions', file]);
    expect(result.code).toBe(0);
    expect(result.out).toMatch(/: 0 high, .* suppressed/);
  });

  it.each([
    [
      'a template that is not there',
      ['--template', '/no/such/file.json'],
      /--template: cannot read .*ENOENT/,
    ],
    [
      'an unknown severity',
      ['--template', 'x', '--fail-on', 'severe'],
      /Allowed choices are high, medium, low/,
    ],
    ['two formats on one stdout', ['--template', 'x', '--json', '--markdown'], /cannot be used with/],
    ['logs of a template', ['--template', 'x', '--logs'], /leave it out with --template/],
  ])('exits 2 for %s', async (_, argv, message) => {
    const { code, err, out } = await audit(argv);
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(out).toBe('');
  });

  it('exits 2 for a suppressions file without reason, naming the field', async () => {
    const file = join(folder, 'accepted.json');
    await writeFile(
      file,
      JSON.stringify({ suppressions: [{ rule: 'a', resource: 'b', expires: '2027-01-01' }] }),
    );
    const { code, err } = await audit([...template(), '--suppressions', file]);
    expect(code).toBe(2);
    expect(err).toMatch(/suppressions\.0\.reason/);
  });
});

describe('firebreak audit of an account', () => {
  it('reads the account and says how far it is', async () => {
    const { code, out, err } = await audit([...account(), '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      subject: { kind: 'account', account: ACCOUNT, region: 'eu-central-1' },
      prices: { region: 'eu-central-1', estimated: false },
    });
    expect(err).toMatch(/reading account 111111111111 in eu-central-1[\s\S]*2 of 2 functions/);
  });

  it('finds the credential and prints no part of it', async () => {
    const { out } = await audit(account());
    expect(out).toMatch(/DB_PASSWORD looks like: password or secret/);
    expect(out).not.toMatch(/correct|horse|battery/);
  });

  it('says how to go on when it is interrupted', async () => {
    const { code, err } = await audit(account(), { signal: AbortSignal.abort() });
    expect(code).not.toBe(0);
    expect(err.trim().split('\n').at(-1)).toMatch(/^firebreak: .*interrupted/);
  });
});

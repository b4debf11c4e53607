import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/program.ts';
import { fileStore } from '../../src/store/file/file-store.ts';
import { serveFake } from '../observe/aws/serve-fake.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { NOW } from './at-night.ts';
import { fakeIo } from './fake-io.ts';
import { ACCOUNT, killableAws, REGION } from './killable-aws.ts';

/** An account whose table does not answer, and one that does not exist. */
async function outage(code: string) {
  const aws = killableAws();
  const { respond } = aws;
  const table = { isBack: false, written: [] as string[] };
  const answer = (target: string, body: unknown): { statusCode: number; body: string } => {
    if (!table.isBack) {
      return {
        statusCode: code === 'InternalServerError' ? 500 : 400,
        body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${code}`, message: code }),
      };
    }
    // An empty table that takes everything.
    if (target.endsWith('PutItem')) table.written.push(String(body));
    return { statusCode: 200, body: target.endsWith('Query') ? '{"Items":[]}' : '{}' };
  };
  const endpoint = await serveFake({
    ...aws,
    respond: (request) => {
      const target = String(request.headers['x-amz-target'] ?? '');
      return target.startsWith('DynamoDB')
        ? { headers: { 'content-type': 'application/x-amz-json-1.0' }, ...answer(target, request.body) }
        : respond(request);
    },
  });
  const home = temporaryFolder('home');
  const local = fileStore(join(home, 'firebreak-fallback', 'firebreak', ACCOUNT, REGION));
  const command = async (...argv: readonly string[]) => {
    const io = fakeIo({ now: () => NOW, env: { XDG_STATE_HOME: home } });
    const where = ['--store', 'dynamodb:firebreak', '--region', REGION, '--endpoint-url', endpoint];
    return { code: await run([...argv, ...where], io), io };
  };
  return { aws, table, local, command };
}

describe('the table of the stack is out of reach', () => {
  it('a person can stop a function all the same: the record is kept here, and that is said', async () => {
    const { aws, local, command } = await outage('InternalServerError');
    const { code, io } = await command('kill', 'orders-worker', '--yes');
    expect(code).toBe(0);
    expect(io.err()).toContain('table firebreak is out of reach: the record is kept in ');
    expect(aws.settings().mapping).toBe('Disabled');
    expect(await local.openKill('orders-worker')).toMatchObject({ state: 'killed' });
  });

  it('once the table is back, the next command moves the record there', async () => {
    const { table, local, command } = await outage('InternalServerError');
    await command('kill', 'orders-worker', '--yes');
    const id = (await local.openKill('orders-worker'))?.id ?? 'none';
    table.isBack = true;
    const { code, io } = await command('kill', 'orders-worker', '--dry-run');
    expect(code).toBe(0);
    expect(io.err()).toContain('the kill of orders-worker that was recorded in ');
    expect(io.err()).toContain('is in table firebreak now');
    expect(table.written.filter((body) => body.includes(id))).toHaveLength(1);
    expect(await local.openKill('orders-worker')).toBeNull();
    expect((await command('kill', 'orders-worker', '--dry-run')).io.err()).toBe('');
  });

  it('and put it back from there', async () => {
    const { aws, local, command } = await outage('InternalServerError');
    await command('kill', 'orders-worker', '--hard', '--yes');
    const { code } = await command('restore', 'orders-worker', '--yes');
    expect(code).toBe(0);
    expect(aws.settings()).toEqual({ mapping: 'Enabled', reservedConcurrency: null });
    expect(await local.openKill('orders-worker')).toBeNull();
  });

  it('what is recorded in the table alone cannot be restored without it', async () => {
    const { aws, command } = await outage('InternalServerError');
    const { code, io } = await command('restore', 'orders-worker', '--yes');
    expect(code).toBe(4);
    expect(io.err()).toContain('DynamoDB GetItem on table firebreak failed');
    expect(aws.changes).toEqual([]);
  });

  it.each(['ResourceNotFoundException', 'AccessDeniedException'])(
    '%s is a mistake, not an outage: nothing is stopped',
    async (name) => {
      const { aws, local, command } = await outage(name);
      const { code } = await command('kill', 'orders-worker', '--yes');
      expect(code).toBe(4);
      expect(aws.changes).toEqual([]);
      expect(await local.kills()).toEqual([]);
    },
  );
});

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleHandler, HANDLER_MODULES } from '../../infra/build/bundle.ts';
import { zipFolder } from '../../infra/build/files.ts';
import { VARIABLES } from '../../src/handlers/variables.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { toolchain } from '../toolchain/toolchain.ts';

/** Bytes that a bundle may have. They are read at each cold start: what makes one grow should be noticed. */
const BUDGET: Readonly<Record<(typeof HANDLER_MODULES)[number], number>> = {
  tick: 980_000,
  shard: 720_000,
  survey: 790_000,
  cost: 850_000,
  kill: 760_000,
};
const ZIPPED_BUDGET = 1_500_000;

const deployed = {
  [VARIABLES.monitor]: 'Prod',
  [VARIABLES.table]: 'state',
  [VARIABLES.eventBus]: 'bus',
  [VARIABLES.alertTopicArn]: 'arn:aws:sns:eu-west-1:111122223333:alerts',
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
};

let folder: string;
let node24: string;
let endpoint: Server;

beforeAll(async () => {
  node24 = (await toolchain()).node24;
  folder = temporaryFolder('bundles');
  await Promise.all(HANDLER_MODULES.map((name) => bundleHandler(name, folder)));
  // Denies everything, as an account without permissions does.
  endpoint = createServer((_, response) => {
    response.writeHead(403, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify({ __type: 'AccessDeniedException', message: 'not authorized' }));
  });
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
}, 180_000);

afterAll(() => endpoint.close());

interface Run {
  readonly lines: readonly Record<string, unknown>[];
  readonly failure: string;
}

/** Loads a bundle as Lambda does, calls its handler once, and answers what it wrote and how it ended. */
async function invoke(name: string, env: Readonly<Record<string, string>>): Promise<Run> {
  const script = `
    const { handler } = await import(${JSON.stringify(join(folder, `${name}.mjs`))});
    try {
      await handler({ scheduledAt: '2026-11-24T04:12:00Z' }, { awsRequestId: 'request-1' });
    } catch (error) {
      process.stderr.write(error.name + ': ' + error.message);
    }
    process.exit();`;
  const { stdout, stderr } = await promisify(execFile)(node24, ['--input-type=module', '-e', script], {
    env,
  });
  const lines = stdout.split('\n').filter((line) => line !== '');
  return { lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>), failure: stderr };
}

describe.each(HANDLER_MODULES)('the bundle of %s', (name) => {
  it('is no larger than it may be', async () => {
    const { size } = await stat(join(folder, `${name}.mjs`));
    expect(size).toBeLessThan(BUDGET[name]);
    // Far less would mean that the SDK is not in it.
    expect(size).toBeGreaterThan(300_000);
  });

  it('needs nothing but Node: the SDK and all else is inside', async () => {
    const text = await readFile(join(folder, `${name}.mjs`), 'utf8');
    const imports = [...text.matchAll(/\bfrom\s*"([^"./][^"]*)"/g)].map(([, module]) => module);
    expect(imports.filter((module) => !module?.startsWith('node:') && !BUILT_IN.has(module ?? ''))).toEqual(
      [],
    );
  });

  it('on Node 24, in a deployment without settings: names what is missing, in its log and to Lambda', async () => {
    const { lines, failure } = await invoke(name, {});
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'ERROR',
        message: `${name} failed`,
        handler: name,
        requestId: 'request-1',
      }),
    ]);
    expect(failure).toBe(`InputError: ${VARIABLES.monitor} is not set`);
  });

  it('on Node 24, in an account that denies everything: fails aloud, and sends no heartbeat', async () => {
    const { port } = endpoint.address() as AddressInfo;
    const { lines, failure } = await invoke(name, {
      ...deployed,
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    });
    expect(failure).not.toBe('');
    expect(lines.some(({ level }) => level === 'ERROR')).toBe(true);
    expect(lines.some((line) => 'Heartbeat' in line)).toBe(false);
  });
});

const BUILT_IN = new Set([
  'http',
  'https',
  'stream',
  'crypto',
  'fs',
  'os',
  'path',
  'url',
  'util',
  'zlib',
  'buffer',
]);

describe('the archive of the handlers', () => {
  it('is small, and the same bytes for the same files', async () => {
    const [first, second] = [await zipFolder(folder), await zipFolder(folder)];
    expect(first.length).toBeLessThan(ZIPPED_BUDGET);
    const hash = (archive: Uint8Array) => createHash('sha256').update(archive).digest('hex');
    expect(hash(second)).toBe(hash(first));
  });
});

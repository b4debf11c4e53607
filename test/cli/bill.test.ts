import { beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/program.ts';
import { DAY_MS } from '../../src/model/time.ts';
import { fakeAws } from '../observe/aws/fake-aws.ts';
import { costExplorer } from '../observe/aws/fake-bill.ts';
import { serveFake } from '../observe/aws/serve-fake.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { fakeIo } from './fake-io.ts';

const NOW = Date.parse('2026-11-24T12:30:00Z');
const UNTIL = Date.parse('2026-11-23T00:00:00Z');
const DAYS = 91;

/** A wave of 30 % that no week has. */
const wave = (dayAt: number) => 1 + 0.3 * Math.sin((dayAt / DAY_MS) * 12.9898);

function account() {
  const dimensions = { FunctionName: 'summarise' };
  const points = (of: (dayAt: number) => number) =>
    new Map(
      Array.from({ length: DAYS }, (_, back) => {
        const dayAt = UNTIL - (back + 1) * DAY_MS;
        return [dayAt + DAY_MS / 2, of(dayAt)] as const;
      }),
    );
  return fakeAws({
    functions: [{ name: 'summarise', config: { MemorySize: 1024, Architectures: ['x86_64'] } }],
    metrics: [
      { namespace: 'AWS/Lambda', metric: 'Duration', dimensions, points: points((at) => 3e9 * wave(at)) },
      { namespace: 'AWS/Lambda', metric: 'Invocations', dimensions, points: points((at) => 1e5 * wave(at)) },
    ],
    fault: costExplorer({
      'AWS Lambda|Lambda-GB-Second': (at) => 51.5 * wave(at),
      'AWS Lambda|Request': (at) => 0.02 * wave(at),
      'Amazon Bedrock': (at) => 20 + 400 * wave(at),
      'Amazon DynamoDB': (at) => (at >= UNTIL - DAY_MS ? 130 : 50),
    }),
  });
}

describe('the bill on the command line', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder('bill');
  });

  async function firebreak(...argv: string[]) {
    const io = fakeIo({ now: () => NOW });
    const code = await run([...argv, '--store', folder], io);
    return { code, out: io.out().replaceAll(folder, '<store>'), err: io.err() };
  }

  it('is read once, shows what rose and how far estimates are, and is kept for the other commands', async () => {
    const endpoint = await serveFake(account());
    const read = await firebreak('bill', '--region', 'us-east-1', '--endpoint-url', endpoint);
    expect(read).toMatchObject({ code: 0, err: '' });
    expect(read.out).toMatchInlineSnapshot(`
      "$1,179 for Lambda and SQS this month up to 2026-11-22 (2 requests, $0.0200; kept in <store>/111122223333/us-east-1)

      Rose in its newest days

      day         service          usage type     cost   usual  functions that rose
      2026-11-22  Amazon DynamoDB  all         $130.00  $50.00

      Lambda estimates were 3 % under the bill of the 7 d to 2026-11-22 (which AWS may still change); not corrected for

      usage type         billed  estimated  billed / estimated  use billed / seen
      all               $408.37    $396.48               1.030
      Lambda-GB-Second  $408.21    $396.32               1.030              1.030
      Request             $0.16      $0.16               1.000              1.000

      One service moves with the invocations of a function: firebreak suggest
      "
    `);

    const status = await firebreak('status');
    expect(status.out).toMatch(
      /Bill: \$1,\d+ for Lambda and SQS this month up to 2026-11-22\n {2}Lambda estimates were 3 % under/,
    );
    expect(JSON.parse((await firebreak('status', '--json')).out).scopes[0].bill).toMatchObject({
      untilAt: '2026-11-23T00:00:00Z',
    });
    const prices = await firebreak('prices', '--region', 'us-east-1');
    expect(prices.out).toContain('- estimates of Lambda-GB-Second were 3 % under the bill');
    expect((await firebreak('suggest')).out).toMatchInlineSnapshot(`
      "Downstream dollars that the bill suggests, account 111122223333, us-east-1

      function   service         $ per invocation  95 % interval   explained  days  or it is
      summarise  Amazon Bedrock             0.004  0.004 to 0.004      100 %    91

      explained: share of the service's changes from week to week that goes with the function.
      "or it is": functions that move so much alike that it could as well be them.

      To accept, in the configuration (leave out what makes no sense):

      {
        "downstreamUsdPerInvocation": {
          "summarise": 0.004
        }
      }
      "
    `);
  });

  it('that AWS does not show: exit code 4, the permission, and nothing is kept', async () => {
    const denied = fakeAws({
      fault: ({ operation }) =>
        operation === 'GetCostAndUsage' ? { status: 400, code: 'AccessDeniedException' } : undefined,
    });
    const endpoint = await serveFake(denied);
    const { code, err } = await firebreak('bill', '--region', 'us-east-1', '--endpoint-url', endpoint);
    expect(code).toBe(4);
    expect(err).toContain('access denied: needs ce:GetCostAndUsage');
    expect((await firebreak('suggest')).out).toContain('No bill was read yet');
  });

  it('without what moves together suggests nothing', async () => {
    const quiet = fakeAws({ fault: costExplorer({ 'Amazon DynamoDB': () => 50 }) });
    const endpoint = await serveFake(quiet);
    await firebreak('bill', '--region', 'us-east-1', '--endpoint-url', endpoint);
    expect((await firebreak('suggest')).out).toBe(
      'account 111122223333, us-east-1: no service moves clearly with the invocations of one function\n',
    );
  });
});

import { ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/program.ts';
import { auditWorld } from '../observe/aws/audit-world.ts';
import { fakeIo } from './fake-io.ts';

const world = auditWorld();

beforeEach(() => {
  world.reset();
  world.cloudWatch.on(ListMetricsCommand).resolves({ Metrics: [] });
  world.sqs.on(GetQueueUrlCommand).callsFake(({ QueueName }: { QueueName: string }) => ({
    QueueUrl: `https://sqs.eu-central-1.amazonaws.com/111111111111/${QueueName}`,
  }));
});

async function forecast(argv: readonly string[]) {
  const io = fakeIo();
  const code = await run(['cost-of-monitoring', ...argv], io);
  return { code, out: io.out(), err: io.err() };
}

describe('firebreak cost-of-monitoring', () => {
  it('forecasts a given fleet without calling AWS', async () => {
    const { code, out } = await forecast(['--functions', '100', '--queues', '40', '--json']);
    expect(code).toBe(0);
    const document = JSON.parse(out);
    expect(document).toMatchObject({
      format: 'firebreak-monitor-cost/1',
      region: 'us-east-1',
      fleet: { functions: 100, queues: 40, activeShare: 1 },
    });
    const total = document.items.reduce(
      (sum: number, item: { usdPerMonth: number }) => sum + item.usdPerMonth,
      0,
    );
    expect(document.usdPerMonth).toBeCloseTo(total, 9);
    expect(world.lambda.calls()).toHaveLength(0);
  });

  it('says what it adds up, and what it assumes', async () => {
    const { out } = await forecast(['--functions', '10', '--active', '0.5']);
    expect(out).toMatch(/^Watching 10 functions and 0 queues in us-east-1 costs about \$\d+/);
    expect(out).toMatch(/CloudWatch GetMetricData/);
    expect(out).toMatch(/50 % of the functions are active/);
    expect(out).toMatch(/how often each is read follows from what it can burn/);
  });

  it('adds what sharding costs, where it is asked for', async () => {
    const fleet = ['--functions', '20000', '--queues', '20000', '--active', '0.3'];
    const [alone, sharded] = [await forecast(fleet), await forecast([...fleet, '--shards', '100'])];
    expect(alone.out).not.toMatch(/Step Functions/);
    expect(sharded.out).toMatch(/Step Functions, shards/);
    expect(sharded.out).toMatch(/each tick is read by [2-9] shards/);
    expect((await forecast(['--functions', '10', '--shards', '2'])).out).toMatch(
      /one invocation reads each tick: there are no shards yet/,
    );
  });

  it.each([
    ['1000', /below the ceiling of \$1,000/],
    ['16', /step [1-4] of 4/],
    ['1', /Even with the least reading .* raise it/],
  ])('says what a ceiling of $%s a month would do', async (ceiling, expected) => {
    const { code, out } = await forecast(['--functions', '300', '--queues', '300', '--ceiling', ceiling]);
    expect(code).toBe(0);
    expect(out).toMatch(expected);
  });

  it('counts the functions and queues of the account where no fleet is given', async () => {
    const { code, out } = await forecast(['--region', 'eu-central-1', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ region: 'eu-central-1', fleet: { functions: 2, queues: 2 } });
  });

  it.each([
    [['--functions', '-1'], /--functions must be a whole number from 0 to 1000000, given: -1/],
    [['--functions', '1.5'], /--functions must be a whole number/],
    [['--functions', ' '], /--functions must be a whole number/],
    [['--functions', '1', '--active', '2'], /--active must be a number from 0 to 1, given: 2/],
    [['--active', '0.5'], /--active goes with --functions and --queues/],
    [['--functions', '1', '--shards', '1'], /--shards must be a whole number from 2 to 100, given: 1/],
    [['--functions', '1', '--ceiling', '0'], /--ceiling must be a number from 0.01 to 1000000/],
  ])('exits 2 for %j', async (argv, message) => {
    const { code, err, out } = await forecast(argv);
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(out).toBe('');
  });
});

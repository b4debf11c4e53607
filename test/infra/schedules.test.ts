import { describe, expect, it } from 'vitest';
import { functionOf, resourcesOf, synthesize } from './synth.ts';

const { template } = synthesize();
const schedules = Object.values(resourcesOf(template, 'AWS::Scheduler::Schedule'));

interface Target {
  readonly Arn: { readonly 'Fn::GetAtt': readonly [string, string] };
  readonly Input: string;
  readonly RetryPolicy: { readonly MaximumRetryAttempts: number; readonly MaximumEventAgeInSeconds: number };
  readonly DeadLetterConfig: object;
}

function scheduleOf(module: string) {
  const id = Object.entries(resourcesOf(template, 'AWS::Lambda::Function')).find(
    ([, fn]) => fn.Properties['Handler'] === `${module}.handler`,
  )?.[0];
  const found = schedules.find(({ Properties }) => {
    return (Properties['Target'] as Target).Arn['Fn::GetAtt'][0] === id;
  });
  if (found === undefined) throw new Error(`nothing schedules ${module}`);
  return { ...found.Properties, target: found.Properties['Target'] as Target };
}

describe('the schedules', () => {
  it.each([
    ['tick', 'rate(1 minute)'],
    ['survey', 'rate(1 hour)'],
    ['cost', 'cron(30 12 * * ? *)'],
  ])('%s runs at %s', (module, expression) => {
    expect(scheduleOf(module)).toMatchObject({ ScheduleExpression: expression });
  });

  it('a tick that could not be handed over is tried once more within its minute, then given up', () => {
    const timeout = functionOf(template, 'tick').Properties['Timeout'];
    expect(timeout).toBeLessThanOrEqual(60);
    expect(scheduleOf('tick').target.RetryPolicy).toEqual({
      MaximumRetryAttempts: 1,
      MaximumEventAgeInSeconds: 60,
    });
  });

  it('all start at their time, in a group of their own, with somewhere for what failed to go', () => {
    expect(schedules).toHaveLength(3);
    for (const { Properties } of schedules) {
      expect(Properties['FlexibleTimeWindow']).toEqual({ Mode: 'OFF' });
      expect(Properties['GroupName']).toBeDefined();
      const target = Properties['Target'] as Target;
      expect(target.DeadLetterConfig).toBeDefined();
      expect(target.RetryPolicy.MaximumEventAgeInSeconds).toBeGreaterThanOrEqual(60);
      expect(JSON.parse(target.Input)).toEqual({ scheduledAt: '<aws.scheduler.scheduled-time>' });
    }
    template.resourceCountIs('AWS::Scheduler::ScheduleGroup', 1);
  });
});

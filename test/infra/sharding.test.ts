import { describe, expect, it } from 'vitest';
import { parseDecideEvent, parseShardEvent } from '../../src/handlers/shard-event.ts';
import { VARIABLES } from '../../src/handlers/variables.ts';
import { functionOf, type Resource, resourcesOf, synthesize } from './synth.ts';

const { template } = synthesize({ maximumShards: 20 });
const [machineId, machine] = only(resourcesOf(template, 'AWS::StepFunctions::StateMachine'));

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly End?: boolean;
  readonly TimeoutSeconds?: number;
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
  readonly ItemProcessor?: {
    readonly ProcessorConfig: object;
    readonly States: Readonly<Record<string, State>>;
  };
  readonly Parameters?: { readonly FunctionName: string; readonly Payload?: object };
  readonly [field: string]: unknown;
}
const definition = JSON.parse(textOf(machine.Properties['DefinitionString'])) as {
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  readonly States: Readonly<Record<string, State>>;
};
const { States } = definition;

function only(resources: Readonly<Record<string, Resource>>): readonly [string, Resource] {
  const [entry, ...others] = Object.entries(resources);
  if (entry === undefined || others.length > 0) throw new Error('expected one');
  return entry;
}

/** The definition with the logical id of each function in place of its ARN. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[name, argument] = []] = Object.entries(value as object);
  if (name === 'Fn::Join') return (argument as [string, readonly unknown[]])[1].map(textOf).join('');
  if (name === 'Fn::GetAtt') return (argument as readonly string[])[0] ?? '';
  return 'aws';
}

function functionId(module: string): string {
  const [found] = Object.entries(resourcesOf(template, 'AWS::Lambda::Function')).filter(
    ([, { Properties }]) => Properties['Handler'] === `${module}.handler`,
  );
  return found?.[0] ?? '';
}

describe('the state machine', () => {
  it('finds the plan, lets the shards read, decides', () => {
    expect(definition.StartAt).toBe('Plan');
    expect([States['Plan']?.Next, States['Read']?.Next, States['Decide']?.End]).toEqual([
      'Read',
      'Decide',
      true,
    ]);
    expect(States['Plan']?.Parameters?.FunctionName).toBe(functionId('shard'));
    expect(States['Decide']?.Parameters?.FunctionName).toBe(functionId('tick'));
    expect(machine.Properties['StateMachineType']).toBe('STANDARD');
  });

  it('the shards are a distributed map of express executions, and each may fail', () => {
    expect(States['Read']).toMatchObject({
      Type: 'Map',
      ItemsPath: '$.plan.shards',
      MaxConcurrency: 20,
      ToleratedFailurePercentage: 100,
      ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' } },
    });
    const shard = States['Read']?.ItemProcessor?.States['Shard'];
    expect(shard?.Parameters?.FunctionName).toBe(functionId('shard'));
  });

  it.each(['Plan', 'Read'])('whatever goes wrong in %s, it decides', (state) => {
    expect(States[state]?.Catch).toEqual([
      { ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Decide' },
    ]);
  });

  it('no step may take longer than it is worth', () => {
    const shard = States['Read']?.ItemProcessor?.States['Shard'];
    const seconds = [States['Plan'], shard, States['Decide']].map((state) => state?.TimeoutSeconds ?? 0);
    for (const one of seconds) expect(one).toBeGreaterThan(0);
    expect(seconds.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(definition.TimeoutSeconds);
    expect(functionOf(template, 'shard').Properties['Timeout']).toBe(shard?.TimeoutSeconds);
  });

  it('tells each function what it understands', () => {
    const at = '2026-11-24T12:00:30.123Z';
    const plan = { at: Date.parse(at), shards: [0, 1, 2] };
    const given: Readonly<Record<string, unknown>> = {
      '$$.Execution.StartTime': at,
      '$.plan.at': plan.at,
      '$$.Map.Item.Value': 2,
      'States.ArrayLength($.plan.shards)': 3,
      $: { scheduledAt: at, plan },
    };
    const filled = (template: unknown) =>
      Object.fromEntries(
        Object.entries(template as object).map(([key, value]) =>
          key.endsWith('.$') ? [key.slice(0, -2), given[String(value)]] : [key, value],
        ),
      );
    expect(parseShardEvent(filled(States['Plan']?.Parameters?.Payload))).toEqual({
      step: 'plan',
      at: Date.parse(at),
    });
    expect(parseShardEvent(filled(States['Read']?.['ItemSelector']))).toEqual({
      ...{ step: 'read', at: Date.parse(at), planAt: plan.at, shard: 2, of: 3 },
    });
    expect(parseDecideEvent(filled(States['Decide']?.Parameters?.Payload))).toEqual({
      at: Date.parse(at),
      input: { plan },
    });
  });
});

describe('what goes with it', () => {
  it('the schedule starts it, and no longer the tick', () => {
    const targets = Object.values(resourcesOf(template, 'AWS::Scheduler::Schedule')).map(({ Properties }) =>
      textOf((Properties['Target'] as { readonly Arn: unknown }).Arn),
    );
    expect(targets).toContain(machineId);
    expect(targets).not.toContain(functionId('tick'));
  });

  it('the tick knows how many shards there may be', () => {
    const { Variables } = functionOf(template, 'tick').Properties['Environment'] as {
      Variables: Record<string, string>;
    };
    expect(Variables[VARIABLES.shards]).toBe('20');
  });

  it('an alarm says when executions fail, and others when shards do', () => {
    const alarms = Object.keys(resourcesOf(template, 'AWS::CloudWatch::Alarm')).join(' ');
    for (const name of ['ShardedTickFails', 'ShardErrors', 'ShardThrottles']) {
      expect(alarms).toContain(`HealthAlarms${name}`);
    }
  });

  it('is nothing, unless it is asked for', () => {
    const plain = synthesize();
    plain.template.resourceCountIs('AWS::StepFunctions::StateMachine', 0);
    plain.template.resourceCountIs('AWS::IAM::Policy', 0);
    expect(() => functionOf(plain.template, 'shard')).toThrow();
    expect(JSON.stringify(plain.template.toJSON())).not.toContain('states:');
  });

  it.each([1, 101, 2.5])('refuses %d shards', (maximumShards) => {
    expect(() => synthesize({ maximumShards })).toThrow(/maximumShards must be a whole number/);
  });
});

import { describe, expect, it } from 'vitest';
import { METRIC_NAMESPACE, METRIC_UNITS } from '../../src/handlers/metric-names.ts';
import { VARIABLES } from '../../src/handlers/variables.ts';
import { functionOf, type Resource, resourcesOf, synthesize } from './synth.ts';

const { template } = synthesize({ killSwitch: { mode: 'auto' } });
const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm');

function alarm(id: string): Resource['Properties'] {
  const found = Object.entries(alarms).find(([logicalId]) => logicalId.includes(`HealthAlarms${id}`));
  if (found === undefined) throw new Error(`no alarm ${id}`);
  return found[1].Properties;
}

describe('the dead-man alarm', () => {
  it('fires when no heartbeat came for five minutes: missing data is the alarm', () => {
    expect(alarm('DeadMan')).toMatchObject({
      Namespace: METRIC_NAMESPACE,
      MetricName: 'Heartbeat',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 5,
      DatapointsToAlarm: 5,
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  it('watches the very deployment that sends the heartbeat', () => {
    const environment = functionOf(template, 'tick').Properties['Environment'] as {
      Variables: Record<string, string>;
    };
    expect(alarm('DeadMan')['Dimensions']).toEqual([
      { Name: 'Monitor', Value: environment.Variables[VARIABLES.monitor] },
    ]);
  });
});

describe('the health alarms', () => {
  it.each([
    'TickErrors',
    'TickThrottles',
    'SlowTicks',
    'Lag',
    'ReadGaps',
    'Undelivered',
    'DeadLetters',
    'SurveyErrors',
    'SurveyThrottles',
    'CostErrors',
    'CostThrottles',
    'KillErrors',
    'KillThrottles',
  ])('%s: no data is no alarm', (id) => {
    expect(alarm(id)['TreatMissingData']).toBe('notBreaching');
  });

  it('each tells both topics, when it begins and when it is over, and says what it means', () => {
    expect(Object.keys(alarms)).toHaveLength(14);
    for (const { Properties } of Object.values(alarms)) {
      expect(Properties['AlarmActions']).toHaveLength(2);
      expect(Properties['OKActions']).toEqual(Properties['AlarmActions']);
      expect(String(Properties['AlarmDescription'])).toMatch(/^firebreak/);
    }
  });

  it('there is none for functions that are not deployed', () => {
    const plain = synthesize({ costExplorer: false });
    const ids = Object.keys(resourcesOf(plain.template, 'AWS::CloudWatch::Alarm')).join(' ');
    expect(ids).not.toMatch(/HealthAlarms(Kill|Cost)/);
  });
});

describe('the dashboard', () => {
  it('shows every metric of its own', () => {
    const [dashboard] = Object.values(resourcesOf(template, 'AWS::CloudWatch::Dashboard'));
    const text = JSON.stringify(dashboard?.Properties);
    for (const name of Object.keys(METRIC_UNITS).filter((metric) => metric !== 'Heartbeat')) {
      expect(text, name).toContain(`\\"${name}\\"`);
    }
  });

  it('can be left out', () => {
    synthesize({ dashboard: false }).template.resourceCountIs('AWS::CloudWatch::Dashboard', 0);
  });
});

describe('the alarm of the ceiling', () => {
  const isCeiling = ([id]: readonly [string, unknown]) => id.includes('HealthAlarmsCeiling');

  it('is there where there is a ceiling, and tells once that less is read', () => {
    const { template: capped } = synthesize({ monitorBudgetUsd: 25 });
    const [, ceiling] = Object.entries(resourcesOf(capped, 'AWS::CloudWatch::Alarm')).find(isCeiling) ?? [];
    expect(ceiling?.Properties).toMatchObject({
      MetricName: 'MonitorThrift',
      Threshold: 0,
      Statistic: 'Maximum',
    });
    expect(Object.entries(alarms).some(isCeiling)).toBe(false);
  });
});

import { App, Aspects, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code, type FunctionProps, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import { FirebreakAlarms, type FirebreakAlarmsProps } from '../../infra/alarms-aspect.ts';
import { Firebreak } from '../../infra/firebreak.ts';
import { InputError } from '../../src/model/errors.ts';
import { resourcesOf, someCode } from './synth.ts';

function alarmsFor(
  functions: Readonly<Record<string, Partial<FunctionProps>>>,
  props: Omit<FirebreakAlarmsProps, 'topic'> = {},
) {
  const app = new App();
  const stack = new Stack(app, 'Fleet');
  for (const [id, fn] of Object.entries(functions)) {
    new LambdaFunction(stack, id, {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async () => {};'),
      ...fn,
    });
  }
  Aspects.of(app).add(new FirebreakAlarms({ topic: new Topic(stack, 'Topic'), ...props }));
  const alarms = Object.values(resourcesOf(Template.fromStack(stack), 'AWS::CloudWatch::Alarm'));
  return alarms.map(({ Properties }) => Properties);
}

describe('FirebreakAlarms', () => {
  it('gives each function four static alarms that tell the topic', () => {
    const alarms = alarmsFor({ A: {}, B: {} });
    expect(alarms.map((alarm) => alarm['MetricName']).sort()).toEqual(
      ['Errors', 'Throttles', 'Duration', 'ConcurrentExecutions'].flatMap((name) => [name, name]).sort(),
    );
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({ Namespace: 'AWS/Lambda', Period: 60, TreatMissingData: 'notBreaching' });
      expect(alarm['AlarmActions']).toEqual([{ Ref: expect.stringMatching(/^Topic/) }]);
    }
  });

  it.each([
    ['near the timeout it has', { timeout: Duration.minutes(5) }, {}, 'Duration', 270_000],
    ['near the 3 s that are the default', {}, {}, 'Duration', 2_700],
    [
      'at the share that was asked for',
      { timeout: Duration.seconds(10) },
      { durationShare: 0.5 },
      'Duration',
      5_000,
    ],
    ['near what it reserves', { reservedConcurrentExecutions: 10 }, {}, 'ConcurrentExecutions', 8],
    ['near the default limit of a region', {}, {}, 'ConcurrentExecutions', 800],
    ['near the limit the account has', {}, { accountConcurrency: 10 }, 'ConcurrentExecutions', 8],
    ['never at zero', { reservedConcurrentExecutions: 0 }, {}, 'ConcurrentExecutions', 1],
  ] as const)('warns %s', (_, fn, props, metric, threshold) => {
    const found = alarmsFor({ A: fn }, props).find((alarm) => alarm['MetricName'] === metric);
    expect(found?.['Threshold']).toBe(threshold);
  });

  it('looks back far enough to see a run that is reported its whole timeout late', () => {
    const [alarm] = alarmsFor({ A: { timeout: Duration.minutes(15) } });
    expect(alarm?.['EvaluationPeriods']).toBe(17);
  });

  it('leaves out what it is told to', () => {
    expect(alarmsFor({ A: {}, B: {} }, { exclude: (fn) => fn.node.path.includes('/A/') })).toHaveLength(4);
  });

  it("leaves out firebreak's own functions, which have alarms of their own", () => {
    const alarmsWith = (aspect: boolean) => {
      const app = new App();
      const stack = new Stack(app, 'Own');
      const { alertTopic } = new Firebreak(stack, 'Firebreak', { handlerCode: someCode(stack) });
      if (aspect) Aspects.of(stack).add(new FirebreakAlarms({ topic: alertTopic }));
      return Object.keys(resourcesOf(Template.fromStack(stack), 'AWS::CloudWatch::Alarm'));
    };
    expect(alarmsWith(true)).toEqual(alarmsWith(false));
  });

  it.each([
    { errors: 0 },
    { throttles: 1.5 },
    { durationShare: 1.1 },
    { concurrencyShare: 0 },
    { accountConcurrency: 0 },
  ])('refuses %j', (props) => {
    expect(() => alarmsFor({}, props)).toThrow(InputError);
  });
});

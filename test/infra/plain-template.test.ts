import { describe, expect, it } from 'vitest';
import { plainTemplate } from '../../infra/build/plain-template.ts';

interface PlainTemplate {
  readonly Parameters: Readonly<Record<string, { readonly Default?: string }>>;
  readonly Rules?: object;
  readonly Resources: Readonly<
    Record<
      string,
      { readonly Type: string; readonly Properties: Record<string, unknown>; readonly Condition?: string }
    >
  >;
}

const template = plainTemplate({ handlerKey: 'firebreak-1.zip', context: {} }) as PlainTemplate;
const resources = Object.values(template.Resources);

describe('the plain template', () => {
  it('asks only where the code is and who gets alerts, and needs no bootstrapped account', () => {
    expect(Object.keys(template.Parameters).sort()).toEqual(['AlertEmail', 'HandlerBucket', 'HandlerKey']);
    expect(template.Parameters['HandlerKey']?.Default).toBe('firebreak-1.zip');
    expect(template.Rules).toBeUndefined();
    expect(JSON.stringify(template)).not.toMatch(/cdk-hnb659fds|aws:asset|BootstrapVersion/);
  });

  it('every function takes its code from the parameters', () => {
    const functions = resources.filter(({ Type }) => Type === 'AWS::Lambda::Function');
    expect(functions.length).toBeGreaterThan(0);
    for (const { Properties } of functions) {
      expect(Properties['Code']).toEqual({
        S3Bucket: { Ref: 'HandlerBucket' },
        S3Key: { Ref: 'HandlerKey' },
      });
    }
  });

  it('subscribes an address only where one is given', () => {
    const subscriptions = resources.filter(({ Type }) => Type === 'AWS::SNS::Subscription');
    expect(subscriptions.map(({ Condition }) => Condition)).toEqual(['HasAlertEmail', 'HasAlertEmail']);
  });

  it('fits what CloudFormation takes from a bucket (1 MB) many times over', () => {
    expect(JSON.stringify(template).length).toBeLessThan(200_000);
  });

  it('takes the same context as the app', () => {
    const armed = plainTemplate({ handlerKey: 'a.zip', context: { killMode: 'auto', dashboard: 'false' } });
    const text = JSON.stringify(armed);
    expect(text).toContain('"kill.handler"');
    expect(text).not.toContain('AWS::CloudWatch::Dashboard');
  });

  it.each([
    [{ killMode: 'sometimes' }, /killMode must be one of off, observe, approve, auto, got "sometimes"/],
    [{ pageUsd: 'much' }, /pageUsd must be a number, got much/],
    [{ dashboard: 'no' }, /dashboard must be one of true, false, got "no"/],
    [{ slackSecretArn: 'https://hooks.example.com' }, /slackSecretArn must be the ARN of a secret/],
    [{ protect: 'payments' }, /protect does nothing without killMode/],
  ] as const)('refuses %j', (context, message) => {
    expect(() => plainTemplate({ handlerKey: 'a.zip', context: { ...context } })).toThrow(message);
  });
});

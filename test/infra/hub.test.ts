import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { FirebreakHub, type FirebreakHubProps } from '../../infra/hub.ts';
import { eventBridgeEntry } from '../../src/respond/alert/eventbridge-channel.ts';
import { alertOf } from '../store/samples.ts';
import { resourcesOf, synthesize } from './synth.ts';

const HUB = 'arn:aws:events:eu-west-1:999999999999:event-bus/hub';

describe('a monitor with a hub', () => {
  const { template } = synthesize({ hubBusArn: HUB });

  it('sends on every event of its own bus, and keeps what the hub does not take', () => {
    const [rule, ...others] = Object.values(resourcesOf(template, 'AWS::Events::Rule'));
    expect(others).toEqual([]);
    expect(rule?.Properties).toMatchObject({
      EventPattern: { source: [eventBridgeEntry(alertOf(), 'bus').Source] },
      Targets: [{ Arn: HUB, DeadLetterConfig: { Arn: expect.anything() } }],
    });
  });

  it('has a role for it that may put events on the hub, and nothing else', () => {
    const policies = JSON.stringify(resourcesOf(template, 'AWS::IAM::Policy'));
    expect(policies).toContain(HUB);
    expect([...policies.matchAll(/"Action":"([^"]+)"/g)].map(([, action]) => action)).toEqual([
      'events:PutEvents',
    ]);
  });

  it('and without one, has no rule', () => {
    expect(resourcesOf(synthesize().template, 'AWS::Events::Rule')).toEqual({});
  });

  it.each(['hub', 'arn:aws:sns:eu-west-1:999999999999:hub', 'arn:aws:events:eu-west-1:1:event-bus/hub'])(
    '%s is no bus',
    (hubBusArn) => {
      expect(() => synthesize({ hubBusArn })).toThrow('Firebreak.hubBusArn must be the ARN of an event bus');
    },
  );
});

describe('a hub', () => {
  const policiesOf = (props: FirebreakHubProps) => {
    const stack = new Stack(new App(), 'Hub');
    new FirebreakHub(stack, 'Hub', props);
    return Object.values(resourcesOf(Template.fromStack(stack), 'AWS::Events::EventBusPolicy')).map(
      ({ Properties }) => Properties['Statement'],
    );
  };

  it('lets the accounts that are named put events, and nobody else', () => {
    expect(policiesOf({ accounts: ['111122223333'] })).toMatchObject([
      {
        Effect: 'Allow',
        Action: 'events:PutEvents',
        Principal: { AWS: expect.objectContaining({ 'Fn::Join': expect.anything() }) },
      },
    ]);
    expect(JSON.stringify(policiesOf({ accounts: ['111122223333'] }))).toContain('iam::111122223333:root');
  });

  it('or an organization', () => {
    expect(policiesOf({ organizationId: 'o-abcdefghij' })).toMatchObject([
      { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } } },
    ]);
  });

  it.each<[FirebreakHubProps, string]>([
    [{}, 'needs accounts or organizationId'],
    [{ accounts: ['1111'] }, 'FirebreakHub.accounts[0] must be an account id of 12 digits'],
    [{ organizationId: 'acme' }, 'FirebreakHub.organizationId must be an organization id'],
  ])('%j is refused', (props, message) => {
    expect(() => policiesOf(props)).toThrow(message);
  });
});

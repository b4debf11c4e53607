import { App, type CfnResource, Stack, Validations } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { AwsSolutionsChecks, type NagPack, ServerlessChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Firebreak } from '../../infra/firebreak.ts';
import { someCode } from './synth.ts';

/** Everything switched on, so that every resource there can be is looked at. */
function everything(props: { readonly region?: string } = {}): { readonly app: App; readonly stack: Stack } {
  const app = new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': true } });
  const env = props.region === undefined ? {} : { env: { account: '111122223333', region: props.region } };
  const stack = new Stack(app, 'Nag', env);
  new Firebreak(stack, 'Firebreak', {
    handlerCode: someCode(stack),
    alertEmails: ['oncall@example.com'],
    maximumShards: 20,
    killSwitch: { mode: 'auto', protect: ['payments'] },
    slackWebhookSecret: Secret.fromSecretCompleteArn(
      stack,
      'Slack',
      'arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack-AbCdEf',
    ),
  });
  return { app, stack };
}

function violations(pack: NagPack, scope: IConstruct): readonly string[] {
  return pack
    .validateScope(scope)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath}`),
    );
}

const packs = [AwsSolutionsChecks, ServerlessChecks];

afterEach(() => vi.unstubAllEnvs());

describe("CloudFormation's own rules", () => {
  it('find nothing wrong', () => {
    vi.stubEnv('CDK_VALIDATION', 'true');
    expect(() => everything().app.synth()).not.toThrow();
  });
});

describe('cdk-nag', () => {
  it.each([{}, { region: 'eu-central-1' }])('finds nothing that has no reason, in %j', (env) => {
    const { app } = everything(env);
    app.synth();
    expect(packs.flatMap((Pack) => violations(new Pack(app), app))).toEqual([]);
  });

  it('every acknowledgement says why, and still has something to acknowledge', () => {
    const { app } = everything();
    app.synth();
    const found = packs.flatMap((Pack) => violations(ignoringAcknowledgements(new Pack(app)), app));
    const acknowledged = app.node.findAll().flatMap((construct) =>
      construct.node.metadata
        .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
        .flatMap(({ data }) => Object.entries(data as Record<string, string>))
        .map(([id, reason]) => ({
          path: construct.node.path,
          rule: id.replace(/^annotation::/i, ''),
          reason,
        })),
    );
    expect(acknowledged.length).toBeGreaterThan(0);
    for (const { path, rule, reason } of acknowledged) {
      expect(reason.length, rule).toBeGreaterThan(20);
      expect(
        found.some((violation) => violation.startsWith(`${rule} ${path}`)),
        `${path} acknowledges ${rule}, which is not violated there`,
      ).toBe(true);
    }
  });
});

function ignoringAcknowledgements(pack: NagPack): NagPack {
  const internals = pack as unknown as { isAcknowledged(node: CfnResource, rule: string): boolean };
  internals.isAcknowledged = () => false;
  return pack;
}

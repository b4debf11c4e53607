import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { type Construct, Node } from 'constructs';
import { InputError } from '../src/model/errors.ts';
import { checkOneOf, checkText } from './check.ts';
import type { FirebreakProps, KillSwitchProps } from './props.ts';

/** Context keys of the repository's own app (`cdk deploy -c key=value`), all optional. */
const CONTEXT = {
  alertEmails: 'alertEmails',
  healthEmails: 'healthEmails',
  slackSecretArn: 'slackSecretArn',
  pageUsd: 'pageUsd',
  killMode: 'killMode',
  protect: 'protect',
  reserveConcurrency: 'reserveConcurrency',
  costExplorer: 'costExplorer',
  dashboard: 'dashboard',
  maximumShards: 'maximumShards',
} as const;

/** The commonest props, from what stands on the command line; whoever needs more writes a few lines of CDK. */
export function propsFromContext(scope: Construct): FirebreakProps {
  const text = (key: string): string | undefined => {
    const value: unknown = Node.of(scope).tryGetContext(key);
    return value === undefined ? undefined : String(value);
  };
  const secretArn = text(CONTEXT.slackSecretArn);
  checkText(CONTEXT.slackSecretArn, secretArn, /^arn:[^:]+:secretsmanager:/, 'the ARN of a secret');
  const kill = killSwitch(text(CONTEXT.killMode), list(text(CONTEXT.protect)));
  return {
    ...optional('alertEmails', list(text(CONTEXT.alertEmails))),
    ...optional('healthEmails', list(text(CONTEXT.healthEmails))),
    ...optional('pageUsd', number(CONTEXT.pageUsd, text(CONTEXT.pageUsd))),
    ...optional('killSwitch', kill),
    ...optional('reserveConcurrency', flag(CONTEXT.reserveConcurrency, text(CONTEXT.reserveConcurrency))),
    ...optional('costExplorer', flag(CONTEXT.costExplorer, text(CONTEXT.costExplorer))),
    ...optional('maximumShards', number(CONTEXT.maximumShards, text(CONTEXT.maximumShards))),
    ...optional('dashboard', flag(CONTEXT.dashboard, text(CONTEXT.dashboard))),
    ...(secretArn === undefined
      ? {}
      : { slackWebhookSecret: Secret.fromSecretCompleteArn(scope, 'SlackWebhook', secretArn) }),
  };
}

function killSwitch(
  mode: string | undefined,
  protect: readonly string[] | undefined,
): KillSwitchProps | undefined {
  if (mode === undefined || mode === 'off') {
    if (protect !== undefined)
      throw new InputError('protect does nothing without killMode, got killMode off');
    return undefined;
  }
  checkOneOf(CONTEXT.killMode, mode, ['off', 'observe', 'approve', 'auto']);
  return { mode: mode as KillSwitchProps['mode'], ...optional('protect', protect) };
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: V });
}

function list(text: string | undefined): readonly string[] | undefined {
  return text?.split(',').map((item) => item.trim());
}

function number(key: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new InputError(`${key} must be a number, got ${text}`);
  return value;
}

function flag(key: string, text: string | undefined): boolean | undefined {
  checkOneOf(key, text, ['true', 'false']);
  return text === undefined ? undefined : text === 'true';
}

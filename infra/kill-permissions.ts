import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { DEFAULT_CONFIG } from '../src/model/config.ts';
import { OWN_FUNCTION_TAG } from '../src/model/kill.ts';
import { eventSourceArn, functionArn, type Permission, readFunctions, readQueues } from './permissions.ts';
import type { KillSwitchProps } from './props.ts';

const CONCURRENCY = ['lambda:DeleteFunctionConcurrency', 'lambda:PutFunctionConcurrency'];
const SOURCES = ['lambda:UpdateEventSourceMapping'];
const TAGGED = 'Limited to what carries the opt-in tag, which is not known in advance.';
const DENIED = 'A denial: the wider, the safer.';

/**
 * The only permissions that can change anything of the customer's: settings of functions and event source mappings
 * that carry the opt-in tag, and never of firebreak's own functions or of protected ones, whatever tags they carry.
 */
export function stopAndRestore(scope: Construct, kill: KillSwitchProps): readonly Permission[] {
  const { optInTag, optInValue } = DEFAULT_CONFIG.kill;
  const tag = `aws:ResourceTag/${kill.optInTag ?? optInTag}`;
  // A tag that asks for approval opts in too: a person who starts the kill function acts through this role.
  const values = [...new Set([kill.optInValue ?? optInValue, 'approve', 'auto'])];
  const conditions = { StringEquals: { [tag]: values } };
  return [
    {
      statement: new PolicyStatement({
        sid: 'LimitFunctions',
        actions: CONCURRENCY,
        resources: [functionArn(scope, '*')],
        conditions,
      }),
      whyWildcard: TAGGED,
    },
    {
      statement: new PolicyStatement({
        sid: 'SwitchEventSources',
        actions: SOURCES,
        resources: [eventSourceArn(scope)],
        conditions,
      }),
      whyWildcard: TAGGED,
    },
    {
      statement: new PolicyStatement({
        sid: 'NeverItself',
        effect: Effect.DENY,
        actions: CONCURRENCY,
        resources: [functionArn(scope, '*')],
        conditions: { Null: { [`aws:ResourceTag/${OWN_FUNCTION_TAG}`]: 'false' } },
      }),
      whyWildcard: DENIED,
    },
    ...neverProtected(
      scope,
      (kill.protect ?? []).map((name) => functionArn(scope, name)),
    ),
  ];
}

function neverProtected(scope: Construct, functionArns: readonly string[]): readonly Permission[] {
  if (functionArns.length === 0) return [];
  return [
    {
      statement: new PolicyStatement({
        sid: 'NeverProtected',
        effect: Effect.DENY,
        actions: CONCURRENCY,
        resources: [...functionArns],
      }),
      whyWildcard: null,
    },
    {
      statement: new PolicyStatement({
        sid: 'NeverSourcesOfProtected',
        effect: Effect.DENY,
        actions: SOURCES,
        resources: [eventSourceArn(scope)],
        conditions: { ArnEquals: { 'lambda:FunctionArn': [...functionArns] } },
      }),
      whyWildcard: DENIED,
    },
  ];
}

/** What planning a kill, verifying it and restoring read. */
export function readForKill(scope: Construct, allowGetFunction: boolean): readonly Permission[] {
  return [
    {
      statement: new PolicyStatement({
        sid: 'ReadMappings',
        actions: ['lambda:ListEventSourceMappings', 'lambda:ListFunctions'],
        resources: ['*'],
      }),
      whyWildcard: 'These actions know no resource-level permissions (service authorization reference).',
    },
    readFunctions(scope, allowGetFunction),
    {
      statement: new PolicyStatement({
        sid: 'ReadEventSources',
        actions: ['lambda:GetEventSourceMapping', 'lambda:ListTags'],
        resources: [eventSourceArn(scope)],
      }),
      whyWildcard: 'Reads only: what a mapping is set to, and its tags, are read before it is touched.',
    },
    readQueues(scope, ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl']),
  ];
}

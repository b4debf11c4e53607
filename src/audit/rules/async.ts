import { formatUsd } from '../../model/format.ts';
import { pricedFunction } from '../exposure.ts';
import { timeoutUsd } from '../poison.ts';
import { cannotSay, NOT_APPLICABLE, PASSED, type Rule, type Verdict } from '../rule.ts';
import { shellWord } from '../shell.ts';
import type { AuditFunction } from '../subject.ts';

/** Defaults of asynchronous invocation (AWS Lambda developer guide, asynchronous error handling, 2026). */
const RETRIES_DEFAULT = 2;
const EVENT_AGE_DEFAULT_SECONDS = 21_600;

/** Only a function that some service invokes asynchronously is judged. */
function ifAsync(fn: AuditFunction, judge: () => Verdict): Verdict {
  if (fn.asyncInvokers === undefined) return cannotSay('who invokes it');
  return fn.asyncInvokers.length === 0 ? NOT_APPLICABLE : judge();
}

function invokeConfigFix(
  fn: AuditFunction,
  summary: string,
  setting: { readonly cdk: string; readonly cloudFormation: string; readonly cli: string },
) {
  return {
    summary,
    cdk: `fn.configureAsyncInvoke({ ${setting.cdk} });`,
    cloudFormation: `Type: AWS::Lambda::EventInvokeConfig\nProperties:\n  FunctionName: !Ref Function\n  Qualifier: $LATEST\n  ${setting.cloudFormation}`,
    cli: `aws lambda update-function-event-invoke-config --function-name ${shellWord(fn.name)} ${setting.cli}`,
  };
}

export const asyncRules: readonly Rule[] = [
  {
    id: 'async-no-failure-destination',
    scope: 'function',
    title: 'events that fail are dropped',
    why: 'After its retries an asynchronous event is discarded unless a dead-letter queue or an on-failure destination is set (AWS Lambda developer guide, 2026).',
    evaluate: (fn) =>
      ifAsync(fn, () => {
        if (fn.deadLetterTarget || fn.asyncInvoke?.onFailure) return PASSED;
        if (fn.asyncInvoke === undefined || fn.deadLetterTarget === undefined) {
          return cannotSay('asynchronous invocation settings');
        }
        return {
          outcome: 'finding',
          severity: 'high',
          evidence: `invoked by ${fn.asyncInvokers?.join(', ')}; no dead-letter queue, no on-failure destination`,
          stake: null,
          fix: invokeConfigFix(fn, 'Send what fails to a queue that is watched', {
            cdk: 'onFailure: new destinations.SqsDestination(failures)',
            cloudFormation: 'DestinationConfig:\n    OnFailure:\n      Destination: !GetAtt Failures.Arn',
            cli: `--destination-config 'OnFailure={Destination=QUEUE_ARN}'`,
          }),
        };
      }),
  },
  {
    id: 'async-retries-default',
    scope: 'function',
    title: 'each failing event runs three times',
    why: 'The default is two retries, a minute and two minutes later, whether or not a retry can help.',
    evaluate: (fn, context) =>
      ifAsync(fn, () => {
        if (fn.asyncInvoke === undefined) return cannotSay('asynchronous invocation settings');
        if (fn.asyncInvoke !== null) return PASSED;
        const priced = pricedFunction(fn, context);
        const usd = priced === null ? null : timeoutUsd(priced) * RETRIES_DEFAULT;
        return {
          outcome: 'finding',
          severity: 'low',
          evidence: `default of ${RETRIES_DEFAULT} retries, never chosen${usd === null ? '' : `; up to ${formatUsd(usd)} an event on top`}`,
          stake: usd === null ? null : { usd, per: 'failed event' },
          fix: invokeConfigFix(fn, 'Choose the retries: 0 or 1 where failures are not transient', {
            cdk: 'retryAttempts: 1',
            cloudFormation: 'MaximumRetryAttempts: 1',
            cli: '--maximum-retry-attempts 1',
          }),
        };
      }),
  },
  {
    id: 'async-event-age-default',
    scope: 'function',
    title: 'throttled events are tried for six hours',
    why: 'Events that are throttled stay in Lambda’s queue up to the maximum age; a backlog then keeps the function at its limit for hours.',
    evaluate: (fn) =>
      ifAsync(fn, () => {
        if (fn.asyncInvoke === undefined) return cannotSay('asynchronous invocation settings');
        const age = fn.asyncInvoke?.maximumEventAgeSeconds ?? EVENT_AGE_DEFAULT_SECONDS;
        if (age < EVENT_AGE_DEFAULT_SECONDS) return PASSED;
        return {
          outcome: 'finding',
          severity: 'low',
          evidence: 'maximum event age 6 h, the default',
          stake: null,
          fix: invokeConfigFix(fn, 'Give up on events that are too old to be of use', {
            cdk: 'maxEventAge: Duration.minutes(15)',
            cloudFormation: 'MaximumEventAgeInSeconds: 900',
            cli: '--maximum-event-age-in-seconds 900',
          }),
        };
      }),
  },
];

import { formatCount, formatUsd } from '../../model/format.ts';
import { boundOfMapping } from '../../price/reachable.ts';
import type { Exposure } from '../exposure.ts';
import { type AuditSeverity, cannotSay, NOT_APPLICABLE, PASSED, type Rule, type Verdict } from '../rule.ts';
import { shellWord } from '../shell.ts';
import type { AuditFunction } from '../subject.ts';

/** A night of this is a month's budget of a small team (assumption). */
const HIGH_USD_PER_HOUR = 30;
const MEDIUM_USD_PER_HOUR = 5;
/** A reservation that a fix proposes: enough for most workers, a bound for all (assumption). */
const PROPOSED_CONCURRENCY = 50;

function severityOf(usdPerHour: number | null): AuditSeverity {
  if (usdPerHour === null) return 'medium';
  if (usdPerHour >= HIGH_USD_PER_HOUR) return 'high';
  return usdPerHour >= MEDIUM_USD_PER_HOUR ? 'medium' : 'low';
}

function unbounded(fn: AuditFunction, exposure: Exposure): Verdict {
  const { reachable, usdPerHour } = exposure;
  const name = shellWord(fn.name);
  const queue = fn.eventSources?.find(({ kind, enabled }) => kind === 'sqs' && enabled);
  return {
    outcome: 'finding',
    severity: severityOf(usdPerHour),
    evidence: `up to ${formatCount(reachable.concurrency)} at once (${reachable.limitedBy})${usdPerHour === null ? '' : `, ${formatUsd(usdPerHour)} an hour`}`,
    stake: usdPerHour === null ? null : { usd: usdPerHour, per: 'hour' },
    fix: {
      summary:
        queue === undefined
          ? 'Reserve the concurrency it really needs'
          : 'Limit the mapping, so that a loop cannot take the whole account',
      cdk:
        queue === undefined
          ? `new lambda.Function(this, 'Function', { reservedConcurrentExecutions: ${PROPOSED_CONCURRENCY} });`
          : `fn.addEventSource(new SqsEventSource(queue, { maxConcurrency: ${PROPOSED_CONCURRENCY} }));`,
      cloudFormation:
        queue === undefined
          ? `ReservedConcurrentExecutions: ${PROPOSED_CONCURRENCY}`
          : `ScalingConfig:\n  MaximumConcurrency: ${PROPOSED_CONCURRENCY}`,
      cli:
        queue === undefined
          ? `aws lambda put-function-concurrency --function-name ${name} --reserved-concurrent-executions ${PROPOSED_CONCURRENCY}`
          : `aws lambda update-event-source-mapping --uuid ${shellWord(queue.id)} --scaling-config MaximumConcurrency=${PROPOSED_CONCURRENCY}`,
    },
  };
}

function belowMapping(fn: AuditFunction, reserved: number, wanted: number): Verdict {
  const name = shellWord(fn.name);
  const stopped = reserved === 0;
  return {
    outcome: 'finding',
    severity: stopped ? 'high' : 'medium',
    evidence: stopped
      ? 'reserved concurrency 0 while a queue still feeds it: every receive is throttled and counts toward maxReceiveCount'
      : `reserved concurrency ${formatCount(reserved)}, its queues may ask for ${formatCount(wanted)}: throttled receives count toward maxReceiveCount`,
    stake: null,
    fix: {
      summary: stopped
        ? 'Disable the mapping instead: messages then wait in the queue untouched'
        : 'Keep the reservation at or above the sum of the mappings’ MaximumConcurrency',
      cdk: stopped
        ? 'fn.addEventSource(new SqsEventSource(queue, { enabled: false }));'
        : `fn.addEventSource(new SqsEventSource(queue, { maxConcurrency: ${Math.max(2, reserved)} }));`,
      cloudFormation: stopped
        ? 'Enabled: false'
        : `ScalingConfig:\n  MaximumConcurrency: ${Math.max(2, reserved)}`,
      cli: (fn.eventSources ?? [])
        .filter(({ kind, enabled }) => kind === 'sqs' && enabled)
        .map(
          ({ id }) =>
            `aws lambda update-event-source-mapping --uuid ${shellWord(id)} ${stopped ? '--no-enabled' : `--scaling-config MaximumConcurrency=${Math.max(2, reserved)}`}  # ${name}`,
        )
        .join('\n'),
    },
  };
}

export const concurrencyRules: readonly Rule[] = [
  {
    id: 'concurrency-unbounded',
    scope: 'function',
    title: 'nothing but the account limits its concurrency',
    why: 'A loop runs at the highest concurrency the settings allow; the price of that is the price of a bad night.',
    evaluate: (fn, { exposures }) => {
      const fed = fn.eventSources?.some(({ enabled }) => enabled) || (fn.asyncInvokers?.length ?? 0) > 0;
      const exposure = exposures.get(fn.name);
      if (fn.eventSources === undefined) return cannotSay('event source mappings');
      if (!fed || exposure === undefined) return NOT_APPLICABLE;
      if (fn.reservedConcurrency === undefined) return cannotSay('reserved concurrency');
      const { limitedBy } = exposure.reachable;
      if (limitedBy === 'reserved concurrency' || limitedBy === 'mapping maximum') return PASSED;
      if (limitedBy === 'provisioned pollers') return PASSED;
      return unbounded(fn, exposure);
    },
  },
  {
    id: 'concurrency-below-mapping',
    scope: 'function',
    title: 'reserved concurrency is below what its queues ask for',
    why: 'Throttled receives raise the receive count, so good messages reach the dead-letter queue (AWS Lambda developer guide, SQS scaling, 2026).',
    evaluate: (fn) => {
      if (fn.reservedConcurrency === undefined) return cannotSay('reserved concurrency');
      if (fn.eventSources === undefined) return cannotSay('event source mappings');
      const queues = fn.eventSources.filter(({ kind, enabled }) => kind === 'sqs' && enabled);
      if (fn.reservedConcurrency === null || queues.length === 0) return NOT_APPLICABLE;
      const wanted = queues.reduce((sum, source) => sum + boundOfMapping(source).concurrency, 0);
      return wanted > fn.reservedConcurrency ? belowMapping(fn, fn.reservedConcurrency, wanted) : PASSED;
    },
  },
  {
    id: 'recursion-allowed',
    scope: 'function',
    title: 'recursive loop detection is switched off',
    why: 'Lambda stops a chain of about 16 of its own invocations unless it is told to allow it (AWS Lambda developer guide, recursion, 2026).',
    evaluate: (fn, { exposures }) => {
      if (fn.recursiveLoop === undefined) return cannotSay('recursive loop detection');
      if (fn.recursiveLoop === 'Terminate') return PASSED;
      const usd = exposures.get(fn.name)?.usdPerHour ?? null;
      return {
        outcome: 'finding',
        severity: 'high',
        evidence: 'RecursiveLoop is Allow: a function that triggers itself runs until someone notices',
        stake: usd === null ? null : { usd, per: 'hour' },
        fix: {
          summary: 'Let Lambda terminate recursive loops, unless the design needs them',
          cdk: 'new lambda.Function(this, "Function", { recursiveLoop: lambda.RecursiveLoop.TERMINATE });',
          cloudFormation: 'RecursiveLoop: Terminate',
          cli: `aws lambda put-function-recursion-config --function-name ${shellWord(fn.name)} --recursive-loop Terminate`,
        },
      };
    },
  },
];

import { formatCount, formatUsd } from '../../model/format.ts';
import { durationUsd, gbSeconds } from '../../price/lambda-price.ts';
import { cannotSay, NOT_APPLICABLE, PASSED, type Rule, type RuleContext, type Verdict } from '../rule.ts';
import { shellWord } from '../shell.ts';
import type { AuditFunction, ObservedUse } from '../subject.ts';

const MEMORY_DEFAULT_MB = 128;
const TIGHT_SHARE = 0.9;
const OVERSIZED_SHARE = 0.4;
/** Below that there is little to save. */
const OVERSIZED_MIN_MB = 512;
/** Room above the most that was used. */
const ROOM_FACTOR = 1.5;
const STEP_MB = 64;
const INVOCATIONS_MIN = 20;
const HOURS_PER_MONTH = 720;

/** Memory also buys CPU: the cheapest setting is found by measuring, not by arithmetic. */
const POWER_TUNING = 'measure with aws-lambda-power-tuning before and after: memory also buys CPU';

function memoryFix(fn: AuditFunction, memoryMB: number, summary: string) {
  return {
    summary: `${summary}; ${POWER_TUNING}`,
    cdk: `new lambda.Function(this, 'Function', { memorySize: ${memoryMB} });`,
    cloudFormation: `MemorySize: ${memoryMB}`,
    cli: `aws lambda update-function-configuration --function-name ${shellWord(fn.name)} --memory-size ${memoryMB}`,
  };
}

function roundedUp(memoryMB: number): number {
  return Math.max(MEMORY_DEFAULT_MB, Math.ceil(memoryMB / STEP_MB) * STEP_MB);
}

function againstReality(
  fn: AuditFunction,
  judge: (observed: ObservedUse, memoryMB: number) => Verdict,
): Verdict {
  if (fn.memoryMB === undefined) return cannotSay('memory');
  if (fn.observed === undefined) return cannotSay('REPORT log lines');
  return fn.observed.invocations < INVOCATIONS_MIN ? NOT_APPLICABLE : judge(fn.observed, fn.memoryMB);
}

function savedUsdPerMonth(
  fn: AuditFunction,
  saving: { readonly observed: ObservedUse; readonly savedMB: number },
  { prices, pricing }: RuleContext,
): number {
  const { observed, savedMB } = saving;
  const invocations = (observed.invocations / observed.hours) * HOURS_PER_MONTH;
  return durationUsd({
    ...pricing,
    prices,
    architecture: fn.architecture ?? 'x86_64',
    gbSeconds: gbSeconds({ memoryMB: savedMB, durationMs: invocations * observed.averageBilledMs }),
  });
}

export const memoryRules: readonly Rule[] = [
  {
    id: 'memory-default',
    scope: 'function',
    title: 'memory is the 128 MB default',
    why: 'At 128 MB a function has a fourteenth of a vCPU (AWS: one vCPU at 1,769 MB); with more it often runs shorter and costs the same.',
    evaluate: (fn) => {
      if (fn.memoryMB === undefined) return cannotSay('memory');
      if (fn.memoryMB !== MEMORY_DEFAULT_MB) return PASSED;
      return {
        outcome: 'finding',
        severity: 'low',
        evidence: '128 MB, never chosen',
        stake: null,
        fix: memoryFix(fn, 512, 'Choose the memory by measurement; 512 MB is a better start'),
      };
    },
  },
  {
    id: 'memory-tight',
    scope: 'function',
    title: 'memory is nearly used up',
    why: 'The next larger message ends the process; the batch is retried and fails the same way.',
    evaluate: (fn) =>
      againstReality(fn, ({ maxMemoryUsedMB }, memoryMB) => {
        if (maxMemoryUsedMB < TIGHT_SHARE * memoryMB) return PASSED;
        return {
          outcome: 'finding',
          severity: 'medium',
          evidence: `used ${formatCount(maxMemoryUsedMB)} of ${formatCount(memoryMB)} MB`,
          stake: null,
          fix: memoryFix(fn, roundedUp(maxMemoryUsedMB * ROOM_FACTOR), 'Leave room above the most it used'),
        };
      }),
  },
  {
    id: 'memory-oversized',
    scope: 'function',
    title: 'memory is far above what it uses',
    why: 'Every millisecond is billed at the configured memory, used or not, a runaway loop too.',
    evaluate: (fn, context) =>
      againstReality(fn, (observed, memoryMB) => {
        const used = observed.maxMemoryUsedMB;
        if (memoryMB < OVERSIZED_MIN_MB || used > OVERSIZED_SHARE * memoryMB) return PASSED;
        const proposed = roundedUp(used * ROOM_FACTOR);
        const usd = savedUsdPerMonth(fn, { observed, savedMB: memoryMB - proposed }, context);
        return {
          outcome: 'finding',
          severity: 'low',
          evidence: `used at most ${formatCount(used)} of ${formatCount(memoryMB)} MB; ${formatUsd(usd)} a month if it ran as fast with ${formatCount(proposed)} MB`,
          stake: { usd, per: 'month' },
          fix: memoryFix(fn, proposed, 'Try less memory'),
        };
      }),
  },
];

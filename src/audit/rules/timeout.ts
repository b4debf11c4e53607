import { formatCount, formatDuration, formatUsd } from '../../model/format.ts';
import { SECOND_MS } from '../../model/time.ts';
import { pricedFunction } from '../exposure.ts';
import { timeoutUsd } from '../poison.ts';
import { cannotSay, NOT_APPLICABLE, PASSED, type Rule, type RuleContext, type Verdict } from '../rule.ts';
import { shellWord } from '../shell.ts';
import type { AuditFunction } from '../subject.ts';

/** The longest timeout of an ordinary function (AWS Lambda quotas, 2026). */
const TIMEOUT_MAXIMUM_SECONDS = 900;
/** Below that a generous timeout costs next to nothing. */
const TIMEOUT_MATTERS_SECONDS = 30;
/** Room that a timeout leaves above the longest run seen: a day is not a year (assumption). */
const ROOM_FACTOR = 3;
/** More than this is not room, it is the price of each failure. */
const FAR_FACTOR = 6;
const CLOSE_SHARE = 0.9;
/** Runs that a maximum needs to mean something. */
const INVOCATIONS_MIN = 20;

function timeoutFix(fn: AuditFunction, seconds: number, summary: string) {
  return {
    summary,
    cdk: `new lambda.Function(this, 'Function', { timeout: Duration.seconds(${seconds}) });`,
    cloudFormation: `Timeout: ${seconds}`,
    cli: `aws lambda update-function-configuration --function-name ${shellWord(fn.name)} --timeout ${seconds}`,
  };
}

/** A timeout that suits the longest run seen, in whole seconds. */
function suitableSeconds(maxDurationMs: number): number {
  return Math.max(3, Math.ceil((maxDurationMs * ROOM_FACTOR) / SECOND_MS));
}

function againstReality(
  fn: AuditFunction,
  judge: (maxDurationMs: number, timeoutMs: number) => Verdict,
): Verdict {
  if (fn.timeoutSeconds === undefined) return cannotSay('timeout');
  if (fn.observed === undefined) return cannotSay('REPORT log lines');
  if (fn.observed.invocations < INVOCATIONS_MIN) return NOT_APPLICABLE;
  return judge(fn.observed.maxDurationMs, fn.timeoutSeconds * SECOND_MS);
}

function attemptUsd(fn: AuditFunction, context: RuleContext): number | null {
  const priced = pricedFunction(fn, context);
  return priced === null ? null : timeoutUsd(priced);
}

export const timeoutRules: readonly Rule[] = [
  {
    id: 'timeout-maximum',
    scope: 'function',
    title: 'timeout is the maximum',
    why: 'A call that hangs is billed to the timeout at every attempt; 15 minutes is seldom what the work needs.',
    evaluate: (fn, context) => {
      if (fn.timeoutSeconds === undefined) return cannotSay('timeout');
      if (fn.timeoutSeconds < TIMEOUT_MAXIMUM_SECONDS) return PASSED;
      const usd = attemptUsd(fn, context);
      const seconds = fn.observed === undefined ? 60 : suitableSeconds(fn.observed.maxDurationMs);
      return {
        outcome: 'finding',
        severity: 'medium',
        evidence: `timeout ${formatDuration(fn.timeoutSeconds * SECOND_MS)}${usd === null ? '' : `: an attempt that hangs costs ${formatUsd(usd)}`}`,
        stake: usd === null ? null : { usd, per: 'invocation' },
        fix: timeoutFix(
          fn,
          Math.min(seconds, TIMEOUT_MAXIMUM_SECONDS - 1),
          'Set the timeout a little above the longest run that succeeds',
        ),
      };
    },
  },
  {
    id: 'timeout-far-above-real',
    scope: 'function',
    title: 'timeout is far above the longest run',
    why: 'The gap between the longest real run and the timeout is what every hanging attempt costs on top.',
    evaluate: (fn, context) =>
      againstReality(fn, (maxMs, timeoutMs) => {
        const matters = timeoutMs >= TIMEOUT_MATTERS_SECONDS * SECOND_MS;
        if (!matters || timeoutMs <= FAR_FACTOR * Math.max(maxMs, SECOND_MS)) return PASSED;
        const usd = attemptUsd(fn, context);
        const seconds = suitableSeconds(maxMs);
        return {
          outcome: 'finding',
          severity: 'low',
          evidence: `timeout ${formatDuration(timeoutMs)}, longest of ${formatCount(fn.observed?.invocations ?? 0)} runs ${formatCount(maxMs)} ms`,
          stake:
            usd === null ? null : { usd: usd * (1 - (seconds * SECOND_MS) / timeoutMs), per: 'invocation' },
          fix: timeoutFix(fn, seconds, `${ROOM_FACTOR} times the longest run is room enough`),
        };
      }),
  },
  {
    id: 'timeout-too-close',
    scope: 'function',
    title: 'runs come close to the timeout',
    why: 'A slow dependency then turns good work into timeouts, each retried and billed in full.',
    evaluate: (fn) =>
      againstReality(fn, (maxMs, timeoutMs) => {
        if (maxMs < CLOSE_SHARE * timeoutMs) return PASSED;
        const seconds = Math.min(TIMEOUT_MAXIMUM_SECONDS, Math.ceil((timeoutMs * 2) / SECOND_MS));
        return {
          outcome: 'finding',
          severity: 'medium',
          evidence: `longest run ${formatCount(maxMs)} ms of ${formatCount(timeoutMs)} ms allowed`,
          stake: null,
          fix: timeoutFix(fn, seconds, 'Raise the timeout, or bound the calls the function waits for'),
        };
      }),
  },
];

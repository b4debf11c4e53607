import { DAY_MS } from '../../model/time.ts';
import { cannotSay, NOT_APPLICABLE, PASSED, type Rule } from '../rule.ts';
import { RUNTIME_DATES, successorOf } from '../runtime-table.ts';
import { shellWord } from '../shell.ts';

/** AWS gives 180 days' notice; the last 90 are time to act. */
const NOTICE_DAYS = 90;

export const runtimeRules: readonly Rule[] = [
  {
    id: 'runtime-deprecated',
    scope: 'function',
    title: 'runtime is deprecated, or soon will be',
    why: 'A deprecated runtime gets no security patches; later the function can no longer be updated, not even to fix an incident.',
    evaluate: (fn, { now }) => {
      if (fn.runtime === undefined) return cannotSay('runtime');
      const dates = fn.runtime === null ? undefined : RUNTIME_DATES.get(fn.runtime);
      if (fn.runtime === null) return NOT_APPLICABLE;
      if (dates === undefined) return PASSED;
      const deprecatedAt = Date.parse(dates.deprecatedOn);
      if (now < deprecatedAt - NOTICE_DAYS * DAY_MS) return PASSED;
      const past = now >= deprecatedAt;
      const blocked = dates.updateBlockedOn !== null && now >= Date.parse(dates.updateBlockedOn);
      const to = successorOf(fn.runtime);
      const updates =
        dates.updateBlockedOn === null
          ? ''
          : `, updates ${blocked ? 'are blocked since' : 'will be blocked on'} ${dates.updateBlockedOn}`;
      return {
        outcome: 'finding',
        severity: blocked ? 'high' : past ? 'medium' : 'low',
        evidence: `${fn.runtime} ${past ? 'is deprecated since' : 'will be deprecated on'} ${dates.deprecatedOn}${updates}`,
        stake: null,
        fix: {
          summary: `Move to ${to}`,
          cdk: `new lambda.Function(this, 'Function', { runtime: new lambda.Runtime('${to}') });`,
          cloudFormation: `Runtime: ${to}`,
          cli: `aws lambda update-function-configuration --function-name ${shellWord(fn.name)} --runtime ${to}`,
        },
      };
    },
  },
];

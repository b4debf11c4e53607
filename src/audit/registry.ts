import type { Rule } from './rule.ts';
import { alarmRules } from './rules/alarms.ts';
import { asyncRules } from './rules/async.ts';
import { coldStartRules } from './rules/cold-start.ts';
import { concurrencyRules } from './rules/concurrency.ts';
import { identityRules } from './rules/identity.ts';
import { loggingRules } from './rules/logging.ts';
import { memoryRules } from './rules/memory.ts';
import { deadLetterRules, queueRules } from './rules/queue.ts';
import { runtimeRules } from './rules/runtime.ts';
import { streamRules } from './rules/stream.ts';
import { timeoutRules } from './rules/timeout.ts';

/** Every rule, those about runaway spend first. Ids are public and never change. */
export const AUDIT_RULES: readonly Rule[] = [
  ...concurrencyRules,
  ...queueRules,
  ...deadLetterRules,
  ...streamRules,
  ...asyncRules,
  ...timeoutRules,
  ...memoryRules,
  ...coldStartRules,
  ...identityRules,
  ...runtimeRules,
  ...alarmRules,
  ...loggingRules,
];

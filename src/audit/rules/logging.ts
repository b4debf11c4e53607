import { formatCount, formatUsd } from '../../model/format.ts';
import { FLAT_PRICES } from '../../price/price-list.ts';
import { cannotSay, NOT_APPLICABLE, PASSED, type Rule } from '../rule.ts';
import { shellWord } from '../shell.ts';

const BYTES_PER_GB = 1024 ** 3;
const DAYS_PER_MONTH = 30;
/** Logs that cost less a month are not worth a word; those that cost this much are worth a change. */
const LOGS_USD_MIN = 1;
const LOGS_USD_MEDIUM = 30;

export const loggingRules: readonly Rule[] = [
  {
    id: 'log-format-text',
    scope: 'function',
    title: 'logs are plain text',
    why: 'JSON logs can be filtered by level and field, and system logs can be turned down, when a loop writes gigabytes.',
    evaluate: (fn) => {
      if (fn.logFormat === undefined) return cannotSay('log format');
      if (fn.logFormat === 'JSON') return PASSED;
      return {
        outcome: 'finding',
        severity: 'low',
        evidence: 'LogFormat is Text',
        stake: null,
        fix: {
          summary: 'Log as JSON',
          cdk: "new lambda.Function(this, 'Function', { loggingFormat: lambda.LoggingFormat.JSON });",
          cloudFormation: 'LoggingConfig:\n  LogFormat: JSON',
          cli: `aws lambda update-function-configuration --function-name ${shellWord(fn.name)} --logging-config LogFormat=JSON`,
        },
      };
    },
  },
  {
    id: 'log-retention-unset',
    scope: 'function',
    title: 'logs are kept for ever',
    why: 'A log group that Lambda creates never expires; storage is billed every month.',
    evaluate: (fn) => {
      if (fn.logGroup === undefined) return cannotSay('log group');
      const { name, retentionDays, storedBytes } = fn.logGroup;
      if (retentionDays !== null) return PASSED;
      const usd =
        storedBytes === undefined ? null : (storedBytes / BYTES_PER_GB) * FLAT_PRICES.logsStorage.usd;
      return {
        outcome: 'finding',
        severity: 'low',
        evidence: `${name} has no retention${usd === null ? '' : `, ${formatCount((storedBytes ?? 0) / BYTES_PER_GB)} GB kept, ${formatUsd(usd)} a month`}`,
        stake: usd === null ? null : { usd, per: 'month' },
        fix: {
          summary: 'Expire logs after a time you would still read them',
          cdk: "new lambda.Function(this, 'Function', { logGroup: new logs.LogGroup(this, 'Logs', { retention: logs.RetentionDays.ONE_MONTH }) });",
          cloudFormation: `Type: AWS::Logs::LogGroup\nProperties:\n  LogGroupName: ${name}\n  RetentionInDays: 30`,
          cli: `aws logs put-retention-policy --log-group-name ${shellWord(name)} --retention-in-days 30`,
        },
      };
    },
  },
  {
    id: 'logs-dearer-than-compute',
    scope: 'function',
    title: 'its logs cost more than its compute',
    why: 'CloudWatch Logs charges for each byte that is written; a loop that logs every attempt can cost more there than in Lambda.',
    evaluate: (fn, { exposures, prices }) => {
      if (fn.observed === undefined) return cannotSay('REPORT log lines');
      const { logBytesPerDay } = fn.observed;
      if (logBytesPerDay === undefined) return cannotSay('IncomingBytes of the log group');
      const computeUsd = exposures.get(fn.name)?.usualUsdPerMonth ?? null;
      if (computeUsd === null) return NOT_APPLICABLE;
      const gbPerDay = logBytesPerDay / BYTES_PER_GB;
      const usd = gbPerDay * DAYS_PER_MONTH * prices.logsIngestionUsdPerGb;
      if (usd < LOGS_USD_MIN || usd <= computeUsd) return PASSED;
      return {
        outcome: 'finding',
        severity: usd >= LOGS_USD_MEDIUM ? 'medium' : 'low',
        evidence: `its log group takes ${gbPerDay.toFixed(1)} GB a day, ${formatUsd(usd)} a month; its compute ${formatUsd(computeUsd)}`,
        stake: { usd, per: 'month' },
        fix: {
          summary: 'Log less: JSON logs with a level of WARN, and no payloads',
          cdk: "new lambda.Function(this, 'Function', { loggingFormat: lambda.LoggingFormat.JSON, applicationLogLevelV2: lambda.ApplicationLogLevel.WARN, systemLogLevelV2: lambda.SystemLogLevel.WARN });",
          cloudFormation:
            'LoggingConfig:\n  LogFormat: JSON\n  ApplicationLogLevel: WARN\n  SystemLogLevel: WARN',
          cli: `aws lambda update-function-configuration --function-name ${shellWord(fn.name)} --logging-config LogFormat=JSON,ApplicationLogLevel=WARN,SystemLogLevel=WARN`,
        },
      };
    },
  },
  {
    id: 'tracing-off',
    scope: 'function',
    title: 'X-Ray tracing is off',
    why: 'Traces show which downstream call hangs, which is the question during a timeout loop.',
    evaluate: (fn) => {
      if (fn.tracing === undefined) return cannotSay('tracing');
      if (fn.tracing === 'Active') return PASSED;
      return {
        outcome: 'finding',
        severity: 'low',
        evidence: 'TracingConfig is PassThrough',
        stake: null,
        fix: {
          summary: 'Turn active tracing on (sampled: one request a second and 5 % of the rest)',
          cdk: "new lambda.Function(this, 'Function', { tracing: lambda.Tracing.ACTIVE });",
          cloudFormation: 'TracingConfig:\n  Mode: Active',
          cli: `aws lambda update-function-configuration --function-name ${shellWord(fn.name)} --tracing-config Mode=Active`,
        },
      };
    },
  },
];

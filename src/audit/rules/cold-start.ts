import { formatCount, formatUsd } from '../../model/format.ts';
import { initUsd } from '../../price/init-estimate.ts';
import { provisionedConfiguredUsd } from '../../price/lambda-price.ts';
import { cannotSay, NOT_APPLICABLE, PASSED, type Rule } from '../rule.ts';
import { shellWord } from '../shell.ts';
import type { ProvisionedConcurrency } from '../subject.ts';

const BYTES_PER_MB = 1024 ** 2;
/** Public measurements of Node.js bundles: 8 MB starts in 0.4 to 0.5 s, 16 MB in 0.65 to 1 s, 64 MB in 3 s. */
const PACKAGE_LARGE_BYTES = 10 * BYTES_PER_MB;
const PACKAGE_HUGE_BYTES = 40 * BYTES_PER_MB;
const INIT_SLOW_MS = 1_000;
const INIT_VERY_SLOW_MS = 3_000;
const COLD_STARTS_MIN = 3;
/** Runs of warm environments that say how long one takes. */
const WARM_RUNS_MIN = 20;
/** What the first run takes longer, to be worth a word; and how many times what the others take, and what INIT takes (assumptions). */
const FIRST_RUN_GAP_MS = 1_000;
const FIRST_RUN_FACTOR = 2;
/** Peak use of provisioned concurrency below which most of it is paid for nothing. */
const IDLE_SHARE = 0.3;
const HOURS_PER_MONTH = 720;

function provisionedFix(functionName: string, config: ProvisionedConcurrency, executions: number) {
  return {
    summary: 'Set provisioned concurrency to the peak it serves, or scale it by schedule or utilisation',
    cdk: `new lambda.Alias(this, 'Alias', { aliasName: '${config.qualifier}', version, provisionedConcurrentExecutions: ${executions} });`,
    cloudFormation: `ProvisionedConcurrencyConfig:\n  ProvisionedConcurrentExecutions: ${executions}`,
    cli: `aws lambda put-provisioned-concurrency-config --function-name ${shellWord(functionName)} --qualifier ${shellWord(config.qualifier)} --provisioned-concurrent-executions ${executions}`,
  };
}

export const coldStartRules: readonly Rule[] = [
  {
    id: 'package-large',
    scope: 'function',
    title: 'deployment package is large',
    why: 'Package size drives cold starts, and INIT is billed since August 2025 (AWS Compute Blog, 2025-04-29).',
    evaluate: (fn) => {
      if (fn.packageBytes === undefined) return cannotSay('package size');
      if (fn.packageBytes === null) return NOT_APPLICABLE;
      if (fn.packageBytes <= PACKAGE_LARGE_BYTES) return PASSED;
      return {
        outcome: 'finding',
        severity: fn.packageBytes > PACKAGE_HUGE_BYTES ? 'medium' : 'low',
        evidence: `${formatCount(fn.packageBytes / BYTES_PER_MB)} MB zipped, layers included`,
        stake: null,
        fix: {
          summary: 'Bundle and minify, and leave out what the handler does not import',
          cdk: "new NodejsFunction(this, 'Function', { bundling: { minify: true, format: OutputFormat.ESM } });",
          cloudFormation: 'CodeUri: build/  # the output of a bundler such as esbuild, not the source tree',
          cli: `npx esbuild src/handler.ts --bundle --minify --platform=node --outfile=build/index.js && (cd build && zip -q ../package.zip index.js) && aws lambda update-function-code --function-name ${shellWord(fn.name)} --zip-file fileb://package.zip`,
        },
      };
    },
  },
  {
    id: 'init-slow',
    scope: 'function',
    title: 'cold starts are slow',
    why: 'Each new execution environment runs INIT first; a loop that ramps up starts hundreds of them, all billed.',
    evaluate: (fn, { prices, pricing }) => {
      if (fn.observed === undefined) return cannotSay('REPORT log lines');
      const { coldStarts, averageInitMs, hours, invocations } = fn.observed;
      if (coldStarts < COLD_STARTS_MIN || fn.memoryMB === undefined) return NOT_APPLICABLE;
      if (averageInitMs < INIT_SLOW_MS) return PASSED;
      const perMonth = HOURS_PER_MONTH / hours;
      const { usd } = initUsd({
        ...pricing,
        prices,
        architecture: fn.architecture ?? 'x86_64',
        memoryMB: fn.memoryMB,
        invocations: invocations * perMonth,
        measured: { coldStarts: coldStarts * perMonth, averageInitMs },
      });
      return {
        outcome: 'finding',
        severity: averageInitMs >= INIT_VERY_SLOW_MS ? 'medium' : 'low',
        evidence: `${formatCount(averageInitMs)} ms INIT on average over ${formatCount(coldStarts)} cold starts, ${formatUsd(usd)} a month`,
        stake: { usd, per: 'month' },
        fix: {
          summary: 'Import less at start, or use SnapStart where the runtime has it',
          cdk: "new lambda.Function(this, 'Function', { snapStart: lambda.SnapStartConf.ON_PUBLISHED_VERSIONS });",
          cloudFormation: 'SnapStart:\n  ApplyOn: PublishedVersions',
          cli: `aws lambda update-function-configuration --function-name ${shellWord(fn.name)} --snap-start ApplyOn=PublishedVersions`,
        },
      };
    },
  },
  {
    id: 'init-in-handler',
    scope: 'function',
    title: 'it sets itself up in the handler',
    why: 'What the first run of an environment does once belongs outside the handler: INIT runs it with more CPU, and with provisioned concurrency or SnapStart before anybody waits.',
    evaluate: ({ name, observed }) => {
      if (observed === undefined) return cannotSay('REPORT log lines');
      const { coldStarts, invocations, averageInitMs, averageFirstRunMs: first, medianWarmRunMs } = observed;
      if (coldStarts < COLD_STARTS_MIN || invocations - coldStarts < WARM_RUNS_MIN) return NOT_APPLICABLE;
      const gapMs = first - medianWarmRunMs;
      const isPlain = gapMs >= FIRST_RUN_GAP_MS && first >= FIRST_RUN_FACTOR * medianWarmRunMs;
      if (!isPlain || gapMs < FIRST_RUN_FACTOR * averageInitMs) return PASSED;
      return {
        outcome: 'finding',
        severity: 'low',
        evidence: `the first run of an environment takes ${formatCount(first)} ms, the others ${formatCount(medianWarmRunMs)} ms, INIT only ${formatCount(averageInitMs)} ms`,
        stake: null,
        fix: {
          summary: 'Make clients, open connections and read configuration outside the handler',
          cdk: "new NodejsFunction(this, 'Function', { entry: 'src/handler.ts' });  // there: const client = new Client({}); above the handler",
          cloudFormation: 'CodeUri: build/  # of code that makes its clients above the handler, not in it',
          cli: `aws lambda update-function-code --function-name ${shellWord(name)} --zip-file fileb://package.zip  # of code that makes its clients above the handler`,
        },
      };
    },
  },
  {
    id: 'provisioned-idle',
    scope: 'function',
    title: 'provisioned concurrency stands idle',
    why: 'It is billed for every second it is configured, used or not.',
    evaluate: (fn, { prices, pricing }) => {
      const configs = fn.provisionedConcurrency;
      if (configs === undefined) return cannotSay('provisioned concurrency');
      if (configs.length === 0 || fn.memoryMB === undefined) return NOT_APPLICABLE;
      if (configs.some(({ utilizationMaximum }) => utilizationMaximum === undefined)) {
        return cannotSay('ProvisionedConcurrencyUtilization');
      }
      const [idle] = configs.filter(({ utilizationMaximum: peak = 1 }) => peak < IDLE_SHARE);
      if (idle === undefined) return PASSED;
      const peak = idle.utilizationMaximum ?? 0;
      const usd = provisionedConfiguredUsd({
        ...pricing,
        prices,
        architecture: fn.architecture ?? 'x86_64',
        memoryMB: fn.memoryMB,
        executions: idle.executions * (1 - peak),
        seconds: HOURS_PER_MONTH * 3600,
      });
      return {
        outcome: 'finding',
        severity: 'medium',
        evidence: `${idle.qualifier}: ${formatCount(idle.executions)} kept ready, at most ${Math.round(peak * 100)} % used in a day; ${formatUsd(usd)} a month for nothing`,
        stake: { usd, per: 'month' },
        fix: provisionedFix(fn.name, idle, Math.max(1, Math.ceil(idle.executions * peak))),
      };
    },
  },
  {
    id: 'provisioned-spilling',
    scope: 'function',
    title: 'provisioned concurrency spills over',
    why: 'What spills starts cold and is billed on demand, on top of what is provisioned.',
    evaluate: (fn) => {
      const configs = fn.provisionedConcurrency;
      if (configs === undefined) return cannotSay('provisioned concurrency');
      if (configs.length === 0) return NOT_APPLICABLE;
      if (configs.some(({ spilloverInvocations }) => spilloverInvocations === undefined)) {
        return cannotSay('ProvisionedConcurrencySpilloverInvocations');
      }
      const spilling = configs.find(({ spilloverInvocations = 0 }) => spilloverInvocations > 0);
      if (spilling === undefined) return PASSED;
      return {
        outcome: 'finding',
        severity: 'low',
        evidence: `${spilling.qualifier}: ${formatCount(spilling.spilloverInvocations ?? 0)} invocations in a day found none of ${formatCount(spilling.executions)}`,
        stake: null,
        fix: provisionedFix(fn.name, spilling, spilling.executions * 2),
      };
    },
  },
];

import { readFile, writeFile } from 'node:fs/promises';
import { Option } from 'commander';
import { type AuditReport, audit } from '../../audit/audit.ts';
import { auditHtml } from '../../audit/render/html.ts';
import { auditJson } from '../../audit/render/json.ts';
import { auditMarkdown } from '../../audit/render/markdown.ts';
import { atLeast } from '../../audit/render/summary.ts';
import { AUDIT_SEVERITIES, type AuditSeverity } from '../../audit/rule.ts';
import type { AuditSubject } from '../../audit/subject.ts';
import { parseSuppressions } from '../../audit/suppressions.ts';
import { auditSubjectOfTemplate } from '../../audit/template.ts';
import { InputError, RefusedError } from '../../model/errors.ts';
import { readAccountSubject } from '../audit-account.ts';
import { auditText } from '../audit-text.ts';
import { addAwsOptions, awsOptionsOf } from '../aws-options.ts';
import { loadConfig } from '../config-file.ts';
import type { Io } from '../io.ts';
import { regionOf, regionPrices } from '../region-prices.ts';
import type { Register } from '../register.ts';

interface Options {
  readonly template?: string;
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly html?: string;
  readonly failOn?: AuditSeverity;
  readonly suppressions?: string;
  readonly logs?: boolean;
  readonly resume?: string;
  readonly refreshPrices?: boolean;
  readonly config?: string;
  readonly profile?: string;
  readonly region?: string;
  readonly endpointUrl?: string;
}

const FOOTER = `
Only reads. An account is read at 4 Lambda calls a second, 5 calls a function; an interrupted
audit goes on where it stopped. Permissions: docs/permissions.md. Rules: docs/audit.md.

Exit codes: 0 done, 3 findings at or above --fail-on.

Examples:
  firebreak audit --region eu-central-1 --html audit.html
  firebreak audit --template cdk.out/Orders.template.json --markdown --fail-on high`;

/** `firebreak audit`: what each function can cost at the worst, and the settings that allow it. */
export const registerAudit: Register = (program, io) => {
  const command = program
    .command('audit')
    .description(
      'Says what each function can cost at the worst, which settings allow it, and how to fix them',
    )
    .option('--template <file>', 'audit a CloudFormation, CDK or SAM template instead of an account')
    .option('--json', 'print one JSON document (firebreak-audit/1)')
    .addOption(new Option('--markdown', 'print Markdown, for a pull request').conflicts('json'))
    .option('--html <file>', 'also write a self-contained HTML page')
    .addOption(
      new Option('--fail-on <severity>', 'exit 3 if a finding is at least that severe').choices([
        ...AUDIT_SEVERITIES,
      ]),
    )
    .option('--suppressions <file>', 'findings that are accepted, each with a reason and an expiry date')
    .option('--logs', 'read REPORT log lines too: real memory, duration and cold starts')
    .option(
      '--resume <file>',
      'where an interrupted audit of an account goes on from (default: ./firebreak-audit-<account>-<region>.partial)',
    )
    .option('--refresh-prices', 'ask the AWS Price List API for prices')
    .option('--config <file>', 'configuration file (its pricing section counts)');
  addAwsOptions(command)
    .addHelpText('after', FOOTER)
    .action((options: Options) => run(io, options));
};

async function run(io: Io, options: Options): Promise<void> {
  const aws = awsOptionsOf(options);
  const suppressions =
    options.suppressions === undefined
      ? []
      : parseSuppressions(await readText(options.suppressions, '--suppressions'), options.suppressions);
  const { pricing } = await loadConfig(io, options.config);
  const subject = await subjectOf(io, options);
  const prices = await regionPrices({
    region: subject.region,
    refresh: options.refreshPrices === true,
    aws,
    io,
  });
  const report = audit({ subject, prices, pricing, now: io.now(), suppressions });
  io.stdout(render(report, options, io));
  if (options.html !== undefined) await writeHtml(options.html, report, io);
  failOn(report, options.failOn);
}

async function subjectOf(io: Io, options: Options): Promise<AuditSubject> {
  const { template } = options;
  const aws = awsOptionsOf(options);
  if (template === undefined) {
    return readAccountSubject({ io, aws, readLogs: options.logs === true, resumeFile: options.resume });
  }
  if (options.logs === true) throw new InputError('--logs reads an account: leave it out with --template');
  const text = await readText(template, '--template');
  return auditSubjectOfTemplate({ text, file: template, region: regionOf(aws, io), now: io.now() });
}

function render(report: AuditReport, options: Options, io: Io): string {
  if (options.json === true) return `${JSON.stringify(auditJson(report), null, 2)}\n`;
  return options.markdown === true ? auditMarkdown(report) : auditText(report, io);
}

async function writeHtml(path: string, report: AuditReport, io: Io): Promise<void> {
  await writeFile(path, auditHtml(report)).catch((error: unknown) => {
    throw new InputError(`--html: cannot write ${path}: ${messageOf(error)}`, { cause: error });
  });
  io.stderr(`wrote ${path}\n`);
}

function failOn(report: AuditReport, severity: AuditSeverity | undefined): void {
  if (severity === undefined) return;
  const count = report.findings.filter((finding) => atLeast(finding, severity)).length;
  if (count === 0) return;
  const findings = count === 1 ? 'finding is' : 'findings are';
  throw new RefusedError(`audit: ${count} ${findings} at least ${severity} (--fail-on ${severity})`);
}

async function readText(path: string, option: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new InputError(`${option}: cannot read ${path}: ${messageOf(error)}`, { cause: error });
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

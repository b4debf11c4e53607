import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { type AuditReport, audit } from '../../src/audit/audit.ts';
import { AUDIT_RULES } from '../../src/audit/registry.ts';
import { auditHtml } from '../../src/audit/render/html.ts';
import { auditJson } from '../../src/audit/render/json.ts';
import { auditMarkdown } from '../../src/audit/render/markdown.ts';
import type { AuditSubject } from '../../src/audit/subject.ts';
import { readAccountSubject } from '../../src/cli/audit-account.ts';
import { auditText } from '../../src/cli/audit-text.ts';
import { pricesFor } from '../../src/price/lambda-price.ts';
import { fakeIo } from '../cli/fake-io.ts';
import type { FakeAws, Seen } from '../observe/aws/fake-aws.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { type PlantedAccount, plantedAccount } from './account/account.ts';
import { serveUnits } from './account/serve.ts';
import { SECRETS } from './secrets.ts';

const SEED = Number(process.env['AUDIT_SEED'] ?? 7);
const FUNCTIONS = 1_000;
const NOW = Date.parse('2026-11-24T12:00:00Z');
/** The call at which the person interrupts the audit: somewhere in the middle. */
const INTERRUPTED_AT_CALL = 4_321;
/** Of the calls just before that, every so many are throttled: the SDK really waits before it tries again. */
const THROTTLED_CALLS = 40;
const THROTTLED_EVERY = 8;

/** What the audit's clients are made of: the SDK as it is, without the network. */
const made = vi.hoisted(() => ({ aws: null as FakeAws | null }));
vi.mock('../../src/observe/aws/clients.ts', () => ({
  awsClients: () => made.aws?.clients,
  awsClientConfig: () => made.aws?.config,
}));

/** Everything that came out of an audit that was interrupted and went on. */
interface Outcome {
  readonly subject: AuditSubject;
  readonly report: AuditReport;
  /** Calls of both runs with the instant of the pretended clock, throttled attempts included. */
  readonly calls: readonly (Seen & { readonly at: number; readonly isThrottled: boolean })[];
  readonly interruption: string;
  readonly stderr: string;
  readonly leftBehind: string;
  readonly path: string;
}

/** An hour passes in no time: the pretended clock moves only where the audit pauses. */
async function auditTwice({ units }: PlantedAccount): Promise<Outcome> {
  const path = join(temporaryFolder('audit'), 'audit.partial');
  const interrupt = new AbortController();
  const calls: (Seen & { at: number; isThrottled: boolean })[] = [];
  let clock = NOW;
  made.aws = serveUnits(units, (seen) => {
    if (calls.length === INTERRUPTED_AT_CALL) interrupt.abort();
    const left = INTERRUPTED_AT_CALL - calls.length;
    const isThrottled =
      isControlPlane(seen) && left > 0 && left < THROTTLED_CALLS && left % THROTTLED_EVERY === 0;
    calls.push({ ...seen, at: clock, isThrottled });
    return isThrottled ? { status: 429, code: 'TooManyRequestsException' } : undefined;
  });
  const run = (signal: AbortSignal) => {
    const sleep = async (ms: number) => {
      clock += ms;
    };
    const io = fakeIo({ now: () => clock, sleep, signal });
    const subject = readAccountSubject({
      io,
      aws: {},
      readLogs: true,
      resumeFile: path,
    });
    return { io, subject };
  };
  const first = run(interrupt.signal);
  const interruption = await first.subject.then(
    () => 'not interrupted',
    (error: Error) => error.message,
  );
  const leftBehind = await readFile(path, 'utf8');
  const second = run(new AbortController().signal);
  const subject = await second.subject;
  const report = audit({
    subject,
    prices: pricesFor('us-east-1'),
    pricing: {},
    now: clock,
    suppressions: [],
  });
  const stderr = first.io.err() + second.io.err();
  return { subject, report, calls, interruption, stderr, leftBehind, path };
}

function isControlPlane({ operation }: Pick<Seen, 'operation'>): boolean {
  return /Function|EventSourceMapping|AccountSettings|^GetPolicy$|Provisioned|Analyzers|Finding/.test(
    operation,
  );
}

/** Calls that are about one function alone. */
function perFunction({ calls }: Outcome): string[] {
  return calls.flatMap(({ operation, input, isThrottled }) => {
    const of = String(input['name'] || input['logGroupName'] || '').replace('/aws/lambda/', '');
    return isThrottled || of === '' ? [] : [`${operation} ${of}`];
  });
}

const account = plantedAccount(SEED, FUNCTIONS);

describe(`an account of 1,000 functions with planted defects, seed ${SEED}`, async () => {
  let outcome: Outcome;

  it('is read to the end, though it is interrupted and throttled', async () => {
    outcome = await auditTwice(account);
    expect(outcome.interruption).toBe(`interrupted; the same command goes on from ${outcome.path}`);
    expect(outcome.subject.functions).toHaveLength(FUNCTIONS);
    expect(outcome.subject.gaps).toEqual([]);
    expect(outcome.calls.filter(({ isThrottled }) => isThrottled).length).toBeGreaterThan(1);
    await expect(stat(outcome.path)).rejects.toThrow(/ENOENT/);
    // Ten thousand calls through the SDK: seconds, and longer where much else runs.
  }, 240_000);

  it('is told of every planted defect, and of nothing else', () => {
    const found = outcome.report.findings.map(({ rule, resource }) => `${rule} ${resource}`).sort();
    expect(found).toEqual(account.expected);
    expect(outcome.report.unanswered).toEqual([]);
    const rules = new Set(account.expected.map((one) => one.split(' ')[0]));
    expect(AUDIT_RULES.filter(({ id }) => !rules.has(id))).toEqual([]);
  });

  it('has its control plane asked at most four times a second, retries included', () => {
    const instants = outcome.calls.filter(isControlPlane).map(({ at }) => at);
    const closest = Math.min(...instants.slice(4).map((at, i) => at - (instants[i] as number)));
    expect(closest).toBeGreaterThanOrEqual(1_000);
    const minutes = ((instants.at(-1) as number) - (instants[0] as number)) / 60_000;
    expect(minutes).toBeLessThan(30);
  });

  it('is asked nothing twice about a function, but for the one that the interruption fell on', () => {
    const asked = perFunction(outcome);
    const twice = asked.filter((one, i) => asked.indexOf(one) !== i);
    expect(new Set(twice.map((one) => one.split(' ')[1])).size).toBeLessThanOrEqual(1);
    expect(asked.length).toBeGreaterThanOrEqual(FUNCTIONS * 6);
  });

  it('says how far it is', () => {
    const told = [...outcome.stderr.matchAll(/^(\d+) of 1000 functions$/gm)].map(([, done]) => Number(done));
    expect(told.length).toBeGreaterThanOrEqual(100);
    expect(told.at(-1)).toBe(FUNCTIONS);
  });

  it('has no credential printed anywhere, nor kept', () => {
    const { report, subject, stderr, leftBehind } = outcome;
    expect(report.findings.filter(({ rule }) => rule === 'credentials-in-environment')).not.toEqual([]);
    const outputs = {
      ...{ stderr, leftBehind, markdown: auditMarkdown(report), html: auditHtml(report) },
      text: auditText(report, { color: false, isTty: false, columns: 100 }),
      json: JSON.stringify(auditJson(report)),
      subject: JSON.stringify(subject),
    };
    for (const [where, text] of Object.entries(outputs)) {
      expect(text.length, where).toBeGreaterThan(100);
      for (const { name, value } of SECRETS) expect(text.includes(value), `${name} in ${where}`).toBe(false);
      // Nor a part: the letters that all of them are made of.
      expect(text, where).not.toMatch(/aB3dE5gH|ABCDEFGHJK/);
    }
  });
});

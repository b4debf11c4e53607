import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { audit } from '../../src/audit/audit.ts';
import { auditHtml } from '../../src/audit/render/html.ts';
import { auditJson } from '../../src/audit/render/json.ts';
import { auditMarkdown } from '../../src/audit/render/markdown.ts';
import { auditSubjectOfTemplate } from '../../src/audit/template.ts';
import { auditText } from '../../src/cli/audit-text.ts';
import { pricesFor } from '../../src/price/lambda-price.ts';
import { auditOf, fn, NOW, queue, sqs } from './builders.ts';
import { SECRETS } from './secrets.ts';

const terminal = { color: false, isTty: false, columns: 80 };
const bad = {
  functions: [
    fn({ tracing: 'PassThrough', eventSources: [sqs({ maximumConcurrency: null })], memoryMB: 3008 }),
  ],
  queues: [queue({ redrive: null })],
};

describe('the terminal', () => {
  const text = auditText(auditOf(bad), terminal);

  it('shows exposure, findings worst first, and what to do first', () => {
    expect(text).toMatch(/worker +\$\d+\.\d+ +\$141\.00 +1,000 +account limit/);
    expect(text.indexOf('queue-no-redrive')).toBeLessThan(text.indexOf('tracing-off'));
    expect(text).toMatch(/1\. worker: Limit the mapping/);
    expect(text).toMatch(/aws lambda update-event-source-mapping --uuid mapping-1/);
  });

  it('colours severities where there are colours', () => {
    const colored = auditText(auditOf(bad), { ...terminal, color: true });
    expect(colored).toContain('\u001b[31mhigh\u001b[39m');
    expect(text).not.toContain('\u001b');
  });

  it('says so when there is nothing to find', () => {
    expect(auditText(auditOf(), terminal)).toMatch(/Score 100\/100: 0 high[\s\S]*No findings/);
  });
});

describe('JSON', () => {
  it('has findings with rule, severity, resource, evidence and fix, and the exposure', () => {
    const json = JSON.parse(JSON.stringify(auditJson(auditOf(bad))));
    expect(json.format).toBe('firebreak-audit/1');
    expect(json.findings[0]).toMatchObject({
      rule: 'concurrency-unbounded',
      severity: 'high',
      resource: 'worker',
      evidence: expect.any(String),
      stake: { usd: expect.any(Number), per: 'hour' },
      fix: {
        summary: expect.any(String),
        cdk: expect.any(String),
        cloudFormation: expect.any(String),
        cli: expect.any(String),
      },
    });
    expect(json.exposures[0]).toMatchObject({
      function: 'worker',
      concurrency: 1000,
      limitedBy: 'account limit',
    });
    expect(JSON.stringify(json)).not.toMatch(/null,"usd"|NaN/);
  });
});

describe('Markdown', () => {
  it('folds each fix under its finding', () => {
    const text = auditMarkdown(auditOf(bad));
    expect(text).toMatch(/^## firebreak audit: score \d+\/100/);
    expect(text).toMatch(/<details><summary><b>high<\/b> worker:/);
    expect(text).toMatch(/```sh\naws lambda/);
  });

  it('stays below the length of a comment, and says what is left out', () => {
    const functions = Array.from({ length: 300 }, (_, index) =>
      fn({ name: `f${index}`, tracing: 'PassThrough' }),
    );
    const text = auditMarkdown(auditOf({ functions }));
    expect(text.length).toBeLessThan(65_000);
    expect(text).toMatch(/… and \d+ more; run `firebreak audit --json`/);
    expect(text).toMatch(/… and 280 more functions/);
  });

  it('mentions nobody and closes no cell early, whatever a name holds', () => {
    const name = 'a|b @team `code` <img src=x> [x](y)';
    const text = auditMarkdown(auditOf({ functions: [fn({ name, tracing: 'PassThrough' })] }));
    const outsideCode = text.replace(/```[\s\S]*?```/g, '');
    expect(outsideCode).not.toMatch(/@team|<img/);
    expect(
      text
        .split('\n')
        .filter((line) => line.startsWith('| a'))
        .every((line) => line.split(/(?<!\\)\|/).length === 7),
    ).toBe(true);
  });
});

describe('HTML', () => {
  it('is one page without scripts, links or network', () => {
    const html = auditHtml(auditOf(bad));
    expect(html).toMatch(/^<!doctype html>/);
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/<script|<link|src=|href=|url\(/);
  });

  it('escapes every name, whatever it holds', () => {
    const tags = (html: string) => html.match(/<[a-z/!][^>]*>/gi)?.length;
    const plain = tags(
      auditHtml(auditOf({ functions: [fn({ name: 'x', tracing: 'PassThrough', logGroup: undefined })] })),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[<>"'&a-z/ =]{1,30}$/), (name) => {
        const html = auditHtml(
          auditOf({ functions: [fn({ name, tracing: 'PassThrough', logGroup: undefined })] }),
        );
        expect(tags(html)).toBe(plain);
      }),
    );
  });
});

describe('a credential', () => {
  const render = (variables: Record<string, string>): string => {
    const template = {
      Resources: {
        Worker: { Type: 'AWS::Lambda::Function', Properties: { Environment: { Variables: variables } } },
      },
    };
    const subject = auditSubjectOfTemplate({
      text: JSON.stringify(template),
      file: 't.json',
      region: 'us-east-1',
      now: NOW,
    });
    const report = audit({
      subject,
      prices: pricesFor('us-east-1'),
      pricing: {},
      now: NOW,
      suppressions: [],
    });
    return [
      JSON.stringify([subject, [...subject.roles]]),
      auditText(report, terminal),
      JSON.stringify(auditJson(report)),
      auditMarkdown(report),
      auditHtml(report),
    ].join('\n');
  };

  it.each(SECRETS)(
    'is reported by its shape and never printed: $shape in $name',
    ({ name, value, shape }) => {
      const printed = render({ [name]: value });
      expect(printed).toContain(`${name} looks like: ${shape}`);
      expect(printed).not.toContain(value);
      for (const part of value.split(/[^\w]+/).filter((word) => word.length > 12)) {
        expect(printed).not.toContain(part);
      }
    },
  );

  it('is never printed, whatever it is and whatever its name', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9+/=_.-]{16,64}$/);
    const name = fc.stringMatching(/^[A-Z][A-Z_]{0,20}$/);
    fc.assert(
      fc.property(fc.dictionary(name, secret, { minKeys: 1, maxKeys: 6 }), (variables) => {
        const printed = render(variables);
        for (const value of Object.values(variables)) expect(printed).not.toContain(value);
      }),
      { numRuns: 60 },
    );
  });
});

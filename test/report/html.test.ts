import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/model/config.ts';
import { buildReport } from '../../src/report/build.ts';
import { codeHtml, html, renderHtml } from '../../src/report/html.ts';
import { reportJson } from '../../src/report/json.ts';
import { renderReport } from '../../src/report/render.ts';
import { incidentOf, killOf as sampleKill } from '../store/samples.ts';

const hostile = fc.oneof(
  fc.constantFrom(
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onload='x",
    '</style><b>',
    '\u202e<b>',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => `x${text}`),
);

function reportOf(name: string) {
  const incident = incidentOf({
    id: name,
    functionName: name,
    queueName: name,
    functions: [name],
    queues: [name],
    evidence: [{ kind: 'k', text: name }],
    recommendation: { lever: 'disable-event-source', command: `firebreak kill ${name}` },
  });
  const kill = sampleKill({
    functionName: name,
    requestedBy: name,
    reason: name,
    killedAt: incident.onsetAt,
  });
  return buildReport({
    incident,
    kill,
    account: name,
    region: name,
    window: { ok: false, why: name },
    seriesSource: name,
    baselines: null,
    config: DEFAULT_CONFIG,
    now: incident.evaluatedAt,
  });
}

describe('html', () => {
  it('lets no text become markup, in content, in attributes and in code', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const page = renderHtml(html`<p title="${text}">${text}${[text]}</p>${codeHtml(text)}`);
        expect(page.match(/[<>]/g)).toHaveLength(4);
        expect(page.match(/"/g)).toHaveLength(2);
      }),
    );
  });

  it('keeps lines and indents of code', () => {
    expect(renderHtml(codeHtml('a:\n  b: <c>'))).toBe('a:\n  b: &lt;c&gt;');
  });
});

describe('a report about hostile names', () => {
  const tagsOf = (page: string) =>
    page
      .match(/<[^>]*>/g)
      ?.map((tag) => /^<[/!\w-]*/.exec(tag)?.[0])
      .join('');

  it('has the same elements as one about ordinary names', () => {
    const ordinary = tagsOf(renderReport(reportOf('orders')));
    fc.assert(
      fc.property(hostile, (name) => {
        expect(tagsOf(renderReport(reportOf(name)))).toBe(ordinary);
      }),
      { numRuns: 50 },
    );
  });

  it('needs no script and no network, and says that charts are missing', () => {
    const page = renderReport(reportOf('orders'));
    expect(page).not.toMatch(/<script|https?:\/\/[^"]*\.(js|css|woff)|<link|<img/);
    expect(page).toContain('No charts. orders');
    expect(reportJson(reportOf('orders'))).toMatchObject({ series: null, fixes: null });
  });
});

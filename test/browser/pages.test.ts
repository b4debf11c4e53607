import { existsSync } from 'node:fs';
import axe, { type AxeResults } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoOnPage } from '../../src/cli/demo/demo-on-page.ts';
import { fakeIo } from '../cli/fake-io.ts';
import { demoReportPage } from './demo-page.ts';

const CHROMIUM = '/usr/bin/chromium';
const isThere = existsSync(CHROMIUM);
if (!isThere && process.env['CI'] !== 'true') {
  console.warn(`BROWSER TESTS SKIPPED: there is no ${CHROMIUM} (apt-get install chromium)`);
}

const SCHEMES = ['light', 'dark'] as const;
/** The demo's page is looked at once the story has come to the alert. */
const ALERTED = 'article.incident.critical';

describe.skipIf(!isThere && process.env['CI'] !== 'true')('in a browser', () => {
  let browser: Browser;
  const interrupt = new AbortController();
  let demo: Promise<void> = Promise.resolve();
  let url = '';

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    await new Promise<void>((resolve) => {
      let minutes = 0;
      const io = fakeIo({
        signal: interrupt.signal,
        stderr: (text) => {
          url = /http:\/\/\S+/.exec(text)?.[0] ?? url;
        },
        // Stands still a few minutes after the page, as long as the test looks at it.
        sleep: () => {
          minutes += 1;
          if (minutes < 39) return Promise.resolve();
          resolve();
          return new Promise((wake) => interrupt.signal.addEventListener('abort', () => wake()));
        },
      });
      demo = demoOnPage(io, '0');
    });
  });

  afterAll(async () => {
    interrupt.abort();
    await demo;
    await browser.close();
  });

  it.each(SCHEMES)('the report has no serious accessibility finding, %s', async (colorScheme) => {
    const page = await browser.newPage({ colorScheme });
    await page.setContent(await demoReportPage());
    expect(await page.locator('svg.chart:visible').count()).toBeGreaterThanOrEqual(6);
    expect(await seriousFindings(page)).toEqual([]);
    await page.close();
  });

  it.each(SCHEMES)('the live page has no serious accessibility finding, %s', async (colorScheme) => {
    const page = await browser.newPage({ colorScheme, bypassCSP: true });
    await page.goto(url);
    await page.locator(ALERTED).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.close();
  });

  it('the live page hears from the server, obeys its own policy, and leads to the report', async () => {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await page.goto(url);
    await page.locator('.link.on').waitFor();
    await page.getByRole('link', { name: 'Open its report' }).click();
    await page.locator('svg.chart:visible').first().waitFor();
    expect(errors).toEqual([]);
    await page.close();
  });

  it('neither page is wider than a phone', async () => {
    const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
    const overflow = () => page.evaluate('document.documentElement.scrollWidth - innerWidth');
    await page.goto(url);
    expect(await overflow()).toBe(0);
    await page.setContent(await demoReportPage());
    expect(await overflow()).toBe(0);
    await page.close();
  });
});

async function seriousFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const result = (await page.evaluate('axe.run()')) as AxeResults;
  return result.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

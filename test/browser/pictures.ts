/** Makes the pictures of the docs from the real demo: `npx tsx test/browser/pictures.ts`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { demoOnPage } from '../../src/cli/demo/demo-on-page.ts';
import { fakeIo } from '../cli/fake-io.ts';
import { sentByDemo } from './demo-alerts.ts';
import { demoReportPage } from './demo-page.ts';
import { mailPage } from './mail-view.ts';
import { slackPage } from './slack-view.ts';

const folder = join(import.meta.dirname, '../../docs/images');
const jpeg = (name: string) => ({
  path: join(folder, `${name}.jpg`),
  type: 'jpeg' as const,
  quality: 70,
});

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
await pictureLivePage(browser);
await pictureReport(browser);
await pictureAlerts(browser);
await browser.close();

/** Some minutes after the page. */
async function pictureLivePage(at: Browser): Promise<void> {
  const interrupt = new AbortController();
  let url = '';
  let minutes = 0;
  let demo: Promise<void> = Promise.resolve();
  await new Promise<void>((resolve) => {
    const io = fakeIo({
      signal: interrupt.signal,
      stderr: (text) => {
        url = /http:\/\/\S+/.exec(text)?.[0] ?? url;
      },
      sleep: () => {
        minutes += 1;
        if (minutes < 40) return Promise.resolve();
        resolve();
        return new Promise((wake) => interrupt.signal.addEventListener('abort', () => wake()));
      },
    });
    demo = demoOnPage(io, '0');
  });
  const page = await at.newPage({ viewport: { width: 1000, height: 900 } });
  await page.goto(url);
  await page.locator('.link.on').waitFor();
  await page.screenshot({ ...jpeg('live'), fullPage: true });
  interrupt.abort();
  await demo;
}

/** Down to the end of a chart, not through the middle of one: as many as tell the story. */
async function pictureReport(at: Browser): Promise<void> {
  const chartsShown = 2;
  const page = await at.newPage({ viewport: { width: 1100, height: 900 } });
  await page.setContent(await demoReportPage());
  const chart = await page
    .locator('svg.chart:visible')
    .nth(chartsShown - 1)
    .boundingBox();
  const height = Math.ceil((chart?.y ?? 0) + (chart?.height ?? 0)) + 12;
  await page.screenshot({
    ...jpeg('report'),
    fullPage: true,
    clip: { x: 0, y: 0, width: 1100, height },
  });
}

/** What is pictured is kept beside the pictures, so that a test can tell when they no longer show what is sent. */
async function pictureAlerts(at: Browser): Promise<void> {
  const sent = await sentByDemo();
  const page = await at.newPage({ viewport: { width: 900, height: 900 } });
  await page.setContent(slackPage([sent.page, sent.resolved]));
  await page.locator('body').screenshot(jpeg('slack'));
  await page.setContent(mailPage(sent.page));
  await page.locator('body').screenshot(jpeg('email'));
  writeFileSync(join(folder, 'alerts.json'), `${JSON.stringify(sent, null, 2)}\n`);
}

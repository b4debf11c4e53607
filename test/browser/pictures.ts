/** Makes the pictures of docs/report.md from the real demo: `npx tsx test/browser/pictures.ts`. */
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { demoOnPage } from '../../src/cli/demo/demo-on-page.ts';
import { fakeIo } from '../cli/fake-io.ts';
import { demoReportPage } from './demo-page.ts';

/** As many as tell the story. */
const CHARTS_SHOWN = 2;

const folder = join(import.meta.dirname, '../../docs/images');
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const interrupt = new AbortController();
let url = '';
let minutes = 0;
let demo: Promise<void> = Promise.resolve();
await new Promise<void>((resolve) => {
  demo = demoOnPage(
    fakeIo({
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
    }),
    '0',
  );
});
const live = await browser.newPage({ viewport: { width: 1000, height: 900 } });
await live.goto(url);
await live.locator('.link.on').waitFor();
await live.screenshot({ path: join(folder, 'live.jpg'), type: 'jpeg', quality: 70, fullPage: true });
const report = await browser.newPage({ viewport: { width: 1100, height: 900 } });
await report.setContent(await demoReportPage());
// Down to the end of a chart, not through the middle of one.
const chart = await report
  .locator('svg.chart:visible')
  .nth(CHARTS_SHOWN - 1)
  .boundingBox();
const height = Math.ceil((chart?.y ?? 0) + (chart?.height ?? 0)) + 12;
await report.screenshot({
  path: join(folder, 'report.jpg'),
  type: 'jpeg',
  quality: 70,
  fullPage: true,
  clip: { x: 0, y: 0, width: 1100, height },
});
interrupt.abort();
await demo;
await browser.close();

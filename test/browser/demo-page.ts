import { demoReport } from '../../src/cli/demo/demo-report.ts';
import { runDemo } from '../../src/cli/demo/run-demo.ts';
import { renderReport } from '../../src/report/render.ts';

/** The report of the real demo: at its end, or `atTick` minutes after its first look. */
export async function demoReportPage(atTick = Number.POSITIVE_INFINITY): Promise<string> {
  let tick = 0;
  let make: () => Promise<string> = () => Promise.reject(new Error('the demo did not tick'));
  await runDemo({
    onEvent: () => undefined,
    pause: () => Promise.resolve(),
    onTick: async ({ report, world, store }) => {
      tick += 1;
      const render = async () => {
        const model = await demoReport(world, store, report.at);
        if (model === null) throw new Error('the demo has no incident yet');
        return renderReport(model);
      };
      if (tick > atTick) return;
      if (tick < atTick) {
        make = render;
        return;
      }
      const page = await render();
      make = () => Promise.resolve(page);
    },
  });
  return make();
}

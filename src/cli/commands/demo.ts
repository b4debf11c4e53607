import { setImmediate } from 'node:timers/promises';
import { alertJson } from '../../model/incident-json.ts';
import { toIso } from '../../model/time.ts';
import { demoOnPage } from '../demo/demo-on-page.ts';
import { demoHeading, eventText, resultText } from '../demo/print.ts';
import { type DemoEvent, runDemo } from '../demo/run-demo.ts';
import { planJson } from '../kill-json.ts';
import type { Register } from '../register.ts';

interface Options {
  readonly json?: boolean;
  readonly web?: boolean;
  readonly port: string;
}

/** `firebreak demo`: the bill surprise, seen, priced, stopped and put back, without an AWS account. */
export const registerDemo: Register = (program, io) => {
  program
    .command('demo')
    .description(
      'Plays a runaway retry loop in a simulated account: alert, dollars, kill, restore (no AWS account)',
    )
    .option('--json', 'print one JSON document (firebreak-demo/1)')
    .option('--web', 'show it on a live page, in about a minute and a half')
    .option('--port <number>', 'port of the live page (0: any that is free)', '0')
    .addHelpText('after', '\nExample:\n  firebreak demo')
    .action(async ({ json = false, web = false, port }: Options) => {
      if (web) return demoOnPage(io, port);
      if (!json) io.stdout(demoHeading(io));
      const result = await runDemo({
        onEvent: (event) => {
          if (!json) io.stdout(eventText(event, io));
        },
        pause: () => setImmediate(),
      });
      const document = { format: 'firebreak-demo/1', ...result, events: result.events.map(eventJson) };
      io.stdout(json ? `${JSON.stringify(document, null, 2)}\n` : resultText(result, io));
    });
};

function eventJson(event: DemoEvent): object {
  const at = toIso(event.at);
  switch (event.kind) {
    case 'alert':
      return { kind: event.kind, at, alert: alertJson(event.alert) };
    case 'killed':
      return { ...event, at, plan: planJson(event.plan) };
    default:
      return { ...event, at };
  }
}

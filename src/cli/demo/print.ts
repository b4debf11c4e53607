import pc from 'picocolors';
import type { Alert } from '../../model/alert.ts';
import { formatCount, formatUsd } from '../../model/format.ts';
import { toIso } from '../../model/time.ts';
import { consoleText } from '../../respond/alert/console-channel.ts';
import { wrap } from '../../respond/alert/plain-text.ts';
import type { Io } from '../io.ts';
import type { DemoEvent, DemoResult } from './run-demo.ts';
import { QUEUE, WORKER } from './story.ts';

const INDENT = '       ';

export function demoHeading(io: Io): string {
  const { bold, dim } = pc.createColors(io.color);
  return `${bold('firebreak demo')} ${dim('a simulated account in virtual time; nothing leaves this machine')}\n\n`;
}

/** An event of the demo as the person sees it: the virtual time, then what happened. */
export function eventText(event: DemoEvent, io: Io): string {
  const { cyan, dim } = pc.createColors(io.color);
  const time = dim(toIso(event.at).slice(11, 16));
  switch (event.kind) {
    case 'bug':
      return `${time}  a deploy of ${WORKER} makes every message hang until the timeout\n\n`;
    case 'alert':
      return `${time}  firebreak says:\n\n${indent(alertText(event.alert, io))}\n`;
    case 'killed':
      return [
        `${time}  ${cyan(`$ firebreak kill ${WORKER}`)}`,
        ...event.plan.consequences.flatMap((line) =>
          wrap(line, io.columns, { first: `${INDENT}- `, rest: `${INDENT}  ` }),
        ),
        `${INDENT}stopped; ${formatCount(event.waiting)} messages are safe in ${QUEUE}\n\n`,
      ].join('\n');
    case 'restored':
      return `${time}  the bug is fixed; ${cyan(`$ firebreak restore ${WORKER}`)}\n${INDENT}settings are as they were before; ${formatCount(event.waiting)} messages are waiting\n\n`;
    case 'drained':
      return `${time}  ${QUEUE} is empty again\n\n`;
  }
}

/** The bill of both worlds, and where every message is. */
export function resultText({ wastedUsd, messages }: DemoResult, io: Io): string {
  const { bold, green, red } = pc.createColors(io.color);
  const lost = messages.lost === 0 ? 'none lost' : `${formatCount(messages.lost)} lost`;
  return [
    `${bold('Wasted in the 24 hours after the deploy')}`,
    `  if nobody acts   ${red(formatUsd(wastedUsd.without).padStart(10))}`,
    `  with firebreak   ${green(formatUsd(wastedUsd.with).padStart(10))}`,
    '',
    `${formatCount(messages.sent)} messages sent, ${formatCount(messages.processed)} processed, ${formatCount(messages.waiting)} under way, ${lost}.`,
    '',
  ].join('\n');
}

/** Without links: they would lead into an account that is not there. */
function alertText(alert: Alert, io: Io): string {
  return consoleText(alert, { color: io.color, columns: io.columns - INDENT.length, urlLengthMax: 0 });
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, INDENT);
}

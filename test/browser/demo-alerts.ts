import { runDemo } from '../../src/cli/demo/run-demo.ts';
import type { Alert } from '../../src/model/alert.ts';
import { type SlackMessage, slackMessage } from '../../src/respond/alert/slack-message.ts';
import { snsMessage } from '../../src/respond/alert/sns-message.ts';

/** One alert as both channels send it. */
export interface Sent {
  /** Epoch ms. */
  readonly at: number;
  readonly slack: SlackMessage;
  readonly email: { readonly subject: string; readonly body: string };
}

/** What the demo's incident sends: when it pages, and when it is over. */
export interface SentByDemo {
  readonly page: Sent;
  readonly resolved: Sent;
}

export async function sentByDemo(): Promise<SentByDemo> {
  const { events } = await runDemo({ onEvent: () => undefined, pause: () => Promise.resolve() });
  const alerts = events.flatMap((event) => (event.kind === 'alert' ? [event.alert] : []));
  const sent = (transition: Alert['transition']): Sent => {
    const alert = alerts.find((one) => one.transition === transition);
    if (alert === undefined) throw new Error(`the demo sends no alert ${transition}`);
    const { Subject, Message } = snsMessage(alert);
    return { at: alert.at, slack: slackMessage(alert), email: { subject: Subject, body: Message } };
  };
  return { page: sent('critical'), resolved: sent('resolved') };
}

import type { Alert } from '../../model/alert.ts';
import type { AlertOutcome, ChannelOutcome, DeliveryReport } from './deliver.ts';
import { story } from './words.ts';

/** Alerts that nobody got, in this pass or any other: what a monitor must never keep to itself. */
export function undelivered(report: DeliveryReport): readonly Alert[] {
  return report.outcomes
    .filter(({ state }) => state === 'undelivered' || state === 'expired')
    .map(({ alert }) => alert);
}

/** What a person or a log should know about a pass, a line each; nothing where all went well. */
export function deliveryLines(report: DeliveryReport): readonly string[] {
  const lines = report.outcomes.flatMap(outcomeLines);
  const failures = [...new Set(report.storeFailures)].map((operation) => {
    const count = report.storeFailures.filter((name) => name === operation).length;
    return `store: ${operation} failed${count > 1 ? ` ${count} times` : ''}; tried again at the next tick`;
  });
  return [...lines, ...failures];
}

function outcomeLines(outcome: AlertOutcome): readonly string[] {
  const { alert, channels, state } = outcome;
  const { label, title } = story(alert);
  const entries = Object.entries(channels);
  const why = entries.length === 0 ? 'no channel is configured' : entries.map(channelText).join(', ');
  switch (state) {
    case 'undelivered': {
      const next = outcome.isRecorded ? 'it is tried again at the next tick' : 'AND IT COULD NOT BE SAVED';
      return [`ALERT NOT DELIVERED: ${label} ${title} (${why}); ${next}`];
    }
    case 'expired':
      return [`ALERT GIVEN UP, nobody was told: ${label} ${title} (${why})`];
    case 'done':
    case 'partial':
    case 'pending':
      return entries
        .filter(([, { kind }]) => kind === 'failed')
        .map((entry) => `alert ${alert.key}: ${channelText(entry)}`);
  }
}

function channelText([name, outcome]: readonly [string, ChannelOutcome]): string {
  if (outcome.kind !== 'failed') return `${name}: ${outcome.kind}`;
  return `${name}: ${outcome.failure}${outcome.retryable ? '' : ' (permanent: it needs a person)'}`;
}

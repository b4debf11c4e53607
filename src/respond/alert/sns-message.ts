import type { MessageAttributeValue } from '@aws-sdk/client-sns';
import type { Alert } from '../../model/alert.ts';
import { clean } from './clean.ts';
import { alertPayload } from './payload.ts';
import { plainText } from './plain-text.ts';
import { type Story, story } from './words.ts';

/**
 * Limits of Publish: all of message and attributes in UTF-8 bytes, and a Subject of less than 100 ASCII characters
 * without line breaks.
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html (2026-11)
 */
export const SNS_LIMITS = { bytes: 262_144, subject: 99 } as const;

const COLUMNS = 72;

/** The part of a Publish request that the alert decides. */
export interface SnsMessage {
  readonly Subject: string;
  readonly Message: string;
  readonly MessageAttributes: Record<string, MessageAttributeValue>;
}

/**
 * The alert as one SNS message for every kind of subscriber: a text that reads well as e-mail, attributes for filter
 * policies, and the whole alert as JSON in the attribute `alert` for queues, functions and endpoints.
 *
 * Not `MessageStructure: json` with a body per protocol: attributes are documented to be sent with a plain message
 * only, and a filter policy (page for critical alerts alone) needs them.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html (2026-11)
 */
export function snsMessage(alert: Alert): SnsMessage {
  const told = story(alert);
  const { incident } = alert;
  const attributes: Record<string, string | null> = {
    severity: incident.severity,
    transition: alert.transition,
    detector: incident.detector,
    function: incident.functionName,
    queue: incident.queueName,
    incidentId: incident.id,
    account: alert.account,
    region: alert.region,
    alert: JSON.stringify(alertPayload(alert)),
  };
  return {
    Subject: subject(told),
    Message: plainText(told, { columns: COLUMNS }),
    MessageAttributes: Object.fromEntries(
      Object.entries(attributes).flatMap(([name, value]) => attribute(name, value)),
    ),
  };
}

function subject(told: Story): string {
  const ascii = `[firebreak] ${told.label} ${told.title}`.replace(/[^\x20-\x7e]/gu, '?');
  return ascii.length <= SNS_LIMITS.subject ? ascii : `${ascii.slice(0, SNS_LIMITS.subject - 3)}...`;
}

/** An attribute may not be empty; one that says nothing is left out. */
function attribute(name: string, value: string | null): [string, MessageAttributeValue][] {
  const text = value === null ? '' : name === 'alert' ? value : clean(value, 256);
  return text === '' ? [] : [[name, { DataType: 'String', StringValue: text }]];
}

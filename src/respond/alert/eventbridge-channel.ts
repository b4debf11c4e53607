import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import type { Alert } from '../../model/alert.ts';
import type { Channel, SendResult } from '../channel.ts';
import { awsFailure } from './aws-failure.ts';
import { alertPayload } from './payload.ts';

/** The alert as an event: rules match on `detail-type` and on anything in the detail. */
export function eventBridgeEntry(alert: Alert, busName: string): PutEventsRequestEntry {
  return {
    EventBusName: busName,
    Source: 'firebreak',
    DetailType: `Incident ${alert.transition}`,
    Time: new Date(alert.at),
    Detail: JSON.stringify(alertPayload(alert)),
  };
}

/** Entries that EventBridge could not take for a moment; the rest (no such bus, not allowed) lasts. */
const RETRYABLE = new Set(['ThrottlingException', 'InternalFailure', 'InternalException']);

/** Puts alerts on an event bus. The call succeeds even where an entry failed, so the entry's own result decides. */
export function eventBridgeChannel(options: {
  readonly client: EventBridgeClient;
  readonly busName: string;
}): Channel {
  return {
    name: 'eventbridge',
    async send(alert: Alert): Promise<SendResult> {
      try {
        const entry = eventBridgeEntry(alert, options.busName);
        const answer = await options.client.send(new PutEventsCommand({ Entries: [entry] }));
        if ((answer.FailedEntryCount ?? 0) === 0) return { ok: true };
        const code = answer.Entries?.[0]?.ErrorCode ?? 'unknown';
        return { ok: false, retryable: RETRYABLE.has(code), failure: `eventbridge-${code}` };
      } catch (error) {
        return awsFailure('eventbridge', error);
      }
    },
  };
}

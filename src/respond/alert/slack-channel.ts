import { type FetchFunction, IncomingWebhook, IncomingWebhookHTTPError } from '@slack/webhook';
import type { Alert } from '../../model/alert.ts';
import { InputError } from '../../model/errors.ts';
import { SECOND_MS } from '../../model/time.ts';
import type { Channel, SendResult } from '../channel.ts';
import { awsFailure } from './aws-failure.ts';
import { type SlackMessage, slackMessage } from './slack-message.ts';

/**
 * Answers that no retry changes. Bodies of incoming webhooks, also seen with status 200 or 500.
 * @see https://api.slack.com/changelog/2016-05-17-changes-to-errors-for-incoming-webhooks
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors (2026-11)
 */
const PERMANENT = new Set([
  'action_prohibited',
  'channel_is_archived',
  'channel_not_found',
  'invalid_blocks',
  'invalid_payload',
  'invalid_token',
  'messages_tab_disabled',
  'missing_text_or_fallback_or_attachments',
  'no_active_hooks',
  'no_service',
  'no_team',
  'no_text',
  'posting_to_general_channel_denied',
  'team_disabled',
  'too_many_attachments',
  'user_not_found',
]);

/** Tries within one `send`; whatever is left is for the next tick. */
const ATTEMPTS = 3;
const TIMEOUT_MS = 5 * SECOND_MS;
/** A longer Retry-After is left to the next tick. */
const RETRY_AFTER_MAX_MS = 5 * SECOND_MS;
const BACKOFF_MS = 500;

export interface SlackOptions {
  /** A secret: whoever has it can post. It is in no result, error or log of this channel. Read anew for each alert. */
  readonly webhook: () => Promise<string>;
  readonly sleep: (ms: number) => Promise<void>;
  /** Limit of one attempt; default 5 s. */
  readonly timeoutMs?: number;
}

/** Posts alerts to a Slack incoming webhook. At most three attempts and about 25 s in all. */
export function slackChannel(options: SlackOptions): Channel {
  return {
    name: 'slack',
    async send(alert: Alert): Promise<SendResult> {
      let webhook: string;
      try {
        webhook = await options.webhook();
      } catch (error) {
        return unusable(error);
      }
      const message = slackMessage(alert);
      for (let attempt = 1; ; attempt++) {
        const outcome = await post(message, webhook, options.timeoutMs ?? TIMEOUT_MS);
        if (outcome.result.ok || outcome.waitMs === null || attempt === ATTEMPTS) return outcome.result;
        await options.sleep(outcome.waitMs * (outcome.asTold ? 1 : attempt));
      }
    },
  };
}

interface Outcome {
  readonly result: SendResult;
  /** When to try again within this send; `null`: not at all. */
  readonly waitMs: number | null;
  /** Slack itself named the wait. */
  readonly asTold: boolean;
}

/** The webhook could not be read, or is none. */
function unusable(error: unknown): SendResult {
  return error instanceof InputError
    ? { ok: false, retryable: false, failure: 'slack-webhook-unusable' }
    : awsFailure('slack-secret', error);
}

async function post(message: SlackMessage, url: string, timeoutMs: number): Promise<Outcome> {
  let retryAfter: string | null = null;
  // The client keeps the headers of a refusal to itself.
  const fetchAndNote: FetchFunction = async (target, init) => {
    const response = await fetch(target, init as RequestInit);
    retryAfter = response.headers.get('retry-after');
    return response;
  };
  const webhook = new IncomingWebhook(url, { fetch: fetchAndNote, timeout: timeoutMs });
  try {
    const { text } = await webhook.send({ text: message.text, blocks: [...message.blocks] });
    return answered(200, text);
  } catch (error) {
    if (error instanceof IncomingWebhookHTTPError) {
      return error.statusCode === 429 ? rateLimited(retryAfter) : answered(error.statusCode, error.body);
    }
    return unanswered(error);
  }
}

/** Success is status 200 and the body `ok`; an error text can come with any status. */
function answered(status: number, body: string): Outcome {
  const text = body.trim();
  if (status === 200 && text === 'ok') return { result: { ok: true }, waitMs: null, asTold: false };
  if (PERMANENT.has(text)) return failed(text, false);
  if (status >= 500 || text === 'rollup_error') return failed(`http-${status}`, true, BACKOFF_MS);
  return failed(status === 200 ? 'unexpected-answer' : `http-${status}`, false);
}

function rateLimited(retryAfter: string | null): Outcome {
  const waitMs = Number(retryAfter ?? Number.NaN) * SECOND_MS;
  if (!Number.isFinite(waitMs) || waitMs < 0) return failed('rate-limited', true, BACKOFF_MS);
  return { ...failed('rate-limited', true, waitMs <= RETRY_AFTER_MAX_MS ? waitMs : null), asTold: true };
}

/** A timeout is not tried again at once: Slack may have posted the message, and is slow in any case. */
function unanswered(error: unknown): Outcome {
  const original = error instanceof Error && 'original' in error ? error.original : error;
  const isTimeout = original instanceof Error && ['TimeoutError', 'AbortError'].includes(original.name);
  return isTimeout ? failed('timeout', true) : failed('network', true, BACKOFF_MS);
}

function failed(failure: string, retryable: boolean, waitMs: number | null = null): Outcome {
  return { result: { ok: false, retryable, failure: `slack-${failure}` }, waitMs, asTold: false };
}

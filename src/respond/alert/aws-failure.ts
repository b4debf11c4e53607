import type { SendResult } from '../channel.ts';

/** Refusals that last until a person changes a topic, key, bus or policy; other 4xx answers are taken for such too. */
const RETRYABLE_NAMES =
  /throttl|toomanyrequests|internal|timeout|unavailable|limitexceeded|expiredtoken|kmsthrottling/i;

/** What a failed call of an AWS client means for delivery. Only the error's name is kept, never its message. */
export function awsFailure(channel: string, error: unknown): Extract<SendResult, { ok: false }> {
  const name = error instanceof Error && /^[\w.]{1,60}$/.test(error.name) ? error.name : 'unknown';
  const status = httpStatus(error);
  const permanent =
    status !== null && status >= 400 && status < 500 && status !== 429 && !RETRYABLE_NAMES.test(name);
  return { ok: false, retryable: !permanent, failure: `${channel}-${name}` };
}

function httpStatus(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return null;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return null;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : null;
}

import type { SendResult } from '../channel.ts';

/** Refusals that last until a person changes a topic, key, bus or policy; other 4xx answers are taken for such too. */
const RETRYABLE_NAMES = /throttl|toomanyrequests|internal|timeout|unavailable|limitexceeded|expiredtoken/i;

/** What a failed call of an AWS client means for delivery. Only the error's name is kept, never its message. */
export function awsFailure(channel: string, error: unknown): Extract<SendResult, { ok: false }> {
  const name = nameOf(error);
  const status = httpStatus(error);
  const permanent =
    status !== null && status >= 400 && status < 500 && status !== 429 && !RETRYABLE_NAMES.test(name);
  return { ok: false, retryable: !permanent, failure: `${channel}-${name}` };
}

/** The class of the error; for a plain network error its code, e.g. `ECONNREFUSED`. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  const name = error.name === 'Error' ? code : error.name;
  return /^[\w.]{1,60}$/.test(name) ? name : 'unknown';
}

function httpStatus(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return null;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return null;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : null;
}

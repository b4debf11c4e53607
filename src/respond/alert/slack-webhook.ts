import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { InputError } from '../../model/errors.ts';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Checks a webhook URL. It may be wrapped in JSON, as secrets made in the web console are: `{"url":"https://..."}`.
 * @throws {InputError} saying what is wrong with what `origin` holds, never what it is.
 */
export function parseWebhook(text: string, origin: string): string {
  const candidate = unwrap(text.trim());
  if (candidate === '') throw new InputError(`${origin} is empty: it must hold a Slack webhook URL`);
  const url = URL.canParse(candidate) ? new URL(candidate) : null;
  if (url === null) throw new InputError(`${origin} holds no URL: it must be a Slack webhook URL`);
  const isPlainLocal = url.protocol === 'http:' && LOOPBACK.has(url.hostname);
  if (url.protocol !== 'https:' && !isPlainLocal) {
    throw new InputError(`${origin} holds no https:// URL: it must be a Slack webhook URL`);
  }
  if (/^\/(triggers|workflows)\//.test(url.pathname)) {
    throw new InputError(
      `${origin} holds a Slack workflow trigger, which takes no formatted messages: create an incoming webhook`,
    );
  }
  return candidate;
}

/** Reads the webhook from Secrets Manager, anew each time, so that a rotated secret works at once. */
export function secretWebhook(client: SecretsManagerClient, secretArn: string): () => Promise<string> {
  return async () => {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
    return parseWebhook(SecretString ?? '', 'the secret');
  };
}

function unwrap(text: string): string {
  if (!text.startsWith('{')) return text;
  try {
    const values = Object.values(JSON.parse(text) as Record<string, unknown>);
    const url = values.find((value) => typeof value === 'string' && /^https?:/.test(value));
    return typeof url === 'string' ? url.trim() : text;
  } catch {
    return text;
  }
}

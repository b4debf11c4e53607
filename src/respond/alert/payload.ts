import type { Alert } from '../../model/alert.ts';
import { type AlertJson, alertJson } from '../../model/incident-json.ts';
import { clean } from './clean.ts';

const LIST_MAX = 20;
const TEXT_MAX = 500;

/** {@link AlertJson} for services with a size limit: long texts and lists are shortened, and `truncated` says so. */
export type AlertPayload = AlertJson & { readonly truncated: boolean };

/** At most some 200 KB as JSON, whatever the names and texts are; nothing is shortened in an ordinary alert. */
export function alertPayload(alert: Alert): AlertPayload {
  const full = alertJson(alert);
  const bounded = bound(full) as AlertJson;
  return { ...bounded, truncated: JSON.stringify(bounded) !== JSON.stringify(full) };
}

function bound(value: unknown): unknown {
  if (typeof value === 'string') return clean(value, TEXT_MAX);
  if (Array.isArray(value)) return value.slice(0, LIST_MAX).map(bound);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, bound(inner)]));
}

/** Milliseconds since 1970-01-01T00:00:00Z. Every instant in firebreak is one of these; names end in `At`. */
export type EpochMs = number;

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** `2026-11-01T04:12:00Z`: ISO 8601 in UTC to the second, the form of every public output. */
export function toIso(at: EpochMs): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** For people: `2026-11-01 04:12 UTC`. */
export function utcText(at: EpochMs): string {
  const iso = toIso(at);
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** As {@link toIso}, with `null` for an instant that has not happened. */
export function toIsoOrNull(at: EpochMs | null): string | null {
  return at === null ? null : toIso(at);
}

/** Control characters, line and paragraph separators, and marks that reverse or hide text. */
const INVISIBLE = /[\p{Cc}\p{Zl}\p{Zp}\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+/gu;

/**
 * Text from outside (names, tags, evidence) made safe to put into a line of any channel: one line, no terminal
 * escapes, no bidirectional overrides, valid Unicode, at most `lengthMax` characters; what is cut off is said.
 */
export function clean(text: string, lengthMax = 500): string {
  const line = text
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(INVISIBLE, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  return clip(line, lengthMax);
}

/** Cuts on a character boundary and ends in `... (cut)` where something was cut. */
export function clip(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  const mark = '... (cut)';
  const kept = text.slice(0, Math.max(0, lengthMax - mark.length));
  return `${kept.replace(/\p{Surrogate}$/u, '')}${mark}`.slice(0, lengthMax);
}

/** The name that was probably meant, for "did you mean": at most a third of it differs; `null`: none is near. */
export function nearestName(given: string, names: readonly string[]): string | null {
  const wanted = given.toLowerCase();
  let nearest: { readonly name: string; readonly edits: number } | null = null;
  for (const name of names) {
    const edits = distance(wanted, name.toLowerCase());
    if (nearest === null || edits < nearest.edits) nearest = { name, edits };
  }
  if (nearest !== null && nearest.edits <= Math.max(2, given.length / 3)) return nearest.name;
  // A part of a long generated name (`Stack-OrdersWorkerF1A2B3-x9`) is the other thing people type.
  const containing = names.filter((name) => name.toLowerCase().includes(wanted));
  return wanted.length >= 3 && containing.length === 1 ? (containing[0] ?? null) : null;
}

/** Levenshtein distance: insertions, deletions and replacements of one character. */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

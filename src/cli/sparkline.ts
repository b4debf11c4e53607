const BARS = '▁▂▃▄▅▆▇█';

/** A row of bars (no datapoint: the lowest), scaled to its own maximum; the newest values where there are more than `width`. */
export function sparkline(values: ArrayLike<number>, width: number): string {
  const shown = Array.from(values, (value) => value || 0).slice(-width);
  const highest = Math.max(...shown, 0);
  return shown.map((value) => bar(value, highest)).join('');
}

function bar(value: number, highest: number): string {
  if (!(value > 0) || highest <= 0) return BARS.charAt(0);
  return BARS.charAt(Math.min(BARS.length - 1, Math.floor((value / highest) * BARS.length)));
}

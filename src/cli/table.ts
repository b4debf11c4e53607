/** A column of a terminal table; `right` for figures. */
export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Longer cells are cut with an ellipsis. */
  readonly widthMax?: number;
}

/** Two spaces between columns: readable, and a shell's `cut` or `awk` still copes. */
const GAP = '  ';

/** Rows as aligned text, a line each, title first. No trailing blanks, one newline at the end. */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const cells = [columns.map(({ title }) => title), ...rows].map((row) =>
    columns.map((column, index) => cut(row[index] ?? '', column.widthMax)),
  );
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => (row[index] ?? '').length)));
  const lines = cells.map((row) =>
    columns
      .map(({ align }, index) => {
        const cell = row[index] ?? '';
        const width = widths[index] ?? 0;
        return align === 'right' ? cell.padStart(width) : cell.padEnd(width);
      })
      .join(GAP)
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

function cut(text: string, widthMax: number | undefined): string {
  const line = text.replace(/\s+/g, ' ');
  return widthMax !== undefined && line.length > widthMax ? `${line.slice(0, widthMax - 1)}…` : line;
}

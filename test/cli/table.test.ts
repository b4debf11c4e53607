import { describe, expect, it } from 'vitest';
import { renderTable } from '../../src/cli/table.ts';

describe('renderTable', () => {
  it('aligns text left and figures right, without trailing blanks', () => {
    const text = renderTable(
      [{ title: 'name' }, { title: 'usd', align: 'right' }, { title: 'note' }],
      [
        ['a', '1.00', ''],
        ['longer', '10.00', 'x'],
      ],
    );
    expect(text).toBe('name      usd  note\na        1.00\nlonger  10.00  x\n');
  });

  it('cuts long cells and keeps each row on one line', () => {
    const text = renderTable([{ title: 'note', widthMax: 8 }], [['first\nsecond']]);
    expect(text).toBe('note\nfirst s…\n');
  });

  it('shows the titles alone where there is nothing to list', () => {
    expect(renderTable([{ title: 'name' }], [])).toBe('name\n');
  });
});

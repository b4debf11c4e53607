import { describe, expect, it } from 'vitest';
import { type Config, DEFAULT_CONFIG } from '../../src/model/config.ts';
import { readTraceFile } from '../../src/observe/trace/read-file.ts';
import { backtest } from '../../src/replay/backtest.ts';
import { costOf } from '../../src/replay/cost.ts';
import { plainText } from '../../src/respond/alert/plain-text.ts';
import { story } from '../../src/respond/alert/words.ts';
import { recordedLoop } from '../cli/loop-on-record.ts';

/** A trace of ten hours with one function, which loops in its third, and budgets as multiples of what a month would cost. */
async function replayed(budgetOf: (monthUsd: number) => Partial<Config['budget']>) {
  const trace = await readTraceFile((await recordedLoop()).path);
  const monthUsd = (costOf(trace, {}).totalUsd / trace.periods) * 60 * 24 * 30;
  const config = { ...DEFAULT_CONFIG, budget: { byTag: {}, byFunction: {}, ...budgetOf(monthUsd) } };
  return backtest(trace, { config });
}

describe('a budget in a backtest', () => {
  it('that is never in danger changes nothing', async () => {
    const without = await replayed(() => ({}));
    expect(await replayed((monthUsd) => ({ monthlyUsd: 10 * monthUsd }))).toEqual(without);
  });

  it('that is spent fifty times too fast is told by its name, before the loop and apart from it', async () => {
    const { incidents, alerts } = await replayed((monthUsd) => ({
      byFunction: { 'orders-worker': monthUsd / 50 },
    }));
    expect(incidents.map(({ detector }) => detector).sort()).toEqual(['budget-burn-rate', 'retry-loop']);
    const opened = alerts.filter(({ incident }) => incident.budget !== undefined);
    expect(opened.map(({ transition }) => transition)).toEqual(['opened']);
    const [alert] = opened;
    if (alert === undefined) throw new Error('not told');
    const text = plainText(story(alert), { columns: 110 });
    expect(text).toMatch(/^WARNING orders-worker: budget burn, spending \$[\d.]+\/h/);
    expect(text).toContain('A budget of orders-worker is spent much faster than planned');
    expect(text).toMatch(/- orders-worker spends \d+x its budget of \$[\d.]+ a month/);
    expect(text).toContain('firebreak forecast');
  });

  it('of the whole account names no function as its subject', async () => {
    const { alerts } = await replayed((monthUsd) => ({ monthlyUsd: monthUsd / 50 }));
    const alert = alerts.find(({ incident }) => incident.budget === 'the account');
    if (alert === undefined) throw new Error('not told');
    const text = plainText(story(alert), { columns: 110 });
    expect(text).toMatch(/^WARNING this account: budget burn/);
    expect(text).toMatch(/Spent by +orders-worker/);
    expect(text).toMatch(/- The account spends \d+x its budget/);
  });
});

import { REOPEN_WITHIN_MS } from '../decide/lifecycle.ts';
import type { Baselines } from '../model/baseline.ts';
import { DAY_MS, type EpochMs } from '../model/time.ts';
import type { Source } from '../observe/source.ts';
import type { Spending } from '../price/budget-spend.ts';
import type { Store } from '../store/store.ts';
import { isSurveyDue } from './survey-due.ts';

/** Hours within incidents of this long back are left out. */
const INCIDENTS_SINCE_MS = 14 * DAY_MS + REOPEN_WITHIN_MS;

/** What is normal, learnt anew where a survey is due: each hour, less often for large fleets. */
export async function refreshBaselines(deps: {
  readonly source: Source;
  readonly store: Store;
  readonly config: Spending['config'];
  readonly now: EpochMs;
}): Promise<Baselines> {
  const { source, store, now } = deps;
  const stored = await store.baselines();
  if (stored !== null && !isSurveyDue(stored, now)) return stored;
  const baselines = await source.baselines(
    now,
    await store.incidents({ resolvedSince: now - INCIDENTS_SINCE_MS }),
    { config: deps.config, bill: await store.bill() },
  );
  await store.putBaselines(baselines);
  return baselines;
}

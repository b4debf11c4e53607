import { DAY_MS } from '../model/time.ts';
import { costExplorerClient, readBill } from '../observe/aws/cost-explorer.ts';
import { listFunctions } from '../observe/aws/functions.ts';
import { readLambdaDays } from '../observe/aws/lambda-days.ts';
import { wireOf } from '../observe/aws/source.ts';
import { pricesFor } from '../price/lambda-price.ts';
import { billedLambdaDay, reconcile } from '../price/reconcile.ts';
import { createHandler } from './run-handler.ts';

/** Days compared. Fewer would be ruled by the last one, which AWS may still change. */
const DAYS = 7;

/** Once a day: how far firebreak's dollars are from the bill, as metrics and in the log. */
export const handler = createHandler('cost', async ({ settings, log, startedAt }) => {
  const { region, config } = settings;
  // Cost Explorer is up to a day late (Cost Explorer user guide, 2026): yesterday is not complete before it is over
  // for a day.
  const untilAt = Math.floor(startedAt / DAY_MS - 1) * DAY_MS;
  const fromAt = untilAt - DAYS * DAY_MS;
  const bill = await readBill({ client: costExplorerClient({ region }), region, fromAt, toAt: untilAt });
  const wire = wireOf({ region });
  const { days, gaps } = await readLambdaDays({
    wire,
    functions: (await listFunctions(wire)).items,
    prices: pricesFor(region),
    savingsPlanDiscount: config.pricing.savingsPlanDiscount,
    fromAt,
    days: DAYS,
  });
  for (const gap of gaps) log.warn('could not read', { ...gap });
  const billed = bill.days.map(({ startAt, isEstimated, lines }) => ({
    ...billedLambdaDay(startAt, lines),
    isEstimated,
  }));
  // Without some functions the computed side is too small, and the ratio would say that dollars are missing.
  const reconciliation = gaps.length === 0 ? reconcile({ billed, computed: days }) : null;
  log.info('compared with the bill', { reconciliation, requests: bill.requests });
  if (reconciliation !== null && reconciliation.usdRatio !== null) {
    log.metrics({ BilledRatio: reconciliation.usdRatio });
  }
});

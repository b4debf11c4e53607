import { costExplorerClient, readBill } from '../observe/aws/cost-explorer.ts';
import { listFunctions } from '../observe/aws/functions.ts';
import { readIdentity } from '../observe/aws/inventory.ts';
import { readLambdaDays } from '../observe/aws/lambda-days.ts';
import { wireOf } from '../observe/aws/source.ts';
import { calibrationRatio } from '../price/calibration.ts';
import { deliveryLines } from '../respond/alert/delivery-report.ts';
import { runDailyCost } from '../run/daily-cost.ts';
import { createHandler } from './run-handler.ts';
import { openChannels, openStore } from './services.ts';

/** Once a day: what rose on the bill is told, and how far firebreak's dollars are from it is kept. */
export const handler = createHandler('cost', async ({ settings, log }) => {
  const { region, config } = settings;
  const wire = wireOf({ region });
  const client = costExplorerClient({ region });
  const { account } = await readIdentity(wire);
  const { note, gaps, delivery, requests } = await runDailyCost({
    readBill: (days, by) => readBill({ client, region, by, ...days }),
    readUse: async (fromAt, days) =>
      readLambdaDays({ wire, functions: (await listFunctions(wire)).items, fromAt, days }),
    store: openStore(settings, log),
    channels: openChannels(settings),
    config,
    account,
    region,
    now: Date.now,
  });
  for (const gap of gaps) log.warn('could not read', { ...gap });
  for (const line of deliveryLines(delivery)) log.error(line);
  const { calibration, anomalies } = note;
  log.info('compared with the bill', { calibration, anomalies, requests });
  const all = calibration.find(({ usageType }) => usageType === 'all');
  if (all !== undefined) log.metrics({ BilledRatio: calibrationRatio(all) });
});

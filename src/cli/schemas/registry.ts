import * as z from 'zod';
import { InputError } from '../../model/errors.ts';
import { nearestName } from '../../model/nearest.ts';
import * as history from './history.ts';
import * as kill from './kill.ts';
import * as money from './money.ts';
import * as monitor from './monitor.ts';
import { alert } from './shared.ts';

interface Document {
  /** Who prints it, or where it arrives. */
  readonly from: string;
  readonly schema: z.ZodType;
}

/** Every document that firebreak gives to programs, by its name: `status` is `firebreak-status/1`. */
export const DOCUMENTS: Readonly<Record<string, Document>> = {
  alert: { from: 'SNS, EventBridge, firebreak watch --json', schema: alert },
  audit: { from: 'firebreak audit --json', schema: money.audit },
  backtest: { from: 'firebreak backtest --json', schema: history.backtest },
  bill: { from: 'firebreak bill --json', schema: money.bill },
  'config-check': { from: 'firebreak config check --json', schema: monitor.configCheck },
  demo: { from: 'firebreak demo --json', schema: history.demo },
  doctor: { from: 'firebreak doctor --json', schema: monitor.doctor },
  forecast: { from: 'firebreak forecast --json', schema: money.forecast },
  incidents: { from: 'firebreak incidents --json', schema: monitor.incidents },
  init: { from: 'firebreak init --json', schema: monitor.init },
  kill: { from: 'firebreak kill --json', schema: kill.kill },
  live: { from: 'state.json of the live page', schema: monitor.live },
  'monitor-cost': { from: 'firebreak cost-of-monitoring --json', schema: money.monitorCost },
  prices: { from: 'firebreak prices --json', schema: money.prices },
  record: { from: 'firebreak record --json', schema: history.record },
  report: { from: 'firebreak report --json', schema: monitor.report },
  restore: { from: 'firebreak restore --json', schema: kill.restore },
  'score-series': { from: 'firebreak score-series --json', schema: history.scoreSeries },
  status: { from: 'firebreak status --json', schema: monitor.status },
  suggest: { from: 'firebreak suggest --json', schema: money.suggest },
  'test-alert': { from: 'firebreak test-alert --json', schema: monitor.testAlert },
  trace: { from: 'firebreak record writes it, firebreak backtest reads it', schema: history.trace },
  watch: { from: 'firebreak watch --json, one line for each look', schema: monitor.watch },
};

/**
 * JSON Schema of a document.
 * @throws {InputError} for a name that there is not.
 */
export function documentSchema(name: string): Readonly<Record<string, unknown>> {
  const document = Object.hasOwn(DOCUMENTS, name) ? DOCUMENTS[name] : undefined;
  if (document === undefined) {
    const nearest = nearestName(name, Object.keys(DOCUMENTS));
    const hint = nearest === null ? 'firebreak schema lists them' : `did you mean ${nearest}?`;
    throw new InputError(`schema: there is no document ${name}: ${hint}`);
  }
  const schema = z.toJSONSchema(document.schema, { io: 'input' });
  return { ...schema, title: `firebreak-${name}/1` };
}

import { InputError, RefusedError } from '../model/errors.ts';
import { formatCountOf, formatUsd } from '../model/format.ts';
import { partsOf } from '../observe/aws/recording.ts';
import type { RecordingPlan } from '../observe/aws/recording-plan.ts';
import { monitorCost } from '../price/monitor-cost.ts';
import type { Io } from './io.ts';

/** From this price on a person must agree. */
export const ASK_FROM_USD = 1;
/** A trace is one JSON document, which no reader can hold beyond this. */
const TRACE_BYTES_MAX = 512 * 1024 * 1024;
/** A value and its comma: most are short counts or null. */
const BYTES_PER_VALUE = 6;

/** @throws {InputError} when the trace would be larger than anybody can read, before anything is paid for. */
export function checkSize(plan: RecordingPlan): void {
  const series = [...plan.requests, ...plan.silent].reduce((sum, one) => sum + one.statistics.length, 0);
  if (series * plan.header.periods * BYTES_PER_VALUE <= TRACE_BYTES_MAX) return;
  throw new InputError(
    `${series} series of ${plan.header.periods} minutes do not fit one trace: use a shorter --since, or --function`,
  );
}

/**
 * Says what reading the parts that are not `done` costs, and asks where that is much.
 * @throws {RefusedError} when the person does not agree, or nobody is there to ask.
 */
export async function agreeToPrice(
  io: Io,
  plan: RecordingPlan,
  { done, yes }: { readonly done: ReadonlySet<number>; readonly yes: boolean },
): Promise<void> {
  const left = partsOf(plan).filter((_, part) => !done.has(part));
  const metrics = left.reduce((sum, requests) => sum + requests.length, 0);
  const usd = monitorCost({ metricRequests: metrics, apiRequests: 0 });
  const { functions, queues } = plan.header;
  io.stderr(
    `${formatCountOf(functions.length, 'function')}, ${formatCountOf(queues.length, 'queue')}: ${formatCountOf(metrics, 'metric')} with data in ${formatCountOf(left.length, 'call')}, ${formatUsd(usd)}\n`,
  );
  if (usd < ASK_FROM_USD || yes) return;
  if (await io.confirm(`Read them for ${formatUsd(usd)}?`)) return;
  throw new RefusedError(`nothing was read: it costs ${formatUsd(usd)}; pass --yes to agree`);
}

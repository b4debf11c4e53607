import type { Baselines } from '../../model/baseline.ts';
import { UnavailableError } from '../../model/errors.ts';
import type { Incident } from '../../model/incident.ts';
import { type EpochMs, HOUR_MS } from '../../model/time.ts';
import { type Spending, spendingOf } from '../../price/budget-spend.ts';
import { BASELINE_HOURS, buildBaselines, type FunctionHours, type QueueHours } from '../../stats/baseline.ts';
import { abnormalSpans } from '../abnormal-span.ts';
import { listNames } from './activity.ts';
import { unavailable } from './failure.ts';
import { ALL_DETAILS, type DetailLimits } from './function-details.ts';
import { type Identity, readInventory } from './inventory.ts';
import type { SourceMemory } from './memory.ts';
import {
  type MetricAnswer,
  type MetricRequest,
  requestsFor,
  type Span,
  type Statistic,
} from './metric-request.ts';
import { readStatistics } from './metric-statistics.ts';
import { BASE_METRICS } from './series-plan.ts';
import { windowSpan } from './window-span.ts';
import type { Wire } from './wire.ts';

const QUEUE_METRICS = [
  'NumberOfMessagesSent',
  'NumberOfMessagesReceived',
  'NumberOfMessagesDeleted',
  'ApproximateNumberOfMessagesVisible',
];

export interface BaselinesInput {
  readonly identity: Identity;
  readonly memory: SourceMemory | null;
  readonly now: EpochMs;
  readonly incidents: readonly Incident[];
  readonly spending?: Spending | undefined;
}

/**
 * Tags are read for budgets by tag alone. Two or three minutes' worth at the rates of `refreshDetails`: a survey has ten, and
 * baselines matter more than budgets. Functions beyond it count in no budget by tag.
 */
const TAGS_PER_SURVEY: DetailLimits = { ...ALL_DETAILS, getFunction: 3_000, controlPlane: 600 };
/** What is normal changes slowly: lists that the tick has read lately will do. */
const LIST_TTL_MS = HOUR_MS;

/**
 * Two weeks of whole hours before the window, through GetMetricStatistics: one call a metric gives all its statistics,
 * and a million calls a month are free (CloudWatch pricing, free tier; $0.01 per 1,000 beyond). Five calls a function
 * and four a queue: built once a day, 1,000 functions take 150,000 calls a month. Only what has metrics is asked for.
 *
 * @throws {UnavailableError} when functions or metrics cannot be listed.
 */
export async function readBaselines(wire: Wire, input: BaselinesInput): Promise<Baselines> {
  const { now, spending } = input;
  const needsTags = Object.keys(spending?.config.budget.byTag ?? {}).length > 0;
  const { inventory } = await readInventory(wire, input.identity, input.memory, {
    now,
    limits: needsTags ? TAGS_PER_SURVEY : { ...ALL_DETAILS, getFunction: 0, controlPlane: 0 },
    listTtlMs: LIST_TTL_MS,
    // Their names are enough.
    dueQueues: () => () => 0,
  });
  const span = baselineSpan(now);
  const [functionNames, queueNames] = await Promise.all([
    withMetric(wire, 'AWS/Lambda', 'Invocations'),
    withMetric(wire, 'AWS/SQS', 'NumberOfMessagesReceived'),
  ]);
  const functions = inventory.functions.filter(({ name }) => functionNames.has(name));
  const queues = inventory.queues.filter(({ name }) => queueNames.has(name));
  const requests = [
    ...functions.flatMap(({ name }) => requestsFor('AWS/Lambda', name, BASE_METRICS)),
    ...queues.flatMap(({ name }) => requestsFor('AWS/SQS', name, QUEUE_METRICS)),
  ];
  const answer = await readStatistics(wire, requests, span);
  const [gap] = answer.gaps;
  // Nothing at all was readable: an empty history would pass for one in which nothing ever ran.
  if (gap !== undefined && [...answer.values.values()].every((values) => Object.keys(values).length === 0)) {
    throw new UnavailableError(`AWS ${gap.operation}: ${gap.reason}; no baselines can be built`);
  }
  const hours = hoursOf(answer);
  const history = {
    startAt: span.startAt,
    functions: new Map(functions.flatMap((fn) => functionHours(fn, hours))),
    queues: new Map(queues.flatMap(({ name }) => queueHours(name, hours))),
  };
  const abnormal = abnormalSpans(input.incidents, now);
  return {
    ...buildBaselines({ builtAt: now, history, abnormal }),
    ...(spending === undefined ? {} : spendingOf({ ...spending, now, inventory, history })),
  };
}

/** Whole hours that end before the window begins: what is in the window is judged, not believed. */
export function baselineSpan(now: EpochMs): Span {
  const endAt = Math.floor(windowSpan(now).startAt / HOUR_MS) * HOUR_MS;
  return { startAt: endAt - BASELINE_HOURS * HOUR_MS, points: BASELINE_HOURS, periodMs: HOUR_MS };
}

async function withMetric(
  wire: Wire,
  namespace: MetricRequest['namespace'],
  metric: string,
): Promise<ReadonlySet<string>> {
  try {
    return new Set((await listNames(wire, { namespace, metric, recent: false })).items);
  } catch (error) {
    throw unavailable(error, 'ListMetrics');
  }
}

type Hours = (
  namespace: MetricRequest['namespace'],
  name: string,
  metric: string,
  statistic: Statistic,
) => Float64Array | undefined;

function hoursOf(answer: MetricAnswer): Hours {
  const byKey = new Map<string, Float64Array>();
  for (const [request, values] of answer.values) {
    for (const [statistic, series] of Object.entries(values)) {
      byKey.set(`${request.namespace} ${request.name} ${request.metric} ${statistic}`, series);
    }
  }
  return (namespace, name, metric, statistic) => byKey.get(`${namespace} ${name} ${metric} ${statistic}`);
}

/** Empty when one of the series could not be read: half a history would pass for normal what is not. */
function functionHours(
  fn: { readonly name: string; readonly memoryMB: number },
  hours: Hours,
): [string, FunctionHours][] {
  const of = (metric: string, statistic: Statistic) => hours('AWS/Lambda', fn.name, metric, statistic);
  const invocations = of('Invocations', 'Sum');
  const errors = of('Errors', 'Sum');
  const throttles = of('Throttles', 'Sum');
  const durationSumMs = of('Duration', 'Sum');
  const durationMaximumMs = of('Duration', 'Maximum');
  const concurrentExecutions = of('ConcurrentExecutions', 'Maximum');
  if (
    !invocations ||
    !errors ||
    !throttles ||
    !durationSumMs ||
    !durationMaximumMs ||
    !concurrentExecutions
  ) {
    return [];
  }
  const { name, memoryMB } = fn;
  return [
    [
      name,
      { invocations, errors, throttles, durationSumMs, durationMaximumMs, concurrentExecutions, memoryMB },
    ],
  ];
}

function queueHours(name: string, hours: Hours): [string, QueueHours][] {
  const sent = hours('AWS/SQS', name, 'NumberOfMessagesSent', 'Sum');
  const received = hours('AWS/SQS', name, 'NumberOfMessagesReceived', 'Sum');
  const deleted = hours('AWS/SQS', name, 'NumberOfMessagesDeleted', 'Sum');
  const visible = hours('AWS/SQS', name, 'ApproximateNumberOfMessagesVisible', 'Maximum');
  return sent && received && deleted && visible ? [[name, { sent, received, deleted, visible }]] : [];
}

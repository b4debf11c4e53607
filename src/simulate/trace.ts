import type { LambdaFunction, Queue } from '../model/inventory.ts';
import { toIso } from '../model/time.ts';
import { readInventory } from './inventory.ts';
import { finalMaxima, round1 } from './readable.ts';
import type { FunctionRecord, LateGroup, QueueRecord } from './recorder.ts';
import type { FunctionState, QueueState, World } from './state.ts';

/** `[period, delayPeriods, value]`: what was not readable yet (Sum), or was shown instead (Average, Maximum). */
export type LateEntry = readonly [number, number, number | null];

export interface TraceSeries {
  readonly namespace: 'AWS/Lambda' | 'AWS/SQS' | 'firebreak/SQS';
  readonly metric: string;
  readonly stat: 'Sum' | 'Average' | 'Maximum';
  readonly dimensions: { readonly FunctionName: string } | { readonly QueueName: string };
  readonly values: readonly (number | null)[];
  readonly late?: readonly LateEntry[];
}

type TraceFunction = Omit<LambdaFunction, 'lastModifiedAt' | 'billing'> & {
  readonly lastModifiedAt?: string;
};

/** A recording in the `firebreak-trace/1` format. */
export interface TraceDocument {
  readonly format: 'firebreak-trace/1';
  readonly account: string;
  readonly region: string;
  readonly start: string;
  readonly periodSeconds: 60;
  readonly periods: number;
  readonly publishDelaySeconds: number;
  readonly accountConcurrencyLimit?: number;
  readonly functions: readonly TraceFunction[];
  readonly queues: readonly Queue[];
  readonly moveTasks?: readonly {
    readonly queue: string;
    readonly startedAt: string;
    readonly status: string;
    readonly moved: number;
  }[];
  readonly series: readonly TraceSeries[];
}

/** What the monitor could have read of the world from its start until now, as one document. */
export function writeTrace(world: World): TraceDocument {
  const { scenario } = world;
  const { functions, queues, accountConcurrencyLimit: limit } = readInventory(world);
  const tasks = world.moveTasks.filter(({ recorded }) => recorded);
  return {
    format: 'firebreak-trace/1',
    account: scenario.account,
    region: scenario.region,
    start: toIso(scenario.startAt),
    periodSeconds: 60,
    periods: world.minutes,
    publishDelaySeconds: scenario.publishDelaySeconds,
    ...(limit === undefined ? {} : { accountConcurrencyLimit: limit }),
    // Settings as they are at the end of the recording.
    functions: functions.map(traceFunction),
    queues,
    ...(tasks.length === 0
      ? {}
      : {
          moveTasks: tasks.map((task) => ({
            queue: world.queues[task.queue]?.spec.name ?? '',
            startedAt: toIso(scenario.startAt + task.startedAt),
            status: task.status,
            moved: task.moved,
          })),
        }),
    series: [
      ...world.functions.flatMap((state) => functionSeries(world, state)),
      ...world.queues.flatMap((queue) => queueSeries(world, queue)),
    ],
  };
}

function traceFunction(fn: LambdaFunction): TraceFunction {
  const { lastModifiedAt, billing: _, ...rest } = fn;
  return lastModifiedAt === undefined ? rest : { ...rest, lastModifiedAt: toIso(lastModifiedAt) };
}

/** How one series looks minute by minute: a value, or `null` for no datapoint. */
type Values = (number | null)[];

interface Draft {
  readonly metric: string;
  readonly stat: TraceSeries['stat'];
  readonly values: Values;
  readonly late: LateEntry[];
}

function functionSeries(world: World, state: FunctionState): TraceSeries[] {
  const { record, spec } = state;
  const isAsync =
    spec.asyncInvoke !== null ||
    world.producers.some(
      (producer) => producer.spec.target.kind === 'async' && producer.target === state.index,
    );
  const isStream = spec.eventSources.some(({ kind }) => kind !== 'sqs');
  const ran = (minute: number): boolean => (record.invocations[minute] as number) > 0;
  const drafts: Draft[] = [
    ...invocationDrafts(world, record, ran),
    sparse('ConcurrentExecutions', 'Maximum', record.concurrency),
    ...(isAsync
      ? [
          sparse('AsyncEventsReceived', 'Sum', record.asyncReceived),
          sparse('AsyncEventsDropped', 'Sum', record.asyncDropped),
          sparse('AsyncEventAge', 'Maximum', record.asyncAgeMs),
        ]
      : []),
    ...(isStream ? [sparse('IteratorAge', 'Maximum', record.iteratorAgeMs)] : []),
    ...(record.recursiveDropped.some((value) => value > 0)
      ? [sparse('RecursiveInvocationsDropped', 'Sum', record.recursiveDropped)]
      : []),
  ];
  return drafts.map((draft) => ({
    namespace: 'AWS/Lambda',
    metric: draft.metric,
    stat: draft.stat,
    dimensions: { FunctionName: spec.name },
    ...withGaps(world, spec.name, draft),
  }));
}

/** The five series that are stamped with the start of an invocation and emitted at its end, and Throttles. */
function invocationDrafts(world: World, record: FunctionRecord, ran: (minute: number) => boolean): Draft[] {
  const groups = [...record.late.values()].sort((a, b) => a.minute - b.minute || a.delay - b.delay);
  const maxima = finalMaxima(record);
  const where = (series: Float64Array): Values =>
    Array.from(series, (value, minute) => (ran(minute) ? value : null));
  const sum = (metric: string, series: Float64Array, part: (group: LateGroup) => number): Draft => ({
    metric,
    stat: 'Sum',
    values: where(series),
    late: groups
      .filter((group) => part(group) > 0)
      .map(({ minute, delay, ...rest }): LateEntry => [minute, delay, part({ minute, delay, ...rest })]),
  });
  const average = record.durationSumMs.map((total, minute) =>
    round1(total / (record.invocations[minute] as number)),
  );
  const shown = shownUntil(world, record, groups);
  return [
    sum('Invocations', record.invocations, (group) => group.invocations),
    sum('Errors', record.errors, (group) => group.errors),
    {
      metric: 'Throttles',
      stat: 'Sum',
      values: Array.from(record.throttles, (value, minute) => (ran(minute) || value > 0 ? value : null)),
      late: [],
    },
    sum('Duration', record.durationSumMs, (group) => group.durationSumMs),
    { metric: 'Duration', stat: 'Average', values: where(average), late: shown.average },
    { metric: 'Duration', stat: 'Maximum', values: where(maxima), late: shown.maximum },
  ];
}

/** What Average and Maximum of Duration showed before each late part arrived; `null` while there was nothing yet. */
function shownUntil(
  world: World,
  record: FunctionRecord,
  groups: readonly LateGroup[],
): { average: LateEntry[]; maximum: LateEntry[] } {
  const average: LateEntry[] = [];
  const maximum: LateEntry[] = [];
  let minute = -1;
  let invocations = 0;
  let sumMs = 0;
  let maximumMs = 0;
  for (const [index, group] of groups.entries()) {
    if (group.minute !== minute) {
      minute = group.minute;
      const late = lateOf(groups, index);
      invocations = (record.invocations[minute] as number) - late.invocations;
      sumMs = (record.durationSumMs[minute] as number) - late.durationSumMs;
      maximumMs = record.durationMaximumMs[minute] as number;
    }
    if (minute >= world.minutes) continue;
    average.push([minute, group.delay, invocations > 0 ? round1(sumMs / invocations) : null]);
    maximum.push([minute, group.delay, invocations > 0 ? maximumMs : null]);
    invocations += group.invocations;
    sumMs += group.durationSumMs;
    maximumMs = Math.max(maximumMs, group.durationMaximumMs);
  }
  return { average, maximum };
}

/** Late invocations of the minute whose groups begin at `first`. */
function lateOf(groups: readonly LateGroup[], first: number): { invocations: number; durationSumMs: number } {
  const sum = { invocations: 0, durationSumMs: 0 };
  const minute = groups[first]?.minute;
  for (let index = first; groups[index]?.minute === minute; index++) {
    const group = groups[index];
    if (group === undefined) break;
    sum.invocations += group.invocations;
    sum.durationSumMs += group.durationSumMs;
  }
  return sum;
}

/** A series that has a datapoint only where something happened. */
function sparse(metric: string, stat: 'Sum' | 'Maximum', series: Float64Array): Draft {
  return { metric, stat, values: Array.from(series, (value) => (value > 0 ? value : null)), late: [] };
}

function queueSeries(world: World, queue: QueueState): TraceSeries[] {
  const { record, spec } = queue;
  const where = (series: Float64Array): Values =>
    Array.from(series, (value, minute) => (record.active[minute] === 1 ? value : null));
  const draft = (metric: string, stat: 'Sum' | 'Maximum', series: Float64Array): TraceSeries => ({
    namespace: 'AWS/SQS',
    metric,
    stat,
    dimensions: { QueueName: spec.name },
    ...withGaps(world, spec.name, { metric, stat, values: where(series), late: [] }),
  });
  return [
    draft('NumberOfMessagesSent', 'Sum', record.sent),
    draft('NumberOfMessagesReceived', 'Sum', record.received),
    draft('NumberOfMessagesDeleted', 'Sum', record.deleted),
    draft('ApproximateNumberOfMessagesVisible', 'Maximum', record.visible),
    draft('ApproximateNumberOfMessagesNotVisible', 'Maximum', record.notVisible),
    draft('ApproximateAgeOfOldestMessage', 'Maximum', record.ageSeconds),
    ...(world.scenario.recordAttributeDepths === true ? attributeSeries(record, spec.name) : []),
  ];
}

function attributeSeries(record: QueueRecord, name: string): TraceSeries[] {
  const common = { namespace: 'firebreak/SQS', stat: 'Maximum', dimensions: { QueueName: name } } as const;
  return [
    { ...common, metric: 'ApproximateNumberOfMessagesVisible', values: orNull(record.attributeVisible) },
    {
      ...common,
      metric: 'ApproximateNumberOfMessagesNotVisible',
      values: orNull(record.attributeNotVisible),
    },
  ];
}

function orNull(series: Float64Array): Values {
  return Array.from(series, (value) => (Number.isNaN(value) ? null : value));
}

/** Leaves out what CloudWatch lost, and marks as late what it published only after an outage. */
function withGaps(world: World, name: string, draft: Draft): { values: Values; late?: readonly LateEntry[] } {
  const { values } = draft;
  let late = draft.late;
  for (const gap of world.gaps) {
    if (gap.scope !== '*' && gap.scope !== name) continue;
    const until = Math.min(gap.untilMinute, values.length);
    if (gap.lost) {
      for (let minute = gap.fromMinute; minute < until; minute++) values[minute] = null;
      late = late.filter(([minute]) => minute < gap.fromMinute || minute >= until);
    } else late = outage(draft, late, { from: gap.fromMinute, until });
  }
  return late.length === 0 ? { values } : { values, late };
}

/** Everything of the minutes of an outage becomes readable when it ends, unless it was even later by itself. */
function outage(
  draft: Draft,
  late: readonly LateEntry[],
  span: { from: number; until: number },
): LateEntry[] {
  const result = late.filter(([minute]) => minute < span.from || minute >= span.until);
  for (let minute = span.from; minute < span.until; minute++) {
    const value = draft.values[minute];
    if (value === null || value === undefined) continue;
    const delay = span.until - minute - 1;
    const later = late.filter((entry) => entry[0] === minute && entry[1] > delay);
    const sum = later.reduce((total, entry) => total + (entry[2] ?? 0), 0);
    if (draft.stat !== 'Sum') result.push([minute, delay, null]);
    else if (value - sum > 0) result.push([minute, delay, value - sum]);
    result.push(...later);
  }
  return result.filter(([, delay]) => delay > 0).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}

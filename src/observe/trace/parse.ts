import type * as z from 'zod';
import { InputError } from '../../model/errors.ts';
import type { Inventory, LambdaFunction } from '../../model/inventory.ts';
import {
  ATTRIBUTE_METRICS,
  FUNCTION_METRICS,
  type FunctionMetric,
  type LateEntry,
  QUEUE_METRICS,
  type QueueMetric,
  type Trace,
  type TraceSeries,
} from './format.ts';
import { headerSchema, seriesHeaderSchema, type TraceHeader } from './schema.ts';

/**
 * A parsed JSON document to a {@link Trace}.
 * @throws {InputError} names the field, what it must be, and what was given.
 */
export function parseTrace(document: unknown): Trace {
  const header = parse(headerSchema, document, '');
  const names = checkNames(header);
  const functions = new Map<string, Partial<Record<FunctionMetric, TraceSeries>>>();
  const queues = new Map<string, Partial<Record<QueueMetric, TraceSeries>>>();
  for (const name of names.functions) functions.set(name, {});
  for (const name of names.queues) queues.set(name, {});
  header.series.forEach((raw, index) => {
    const where = `series[${index}]`;
    const series = parse(seriesHeaderSchema, raw, where);
    const key = `${series.metric}/${series.stat}`;
    if (series.namespace === 'AWS/Lambda') {
      const metric = FUNCTION_METRICS[key];
      const target = owner(functions, series.dimensions, 'FunctionName', 'functions', where);
      if (metric !== undefined) target[metric] = parseSeries(series, header.periods, where);
    } else if (series.namespace === 'AWS/SQS' || series.namespace === 'firebreak/SQS') {
      const metric = (series.namespace === 'AWS/SQS' ? QUEUE_METRICS : ATTRIBUTE_METRICS)[key];
      const target = owner(queues, series.dimensions, 'QueueName', 'queues', where);
      if (metric !== undefined) target[metric] = parseSeries(series, header.periods, where);
    }
  });
  return {
    inventory: toInventory(header),
    startAt: Date.parse(header.start),
    periods: header.periods,
    publishDelayMs: header.publishDelaySeconds * 1000,
    functions,
    queues,
    moveTasks: header.moveTasks.map((task) => ({ ...task, startedAt: Date.parse(task.startedAt) })),
    seriesCount: header.series.length,
  };
}

function parse<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = [
    where,
    ...(issue?.path ?? []).map((key) => (typeof key === 'number' ? `[${key}]` : String(key))),
  ]
    .filter((part) => part !== '')
    .join('.')
    .replaceAll('.[', '[');
  throw new InputError(`trace: ${path || 'document'}: ${issue?.message ?? 'cannot be read'}`);
}

function checkNames(header: TraceHeader): { functions: Set<string>; queues: Set<string> } {
  const functions = unique(header.functions, 'functions');
  const queues = unique(header.queues, 'queues');
  header.functions.forEach((fn, i) => {
    fn.eventSources.forEach((source, j) => {
      if (source.kind !== 'sqs' || queues.has(source.source)) return;
      fail(
        `functions[${i}].eventSources[${j}].source`,
        `unknown queue ${quote(source.source)}: list it in queues`,
      );
    });
  });
  header.queues.forEach((queue, i) => {
    const target = queue.redrive?.deadLetterQueue;
    if (target === undefined || queues.has(target)) return;
    fail(`queues[${i}].redrive.deadLetterQueue`, `unknown queue ${quote(target)}: list it in queues`);
  });
  header.moveTasks.forEach((task, i) => {
    if (!queues.has(task.queue)) fail(`moveTasks[${i}].queue`, `unknown queue ${quote(task.queue)}`);
  });
  return { functions, queues };
}

function unique(items: readonly { readonly name: string }[], field: string): Set<string> {
  const names = new Set<string>();
  items.forEach(({ name }, i) => {
    if (names.has(name)) fail(`${field}[${i}].name`, `${quote(name)} is listed twice`);
    names.add(name);
  });
  return names;
}

function owner<T>(
  map: Map<string, T>,
  dimensions: Record<string, string>,
  dimension: string,
  field: string,
  where: string,
): T {
  const name = dimensions[dimension];
  const found = name === undefined ? undefined : map.get(name);
  if (found !== undefined) return found;
  return fail(
    `${where}.dimensions.${dimension}`,
    name === undefined ? 'is missing' : `unknown ${field.slice(0, -1)} ${quote(name)}: list it in ${field}`,
  );
}

function parseSeries(raw: z.infer<typeof seriesHeaderSchema>, periods: number, where: string): TraceSeries {
  if (raw.values.length !== periods) {
    fail(`${where}.values`, `must have ${periods} values (trace.periods), has ${raw.values.length}`);
  }
  const final = new Float64Array(periods);
  for (let i = 0; i < periods; i++) {
    const value = raw.values[i];
    if (value === null) final[i] = Number.NaN;
    else if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) final[i] = value;
    else fail(`${where}.values[${i}]`, `must be a number >= 0 or null, is ${show(value)}`);
  }
  const additive = raw.stat === 'Sum';
  const late = (raw.late ?? []).map((entry, i) => parseLate(entry, periods, additive, `${where}.late[${i}]`));
  return { additive, final, late };
}

function parseLate(entry: unknown, periods: number, additive: boolean, where: string): LateEntry {
  if (!Array.isArray(entry) || entry.length !== 3) fail(where, 'must be [period, delayPeriods, value]');
  const [period, delay, value] = entry as unknown[];
  if (!isWhole(period) || period >= periods)
    fail(`${where}[0]`, `must be a period 0..${periods - 1}, is ${show(period)}`);
  if (!isWhole(delay)) fail(`${where}[1]`, `must be a whole number of periods >= 0, is ${show(delay)}`);
  const isNothing = value === null && !additive;
  if (!isNothing && !(typeof value === 'number' && value >= 0 && Number.isFinite(value))) {
    fail(`${where}[2]`, `must be a number >= 0${additive ? '' : ' or null'}, is ${show(value)}`);
  }
  return { period, untilTick: period + delay, value: typeof value === 'number' ? value : Number.NaN };
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function fail(field: string, problem: string): never {
  throw new InputError(`trace: ${field}: ${problem}`);
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 60);
}

function quote(name: string): string {
  return JSON.stringify(name.slice(0, 80));
}

function toInventory(header: TraceHeader): Inventory {
  return {
    account: header.account,
    region: header.region,
    functions: header.functions.map(toFunction),
    queues: header.queues,
    ...(header.accountConcurrencyLimit === undefined
      ? {}
      : { accountConcurrencyLimit: header.accountConcurrencyLimit }),
  };
}

function toFunction(raw: TraceHeader['functions'][number]): LambdaFunction {
  const { lastModifiedAt, runtime, packageBytes, ...rest } = raw;
  return {
    ...rest,
    ...(lastModifiedAt === undefined ? {} : { lastModifiedAt: Date.parse(lastModifiedAt) }),
    ...(runtime === undefined ? {} : { runtime }),
    ...(packageBytes === undefined ? {} : { packageBytes }),
  };
}

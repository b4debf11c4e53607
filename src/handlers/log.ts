import { type EpochMs, toIso } from '../model/time.ts';
import { METRIC_NAMESPACE, METRIC_UNITS, type MetricName, MONITOR_DIMENSION } from './metric-names.ts';

type LogFields = Readonly<Record<string, unknown>>;

/** JSON lines, one an event; CloudWatch Logs makes their fields searchable. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** Own metrics, as one line in the embedded metric format: CloudWatch makes metrics of it, and no call is needed. */
  metrics(values: Readonly<Partial<Record<MetricName, number>>>): void;
}

export interface LogOptions {
  readonly write: (line: string) => void;
  readonly now: () => EpochMs;
  /** Name of the deployment: in each line, and the dimension of the metrics. */
  readonly monitor: string;
  /** In each line, e.g. the handler and the request. */
  readonly fields: LogFields;
}

export function createLog({ write, now, monitor, fields }: LogOptions): Log {
  const line =
    (level: string) =>
    (message: string, more: LogFields = {}) =>
      write(
        `${JSON.stringify({ level, time: toIso(now()), message, monitor, ...fields, ...more }, replaceError)}\n`,
      );
  return {
    info: line('INFO'),
    warn: line('WARN'),
    error: line('ERROR'),
    metrics: (values) => write(`${JSON.stringify(embeddedMetrics(values, { at: now(), monitor }))}\n`),
  };
}

/**
 * One document of the embedded metric format. Values that are no finite numbers are left out: CloudWatch would drop
 * the whole document.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html (2026)
 */
export function embeddedMetrics(
  values: Readonly<Partial<Record<MetricName, number>>>,
  { at, monitor }: { readonly at: EpochMs; readonly monitor: string },
): object {
  const known = (Object.keys(METRIC_UNITS) as MetricName[]).filter((name) => Number.isFinite(values[name]));
  return {
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [
        {
          Namespace: METRIC_NAMESPACE,
          Dimensions: [[MONITOR_DIMENSION]],
          Metrics: known.map((name) => ({ Name: name, Unit: METRIC_UNITS[name] })),
        },
      ],
    },
    [MONITOR_DIMENSION]: monitor,
    ...Object.fromEntries(known.map((name) => [name, values[name]])),
  };
}

/** An error as what a reader needs of it; by itself it would become `{}`. */
function replaceError(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  return {
    name: value.name,
    message: value.message,
    stack: value.stack,
    ...(value.cause === undefined ? {} : { cause: value.cause }),
  };
}

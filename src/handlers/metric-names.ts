/** CloudWatch namespace of firebreak's own metrics; their one dimension is `Monitor`, the name of the deployment. */
export const METRIC_NAMESPACE = 'Firebreak';
export const MONITOR_DIMENSION = 'Monitor';

/** Own metrics and their units. The dead-man alarm, the other health alarms and the dashboard read them by these names. */
export const METRIC_UNITS = {
  /** 1 for each tick that read, decided and stored. Its absence is the alarm. */
  Heartbeat: 'Count',
  TickDurationMs: 'Milliseconds',
  /** From the instant for which a tick was scheduled to its end. */
  TickLagMs: 'Milliseconds',
  /** What all functions spend now, dollars an hour. */
  BurnUsdPerHour: 'None',
  /** The part of it that is waste of open incidents. */
  WastedUsdPerHour: 'None',
  OpenIncidents: 'Count',
  /** What a tick wanted to read and could not. */
  ReadGaps: 'Count',
  /** Alerts that some channel did not take yet. */
  Undelivered: 'Count',
  /** firebreak's own spend, estimated dollars a month at the present rate. */
  MonitorUsd: 'None',
  /** Once a day: what firebreak spent of its own the day before. */
  MonitorDayUsd: 'None',
  /** How much is saved on reading to stay below the ceiling, 0 nothing to 4; only where there is a ceiling. */
  MonitorThrift: 'None',
  /** Once a day: Lambda dollars on the bill divided by firebreak's, for the same days. 1 where they agree. */
  BilledRatio: 'None',
} as const;
export type MetricName = keyof typeof METRIC_UNITS;

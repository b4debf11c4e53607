/** Environment variables of the deployed handlers, set by `infra` and parsed by `settings.ts`. No secret is among them. */
export const VARIABLES = {
  /** Name of this deployment: the dimension of its metrics. */
  monitor: 'FIREBREAK_MONITOR',
  /** Settings as JSON, as in a configuration file; only what differs from the defaults. */
  config: 'FIREBREAK_CONFIG',
  table: 'FIREBREAK_TABLE',
  alertTopicArn: 'FIREBREAK_ALERT_TOPIC_ARN',
  eventBus: 'FIREBREAK_EVENT_BUS',
  slackSecretArn: 'FIREBREAK_SLACK_SECRET_ARN',
  /** The function that carries out what the automatic kill switch decides; absent unless it may act. */
  killFunction: 'FIREBREAK_KILL_FUNCTION',
  /** Most shards that the reading may be spread over; absent where there is no state machine that starts them. */
  shards: 'FIREBREAK_SHARDS',
} as const;

/**
 * Longest settings that fit beside the other variables: Lambda allows 4 KB for all of them together
 * (Lambda quotas, 2026).
 */
export const CONFIG_BYTES_MAX = 3_000;

import * as z from 'zod';
import type { Config } from '../model/config.ts';
import { parseConfig } from '../model/config-problems.ts';
import { InputError } from '../model/errors.ts';
import { VARIABLES } from './variables.ts';

/** What the deployment gave a handler. */
export interface Settings {
  /** Name of the deployment. */
  readonly monitor: string;
  readonly config: Config;
  readonly table: string;
  readonly eventBus: string;
  readonly alertTopicArn: string;
  readonly slackSecretArn: string | null;
  /** The function that carries out automatic kills; `null`: none may be. */
  readonly killFunction: string | null;
  /** Most shards that the reading may be spread over; 0: a tick reads everything by itself. */
  readonly shardsMax: number;
  readonly region: string;
  /** Memory of this function in MiB, for the monitor's own bill. */
  readonly memoryMB: number;
}

const arn = z.string('is not set').startsWith('arn:', 'must be an ARN');
const text = z.string('is not set').min(1, 'must not be empty');

const environmentSchema = z.object({
  [VARIABLES.monitor]: text,
  [VARIABLES.config]: z.string().default('{}'),
  [VARIABLES.table]: text,
  [VARIABLES.eventBus]: text,
  [VARIABLES.alertTopicArn]: arn,
  [VARIABLES.slackSecretArn]: arn.optional(),
  [VARIABLES.killFunction]: text.optional(),
  [VARIABLES.shards]: z.coerce.number('must be a number').int().nonnegative().default(0),
  // Set by Lambda itself (Lambda developer guide, environment variables, 2026).
  AWS_REGION: text,
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: z.coerce.number().positive().default(512),
});

/**
 * Parses the environment of a handler.
 * @throws {InputError} naming the variable, and the setting within it.
 */
export function settingsFrom(env: Readonly<Record<string, string | undefined>>): Settings {
  const parsed = environmentSchema.safeParse(env);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new InputError(`${issue?.path.join('.') ?? 'environment'} ${issue?.message ?? 'is not usable'}`);
  }
  const { data } = parsed;
  const slackSecretArn = data[VARIABLES.slackSecretArn] ?? null;
  const alertTopicArn = data[VARIABLES.alertTopicArn];
  return {
    monitor: data[VARIABLES.monitor],
    config: withNotify(configFrom(data[VARIABLES.config]), alertTopicArn, slackSecretArn),
    table: data[VARIABLES.table],
    eventBus: data[VARIABLES.eventBus],
    alertTopicArn,
    slackSecretArn,
    killFunction: data[VARIABLES.killFunction] ?? null,
    shardsMax: data[VARIABLES.shards],
    region: data.AWS_REGION,
    memoryMB: data.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  };
}

function configFrom(json: string): Config {
  const result = parseConfig(parseJson(json));
  if (!result.ok) throw new InputError(`${VARIABLES.config}: ${result.problems.join('; ')}`);
  return result.config;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new InputError(`${VARIABLES.config} is not JSON`, { cause });
  }
}

/** Where alerts go is known to the deployment, not to whoever wrote the settings. */
function withNotify(config: Config, snsTopicArn: string, slackSecretArn: string | null): Config {
  return {
    ...config,
    notify: {
      ...config.notify,
      snsTopicArn,
      ...(slackSecretArn === null ? {} : { slackWebhookSecretArn: slackSecretArn }),
    },
  };
}

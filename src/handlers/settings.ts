import { z } from 'zod';
import { type Config, configSchema } from '../model/config.ts';
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
}

const arn = z.string().startsWith('arn:', 'must be an ARN');
const name = z.string().min(1, 'must not be empty');

const environmentSchema = z.object({
  [VARIABLES.monitor]: name,
  [VARIABLES.config]: z.string().default('{}').transform(parseJson).pipe(configSchema),
  [VARIABLES.table]: name,
  [VARIABLES.eventBus]: name,
  [VARIABLES.alertTopicArn]: arn,
  [VARIABLES.slackSecretArn]: arn.optional(),
  [VARIABLES.killFunction]: name.optional(),
});

/**
 * Parses the environment of a handler.
 * @throws {InputError} naming the variable, and the setting within it.
 */
export function settingsFrom(env: Readonly<Record<string, string | undefined>>): Settings {
  const parsed = environmentSchema.safeParse(env);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const [variable, ...path] = issue?.path ?? [];
    const place = `${String(variable)}${path.length === 0 ? '' : ` (${path.join('.')})`}`;
    const given = variable !== undefined && env[String(variable)] === undefined;
    throw new InputError(given ? `${place} is not set` : `${place}: ${issue?.message ?? 'not usable'}`);
  }
  const { data } = parsed;
  const slackSecretArn = data[VARIABLES.slackSecretArn];
  return {
    monitor: data[VARIABLES.monitor],
    config: withNotify(data[VARIABLES.config], data[VARIABLES.alertTopicArn], slackSecretArn),
    table: data[VARIABLES.table],
    eventBus: data[VARIABLES.eventBus],
    alertTopicArn: data[VARIABLES.alertTopicArn],
    slackSecretArn: slackSecretArn ?? null,
    killFunction: data[VARIABLES.killFunction] ?? null,
  };
}

/** Where alerts go is known to the deployment, not to whoever wrote the settings. */
function withNotify(config: Config, snsTopicArn: string, slackWebhookSecretArn: string | undefined): Config {
  return {
    ...config,
    notify: {
      ...config.notify,
      snsTopicArn,
      ...(slackWebhookSecretArn === undefined ? {} : { slackWebhookSecretArn }),
    },
  };
}

function parseJson(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'is not JSON' });
    return z.NEVER;
  }
}

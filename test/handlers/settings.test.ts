import { describe, expect, it } from 'vitest';
import { settingsFrom } from '../../src/handlers/settings.ts';
import { VARIABLES } from '../../src/handlers/variables.ts';
import { DEFAULT_CONFIG } from '../../src/model/config.ts';
import { InputError } from '../../src/model/errors.ts';

const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:alerts';
const environment: Readonly<Record<string, string | undefined>> = {
  [VARIABLES.monitor]: 'Prod',
  [VARIABLES.table]: 'state',
  [VARIABLES.eventBus]: 'bus',
  [VARIABLES.alertTopicArn]: TOPIC,
  AWS_REGION: 'eu-west-1',
};

describe('settingsFrom', () => {
  it('takes defaults for everything that a deployment need not say', () => {
    expect(settingsFrom(environment)).toEqual({
      monitor: 'Prod',
      config: { ...DEFAULT_CONFIG, notify: { ...DEFAULT_CONFIG.notify, snsTopicArn: TOPIC } },
      table: 'state',
      eventBus: 'bus',
      alertTopicArn: TOPIC,
      slackSecretArn: null,
      killFunction: null,
      shardsMax: 0,
      region: 'eu-west-1',
      memoryMB: 512,
    });
  });

  it('reads the settings, the secret, the kill function and its own memory', () => {
    const secret = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack-AbCdEf';
    const settings = settingsFrom({
      ...environment,
      [VARIABLES.config]: '{"pageUsd":25,"kill":{"mode":"auto"}}',
      [VARIABLES.slackSecretArn]: secret,
      [VARIABLES.killFunction]: 'kill',
      [VARIABLES.shards]: '20',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
    });
    expect(settings).toMatchObject({ slackSecretArn: secret, killFunction: 'kill', memoryMB: 1024 });
    expect(settings.shardsMax).toBe(20);
    expect(settings.config.pageUsd).toBe(25);
    expect(settings.config.kill.mode).toBe('auto');
    expect(settings.config.notify.slackWebhookSecretArn).toBe(secret);
  });

  const wrong: readonly (readonly [string, string | undefined, string])[] = [
    ...Object.keys(environment).map((name) => [name, undefined, `${name} is not set`] as const),
    [VARIABLES.alertTopicArn, 'alerts', `${VARIABLES.alertTopicArn} must be an ARN`],
    [VARIABLES.table, '', `${VARIABLES.table} must not be empty`],
    [VARIABLES.shards, 'many', `${VARIABLES.shards} must be a number`],
    [VARIABLES.config, '{', `${VARIABLES.config} is not JSON`],
    [VARIABLES.config, '{"pageUsd":-1}', `${VARIABLES.config}: pageUsd`],
    [VARIABLES.config, '{"pagUsd":1}', `${VARIABLES.config}: pagUsd: unknown setting`],
  ];
  it.each(wrong)('%s as %j: names the variable and what is wrong', (name, value, message) => {
    const act = () => settingsFrom({ ...environment, [name]: value });
    expect(act).toThrow(InputError);
    expect(act).toThrow(message);
  });
});

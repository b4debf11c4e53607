import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/model/config.ts';
import { configJsonSchema, parseConfig } from '../../src/model/config-problems.ts';

function problemsOf(settings: unknown): readonly string[] {
  const result = parseConfig(settings);
  return result.ok ? [] : result.problems;
}

describe('settings that are right', () => {
  it('gives the defaults for an empty file', () => {
    expect(parseConfig({})).toEqual({ ok: true, config: DEFAULT_CONFIG });
  });

  it('changes only what the file names, at any depth', () => {
    const result = parseConfig({ $schema: './firebreak.schema.json', kill: { mode: 'auto' }, pageUsd: 5 });
    expect(result).toEqual({
      ok: true,
      config: { ...DEFAULT_CONFIG, pageUsd: 5, kill: { ...DEFAULT_CONFIG.kill, mode: 'auto' } },
    });
  });
});

describe('problems name the setting, what it must be and what was given', () => {
  it.each([
    ['a misspelt setting', { pagUsd: 2 }, 'pagUsd: unknown setting; did you mean pageUsd?'],
    [
      'one within a section',
      { kill: { protekt: [] } },
      'kill.protekt: unknown setting; did you mean kill.protect?',
    ],
    ['one in the wrong section', { protect: ['a'] }, 'protect: unknown setting; did you mean kill.protect?'],
    ['the wrong case', { KILL: {} }, 'KILL: unknown setting; did you mean kill?'],
    [
      'a name like no other',
      { notify: { pagerduty: true } },
      'notify.pagerduty: unknown setting; known here: snsTopicArn, slackWebhookEnv, slackWebhookSecretArn',
    ],
    [
      'a value that is none of the choices',
      { kill: { mode: 'on' } },
      'kill.mode: must be one of off, observe, approve, auto; given "on"',
    ],
    ['a negative amount', { pageUsd: -1 }, 'pageUsd: must be at least 0; given -1'],
    [
      'zero where it must be more',
      { kill: { maximumPerHour: 0 } },
      'kill.maximumPerHour: must be more than 0; given 0',
    ],
    [
      'a share above one',
      { kill: { maximumFleetShare: 1.5 } },
      'kill.maximumFleetShare: must be at most 1; given 1.5',
    ],
    [
      'a fraction where it must be whole',
      { kill: { maximumPerHour: 1.5 } },
      'kill.maximumPerHour: must be a whole number; given 1.5',
    ],
    ['a string for a number', { pageUsd: '5' }, 'pageUsd: must be a number; given "5"'],
    ['a number for a section', { pricing: 3 }, 'pricing: must be an object; given 3'],
    ['a list at the top', [], 'the configuration: must be an object; given []'],
    [
      'no ARN',
      { notify: { snsTopicArn: 'alerts' } },
      'notify.snsTopicArn: must start with "arn:"; given "alerts"',
    ],
    ['an empty tag', { kill: { optInTag: '' } }, 'kill.optInTag: must not be empty; given ""'],
    [
      'a function by name',
      { downstreamUsdPerInvocation: { 'orders-worker': -2 } },
      'downstreamUsdPerInvocation.orders-worker: must be at least 0; given -2',
    ],
    ['a budget of nothing', { budget: { monthlyUsd: 0 } }, 'budget.monthlyUsd: must be more than 0; given 0'],
    [
      'a budget by tag without its values',
      { budget: { byTag: { team: 300 } } },
      'budget.byTag.team: must be a record; given 300',
    ],
    [
      'a budget by tag value that is no number',
      { budget: { byTag: { team: { payments: '$300' } } } },
      'budget.byTag.team.payments: must be a number; given "$300"',
    ],
    [
      'a budget in the wrong words',
      { budget: { monthlyUSD: 300 } },
      'budget.monthlyUSD: unknown setting; did you mean budget.monthlyUsd?',
    ],
  ])('%s', (_, settings, problem) => {
    expect(problemsOf(settings)).toEqual([problem]);
  });

  it('names all of them', () => {
    expect(problemsOf({ pageUsd: -1, kil: {}, kill: { mode: 1 } })).toHaveLength(3);
  });

  it('does not repeat a webhook URL that was put where its variable belongs', () => {
    const webhook = 'https://hooks.slack.com/services/T000/B000/secret';
    const [problem = ''] = problemsOf({ notify: { slackWebhookEnv: webhook } });
    expect(problem).toContain('notify.slackWebhookEnv: must be the name of an environment variable');
    expect(problem).not.toContain('secret');
  });
});

describe('the JSON Schema for editors', () => {
  const schema = configJsonSchema() as {
    properties: Record<string, { properties?: Record<string, unknown> }>;
  };

  it('knows every setting, with its default, and the $schema line itself', () => {
    expect(Object.keys(schema.properties)).toEqual(['$schema', ...Object.keys(DEFAULT_CONFIG)]);
    expect(schema.properties['pageUsd']).toMatchObject({ type: 'number', minimum: 0, default: 1 });
  });

  it('explains every setting', () => {
    const leaves = Object.values(schema.properties).flatMap((property) =>
      property.properties === undefined ? [property] : Object.values(property.properties),
    );
    const unexplained = leaves.filter((leaf) => !('description' in (leaf as object)));
    expect(unexplained).toEqual([{ type: 'string' }]);
  });
});

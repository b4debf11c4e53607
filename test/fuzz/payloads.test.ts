import type { CostExplorerClient } from '@aws-sdk/client-cost-explorer';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseDeletionRequest } from '../../src/handlers/deletion-guard.ts';
import { type KillEvent, parseKillEvent } from '../../src/handlers/kill-event.ts';
import { parseDecideEvent, parseShardEvent } from '../../src/handlers/shard-event.ts';
import { DEFAULT_CONFIG } from '../../src/model/config.ts';
import { parseConfig } from '../../src/model/config-problems.ts';
import { InputError, UnavailableError } from '../../src/model/errors.ts';
import { readBill } from '../../src/observe/aws/cost-explorer.ts';
import { parseTrace } from '../../src/observe/trace/parse.ts';
import { slackChannel } from '../../src/respond/alert/slack-channel.ts';
import { parseWebhook } from '../../src/respond/alert/slack-webhook.ts';
import { families } from '../../src/simulate/families/registry.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import { alertOf } from '../respond/alert/build.ts';
import { SECRET } from '../respond/alert/slack-server.ts';
import { mutated } from './mutated.ts';

/** What a parser may do with anything: understand it, or say in one of these what is wrong. */
function understoodOr(kind: new (...args: never[]) => Error, parse: () => unknown): void {
  try {
    parse();
  } catch (error) {
    expect(error).toBeInstanceOf(kind);
    expect((error as Error).message).not.toBe('');
  }
}

describe('events', () => {
  const AT = '2026-11-24T12:00:30.123Z';
  const KILLS: readonly KillEvent[] = [
    {
      kind: 'automatic',
      request: { incidentId: 'i', functionName: 'orders', lever: 'none', reason: 'loop' },
    },
    { kind: 'kill', functionName: 'orders', requestedBy: 'ann', reason: '', incidentId: null, hard: true },
    { kind: 'restore', functionName: 'orders', requestedBy: 'ann', onDrift: 'keep', canary: true },
    { kind: 'canary', step: { functionName: 'orders', killId: 'k', act: 'start', reason: 'due' } },
  ];
  const DELETION = {
    RequestType: 'Delete',
    ResponseURL: 'https://cloudformation-custom-resource-response.s3.amazonaws.com/x?Signature=secret',
    StackId: 'arn:aws:cloudformation:eu-west-1:111122223333:stack/Firebreak/1',
    RequestId: 'r-1',
    LogicalResourceId: 'DeletionGuard',
  };
  const SHARDS = [
    { step: 'plan', at: AT },
    { step: 'read', at: AT, planAt: 1, shard: 0, of: 2 },
  ];
  const DECIDE = { at: AT, input: { scheduledAt: AT, plan: { at: 1, shards: [0, 1] } } };

  it.each(KILLS)('of kind $kind: understood, or refused by name', (event) => {
    fc.assert(fc.property(mutated(event), (one) => understoodOr(InputError, () => parseKillEvent(one))));
  });

  it('of CloudFormation: understood, or not from there', () => {
    fc.assert(fc.property(mutated(DELETION), (one) => void parseDeletionRequest(one)));
  });

  it.each(SHARDS)('of step $step: understood, or refused by name', (event) => {
    fc.assert(fc.property(mutated(event), (one) => understoodOr(InputError, () => parseShardEvent(one))));
  });

  it('of the state machine: understood, or not from there', () => {
    fc.assert(fc.property(mutated(DECIDE), (one) => void parseDecideEvent(one)));
  });
});

describe('settings', () => {
  const SETTINGS = {
    ...DEFAULT_CONFIG,
    downstreamUsdPerInvocation: { orders: 0.01 },
    budget: { monthlyUsd: 100, byTag: { team: { orders: 5 } }, byFunction: { orders: 2 } },
    notify: { snsTopicArn: 'arn:aws:sns:eu-west-1:111122223333:alerts' },
  };

  it('are settings, or every problem is named', () => {
    fc.assert(
      fc.property(fc.oneof(mutated(SETTINGS), fc.anything()), (one) => {
        const result = parseConfig(one);
        if (!result.ok) {
          expect(result.problems.length).toBeGreaterThan(0);
          for (const problem of result.problems) expect(problem.length).toBeGreaterThan(5);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a trace', () => {
  const family = families['retry-throw'];
  if (family === undefined) throw new RangeError('no family retry-throw');
  const { trace } = simulate(family.scenario(1, { background: 0, minutes: 30 }));

  it('is a trace, or it is said what is wrong with it', () => {
    fc.assert(
      fc.property(mutated(trace), (one) => understoodOr(InputError, () => parseTrace(one))),
      { numRuns: 300 },
    );
  });
});

describe('pages of Cost Explorer', () => {
  const PAGE = {
    ResultsByTime: ['2026-11-19', '2026-11-20'].map((day) => ({
      TimePeriod: { Start: day, End: day },
      Estimated: true,
      Groups: [
        {
          Keys: ['AWS Lambda', 'EU-Lambda-GB-Second-ARM'],
          Metrics: {
            UnblendedCost: { Amount: '1.5', Unit: 'USD' },
            UsageQuantity: { Amount: '100000', Unit: 'GB-Second' },
          },
        },
      ],
    })),
    NextPageToken: 'more',
  };
  const read = (page: unknown) => {
    let pages = 0;
    const send = async () => (pages++ === 0 ? Object(page) : { ResultsByTime: [] });
    return readBill({
      client: { send } as unknown as CostExplorerClient,
      region: 'eu-west-1',
      fromAt: Date.parse('2026-11-19T00:00:00Z'),
      toAt: Date.parse('2026-11-21T00:00:00Z'),
    });
  };

  it('are a bill in finite dollars, or unavailable and why', async () => {
    await fc.assert(
      fc.asyncProperty(mutated(PAGE), async (page) => {
        try {
          for (const { startAt, lines } of (await read(page)).days) {
            for (const value of [startAt, ...lines.flatMap(({ usd, quantity }) => [usd, quantity])]) {
              expect(Number.isFinite(value)).toBe(true);
            }
          }
        } catch (error) {
          expect(error).toBeInstanceOf(UnavailableError);
          expect((error as Error).message).toMatch(/^AWS GetCostAndUsage: .{5,200}$/s);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('answers of a webhook', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('whatever Slack or a proxy answers is delivered or not, says of which class, and holds no secret', async () => {
    const answer = fc.record({
      status: fc.oneof(
        fc.constantFrom(200, 400, 403, 404, 410, 429, 500, 503),
        fc.integer({ min: 200, max: 599 }),
      ),
      body: fc.oneof(
        fc.constantFrom('ok', 'no_service', 'rollup_error', `<a href="${SECRET}">`),
        fc.string(),
      ),
      retryAfter: fc.option(
        fc.oneof(fc.integer().map(String), fc.constantFrom('Wed, 21 Oct 2026', '-1', '1e9')),
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 3 }), async (answers) => {
        let posts = 0;
        vi.stubGlobal('fetch', async () => {
          const { status, body, retryAfter } = answers[
            Math.min(posts++, answers.length - 1)
          ] as (typeof answers)[0];
          const empty = [204, 205, 304].includes(status);
          return new Response(empty ? null : body, {
            status,
            headers: retryAfter === null ? {} : { 'retry-after': retryAfter },
          });
        });
        let waitedMs = 0;
        const channel = slackChannel({
          webhook: async () => `https://hooks.slack.com/services/${SECRET}`,
          sleep: async (ms) => {
            waitedMs += ms;
          },
        });
        const result = await channel.send(alertOf());
        expect(posts).toBeLessThanOrEqual(3);
        expect(waitedMs).toBeLessThanOrEqual(25_000);
        const isTaken = answers.some(({ status, body }) => status < 300 && body.trim() === 'ok');
        if (result.ok) expect(isTaken).toBe(true);
        expect(JSON.stringify(result)).not.toContain('SECRET');
        if (!result.ok) expect(result.failure).toMatch(/^slack-[a-z0-9_-]+$/);
      }),
      { numRuns: 300 },
    );
  });

  it('a secret is a webhook, or it is said that it is none, without saying what it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.json()), (text) => {
        try {
          parseWebhook(text, 'the secret');
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          if (text.length > 12) expect((error as Error).message).not.toContain(text);
        }
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../src/model/alert.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/model/time.ts';
import { type DeliveryReport, deliver, type Outbox } from '../../../src/respond/alert/deliver.ts';
import { deliveryLines, undelivered } from '../../../src/respond/alert/delivery-report.ts';
import type { Channel, SendResult } from '../../../src/respond/channel.ts';
import { memoryStore } from '../../../src/store/memory-store.ts';
import { alertOf, incidentOf, ONSET_AT } from './build.ts';

const OK: SendResult = { ok: true };
const PASSING: SendResult = { ok: false, retryable: true, failure: 'slack-http-500' };
const LASTING: SendResult = { ok: false, retryable: false, failure: 'slack-no_service' };

/** A channel that gives these results one after the other, the last for ever, and notes what it accepted. */
function channelOf(name: Channel['name'], ...results: readonly SendResult[]) {
  const sent: string[] = [];
  let calls = 0;
  const send = async ({ key }: Alert): Promise<SendResult> => {
    const result = results[Math.min(calls++, results.length - 1)] ?? OK;
    if (result.ok) sent.push(key);
    return result;
  };
  return { name, send, sent, calls: () => calls };
}

const opened = alertOf({ key: 'a#opened' });
const critical = alertOf({ key: 'a#critical', at: opened.at + MINUTE_MS });

/** Passes a minute apart over one store. */
function outboxOf(channels: readonly Channel[], store: Outbox = memoryStore()) {
  let now = ONSET_AT + 10 * MINUTE_MS;
  return {
    store,
    wait: (ms: number) => {
      now += ms;
    },
    pass: (...alerts: readonly Alert[]) => {
      now += MINUTE_MS;
      return deliver(alerts, { store, channels, now: () => now });
    },
  };
}

function states(report: DeliveryReport): Record<string, string> {
  return Object.fromEntries(report.outcomes.map(({ alert, state }) => [alert.key, state]));
}

describe('when all goes well', () => {
  it('every channel gets every alert once, the oldest first', async () => {
    const [slack, sns] = [channelOf('slack'), channelOf('sns')];
    const { pass, store } = outboxOf([slack, sns]);
    const report = await pass(critical, opened);
    expect(states(report)).toEqual({ 'a#opened': 'done', 'a#critical': 'done' });
    expect(slack.sent).toEqual(['a#opened', 'a#critical']);
    expect(sns.sent).toEqual(['a#opened', 'a#critical']);
    expect(await store.outbox()).toEqual([]);
    expect(deliveryLines(report)).toEqual([]);
  });

  it('an alert that is decided again is not sent again', async () => {
    const slack = channelOf('slack');
    const { pass, store } = outboxOf([slack]);
    await pass(opened);
    const report = await pass(opened);
    expect(states(report)).toEqual({ 'a#opened': 'done' });
    expect(slack.sent).toEqual(['a#opened']);
    expect(await store.outbox()).toEqual([]);
  });
});

describe('a channel that fails for a while', () => {
  it('gets the alert at the next pass; the others do not get it twice', async () => {
    const [slack, sns] = [channelOf('slack', PASSING, OK), channelOf('sns')];
    const { pass, store } = outboxOf([slack, sns]);
    expect(states(await pass(opened))).toEqual({ 'a#opened': 'partial' });
    expect(states(await pass())).toEqual({ 'a#opened': 'done' });
    expect(slack.sent).toEqual(['a#opened']);
    expect(sns.sent).toEqual(['a#opened']);
    expect(await store.outbox()).toEqual([]);
  });

  it('is not asked again in the same pass, so that alerts stay in order', async () => {
    const slack = channelOf('slack', PASSING, OK);
    const { pass } = outboxOf([slack]);
    const report = await pass(opened, critical);
    expect(report.outcomes.map(({ channels }) => channels['slack']?.kind)).toEqual([
      'failed',
      'channel-down',
    ]);
    expect(slack.calls()).toBe(1);
    await pass();
    expect(slack.sent).toEqual(['a#opened', 'a#critical']);
  });

  it('that throws is a channel that fails for a while', async () => {
    const broken: Channel = { name: 'slack', send: () => Promise.reject(new Error('bug')) };
    const report = await outboxOf([broken]).pass(opened);
    expect(report.outcomes[0]?.channels['slack']).toEqual({
      kind: 'failed',
      failure: 'slack-threw',
      retryable: true,
    });
  });
});

it('begins nothing after the deadline, and goes on with the oldest at the next pass', async () => {
  let now = ONSET_AT;
  const sent: string[] = [];
  const slow: Channel = {
    name: 'slack',
    send: async ({ key }) => {
      now += MINUTE_MS;
      sent.push(key);
      return OK;
    },
  };
  const options = { store: memoryStore(), channels: [slow], now: () => now };
  const report = await deliver([opened, critical], { ...options, deadlineAt: ONSET_AT + 1 });
  expect(states(report)).toEqual({ 'a#opened': 'done', 'a#critical': 'pending' });
  expect(deliveryLines(report)).toEqual([]);
  await deliver([], options);
  expect(sent).toEqual(['a#opened', 'a#critical']);
});

describe('a channel that fails for good', () => {
  it('does not hold up the others, and is reported', async () => {
    const [slack, sns] = [channelOf('slack', LASTING), channelOf('sns')];
    const { pass, store } = outboxOf([slack, sns]);
    const report = await pass(opened, critical);
    expect(states(report)).toEqual({ 'a#opened': 'done', 'a#critical': 'done' });
    expect(sns.sent).toEqual(['a#opened', 'a#critical']);
    expect(await store.outbox()).toEqual([]);
    expect(deliveryLines(report)).toEqual([
      'alert a#opened: slack: slack-no_service (permanent: it needs a person)',
      'alert a#critical: slack: slack-no_service (permanent: it needs a person)',
    ]);
    expect(undelivered(report)).toEqual([]);
  });

  it('keeps the alert where nobody else got it, and says so loudly', async () => {
    const slack = channelOf('slack', LASTING, OK);
    const { pass, store } = outboxOf([slack]);
    const report = await pass(opened);
    expect(undelivered(report)).toEqual([opened]);
    expect(deliveryLines(report)).toEqual([
      'ALERT NOT DELIVERED: WARNING orders-worker: retry loop, wasting $61.30/h ' +
        '(slack: slack-no_service (permanent: it needs a person)); it is tried again at the next tick',
    ]);
    expect(await store.outbox()).toHaveLength(1);
    expect(states(await pass())).toEqual({ 'a#opened': 'done' });
  });

  it('no channel at all is reported too', async () => {
    const report = await outboxOf([]).pass(opened);
    expect(undelivered(report)).toEqual([opened]);
    expect(deliveryLines(report)[0]).toContain('no channel is configured');
  });
});

describe('age', () => {
  it('gives up after a day, and reports that nobody was told', async () => {
    const slack = channelOf('slack', PASSING);
    const { pass, wait, store } = outboxOf([slack]);
    await pass(opened);
    wait(25 * HOUR_MS);
    const report = await pass();
    expect(states(report)).toEqual({ 'a#opened': 'expired' });
    expect(deliveryLines(report)[0]).toContain('ALERT GIVEN UP, nobody was told: WARNING orders-worker');
    expect(await store.outbox()).toEqual([]);
  });

  it('one last try comes before', async () => {
    const slack = channelOf('slack', PASSING, OK);
    const { pass, wait } = outboxOf([slack]);
    await pass(opened);
    wait(25 * HOUR_MS);
    expect(states(await pass())).toEqual({ 'a#opened': 'done' });
  });
});

describe('a store that fails', () => {
  function failing(...operations: readonly (keyof Outbox)[]): Outbox {
    const store = memoryStore();
    const broken = operations.map((name) => [name, () => Promise.reject(new Error('down'))]);
    return { ...store, ...Object.fromEntries(broken) };
  }

  it('does not keep alerts from being sent', async () => {
    const slack = channelOf('slack');
    const all = ['enqueueAlert', 'outbox', 'claimDelivery', 'markDelivered', 'dequeueAlert'] as const;
    const report = await outboxOf([slack], failing(...all)).pass(opened);
    expect(slack.sent).toEqual(['a#opened']);
    expect(states(report)).toEqual({ 'a#opened': 'done' });
    expect(deliveryLines(report)).toContain(
      'store: markDelivered failed 2 times; tried again at the next tick',
    );
  });

  it('says which alert exists nowhere but with the caller', async () => {
    const report = await outboxOf([channelOf('slack', PASSING)], failing('enqueueAlert')).pass(opened);
    expect(report.outcomes[0]).toMatchObject({ state: 'undelivered', isRecorded: false });
    expect(deliveryLines(report)[0]).toContain('AND IT COULD NOT BE SAVED');
  });
});

it('overlapping passes do not send an alert twice', async () => {
  const store = memoryStore();
  const sent: string[] = [];
  let release = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const slow: Channel = {
    name: 'slack',
    send: async ({ key }) => {
      await gate;
      sent.push(key);
      return OK;
    },
  };
  const options = { store, channels: [slow], now: () => ONSET_AT };
  const first = deliver([opened], options);
  const second = await deliver([opened], options);
  expect(states(second)).toEqual({ 'a#opened': 'pending' });
  release();
  expect(states(await first)).toEqual({ 'a#opened': 'done' });
  expect(sent).toEqual(['a#opened']);
  expect(await store.outbox()).toEqual([]);
});

it('a hanging channel does not hold up another', async () => {
  const sns = channelOf('sns');
  const hanging: Channel = { name: 'slack', send: () => new Promise<SendResult>(() => undefined) };
  const alert = alertOf({ incident: incidentOf() });
  void deliver([alert], { store: memoryStore(), channels: [hanging, sns], now: () => ONSET_AT });
  await expect.poll(() => sns.sent).toEqual([alert.key]);
});

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/model/config.ts';
import { minutesWith, total, valuesOf } from '../simulate/read.ts';
import { incidentsPage } from './incidents-page.ts';
import { incidents } from './load.ts';
import { differences, type Played, play, replay } from './play.ts';

const runs = new Map<string, Promise<Played>>();

/** Each is played once for all tests of this file. */
function played(name: string): Promise<Played> {
  const named = incidents.find((one) => one.name === name);
  if (named === undefined) throw new Error(`no incident ${name}`);
  const run = runs.get(name) ?? play(named);
  runs.set(name, run);
  return run;
}

describe('what firebreak says of incidents that people had', () => {
  for (const { name, text } of incidents) {
    const check = async () => expect(differences(text, await played(name))).toEqual([]);
    if (text.wrong === undefined) it(`${name}: ${text.what}`, check);
    else it.fails(`${name}: ${text.what} Not so yet: ${text.wrong}`, check);
  }

  it('docs/incidents.md tells it', async () => {
    const all = await Promise.all(
      incidents.map(async (named) => {
        const run = await played(named.name);
        const { downstreamUsdPerInvocation: told } = named.text.config;
        const untold = Object.keys(told).length === 0 ? null : await replay(run, DEFAULT_CONFIG);
        return { ...named, played: run, untold };
      }),
    );
    await expect(incidentsPage(all)).toMatchFileSnapshot(
      join(import.meta.dirname, '../../docs/incidents.md'),
    );
  });
});

describe('incidents are rebuilt from their figures', () => {
  it.each(incidents.map(({ name }) => name))('%s keeps every message', async (name) => {
    const { truth } = await played(name);
    for (const { balance } of Object.values(truth.conservation)) expect(balance).toBe(0);
  });

  it('pdf-no-dlq: 192 runs of 15 minutes at 10 GB are $29, hardly the $1,500 that was told', async () => {
    const { trace, truth } = await played('pdf-no-dlq');
    expect(truth.conservation['scans']).toMatchObject({ sent: 1, received: 192, inFlight: 1 });
    // The run in progress at the end has no metrics yet, but it is paid for.
    expect(total(valuesOf(trace, 'ocr', 'Errors'))).toBe(191);
    expect(truth.wastedUsd['ocr']).toBeCloseTo(192 * 900 * 10 * 1.66667e-5, 1);
  });

  it('timeout-redelivery: 4,384 documents and more, each done 3.36 times within a tenth', async () => {
    const { trace, truth } = await played('timeout-redelivery');
    expect(total(valuesOf(trace, 'documents', 'NumberOfMessagesSent').slice(480, 494))).toBeGreaterThan(
      4_384,
    );
    const received = total(valuesOf(trace, 'documents', 'NumberOfMessagesReceived').slice(480, 600));
    const deleted = total(valuesOf(trace, 'documents', 'NumberOfMessagesDeleted').slice(480, 600));
    expect(received / deleted).toBeGreaterThan(0.9 * 3.36);
    expect(received / deleted).toBeLessThan(1.1 * 3.36);
    expect(truth.conservation['documents']?.expired).toBe(0);
  });

  it('retry-8h-silent: 1,000 failed receives, and the dead-letter queue after 30,000 s', async () => {
    const { trace, truth } = await played('retry-8h-silent');
    expect(total(valuesOf(trace, 'extractor', 'Errors'))).toBe(1_000);
    expect(truth.conservation['uploads']).toMatchObject({ movedToDlq: 1 });
    const [dead = 0] = minutesWith(
      valuesOf(trace, 'uploads-dlq', 'ApproximateNumberOfMessagesVisible', 'Maximum'),
    );
    const failed = minutesWith(valuesOf(trace, 'extractor', 'Errors'))[0] ?? 0;
    expect(dead - failed).toBeGreaterThanOrEqual(500);
    expect(dead - failed).toBeLessThanOrEqual(501);
  });

  it('no-dlq-4-days: 192 tries, half an hour apart, then the message expires', async () => {
    const { trace, truth } = await played('no-dlq-4-days');
    expect(truth.conservation['documents']).toMatchObject({ received: 192, expired: 1 });
    const tries = minutesWith(valuesOf(trace, 'embedding', 'Invocations'));
    expect(new Set(tries.slice(1).map((minute, index) => minute - (tries[index] ?? 0)))).toEqual(
      new Set([30]),
    );
  });

  it('fourteen-day-retry: tried ten times an hour for 14 days, then it expires', async () => {
    const { truth } = await played('fourteen-day-retry');
    expect(truth.conservation['signals']).toMatchObject({ received: 14 * 24 * 10, expired: 1 });
  });

  it('requeue-copy: nothing fails, nothing is redelivered, and nearly all of the work is superfluous', async () => {
    const { trace, truth } = await played('requeue-copy');
    expect(total(valuesOf(trace, 'thumbnails', 'Errors'))).toBe(0);
    const { sent = 0, received = 0 } = truth.conservation['images'] ?? {};
    expect(received).toBeLessThanOrEqual(sent);
    expect(truth.excessUsd['thumbnails']).toBeGreaterThan(0.9 * (truth.byFunctionUsd['thumbnails'] ?? 0));
  });

  it('cron-resubmit: 137,497 failed pages in a day within a tenth, 90.6 % of all', async () => {
    const { trace } = await played('cron-resubmit');
    const failed = total(valuesOf(trace, 'ocr-page', 'Errors').slice(720));
    expect(failed / 137_497).toBeGreaterThan(0.9);
    expect(failed / 137_497).toBeLessThan(1.1);
    expect(failed / total(valuesOf(trace, 'ocr-page', 'Invocations').slice(720))).toBeCloseTo(0.906, 2);
  });

  it('throttle-to-dlq: about 21 throttles in five minutes, and messages are lost without one error', async () => {
    const { trace, truth } = await played('throttle-to-dlq');
    expect(total(valuesOf(trace, 'importer', 'Errors'))).toBe(0);
    const throttles = total(valuesOf(trace, 'importer', 'Throttles').slice(480, 485));
    expect(throttles).toBeGreaterThan(15);
    expect(throttles).toBeLessThan(60);
    expect(truth.conservation['rows']?.movedToDlq).toBeGreaterThan(0);
  });

  it('drained-dlq: about nine dead letters in a week, and a depth that never shows one', async () => {
    const { trace } = await played('drained-dlq');
    const depth = valuesOf(trace, 'articles-dlq', 'ApproximateNumberOfMessagesVisible', 'Maximum');
    expect(minutesWith(depth)).toEqual([]);
    expect(total(valuesOf(trace, 'articles-dlq', 'NumberOfMessagesSent'))).toBe(0);
    const drained = total(valuesOf(trace, 'articles-dlq', 'NumberOfMessagesReceived'));
    expect(drained).toBeGreaterThanOrEqual(5);
    expect(drained).toBeLessThanOrEqual(14);
  });

  it('ddb-stream-writeback: 11.3 invocations a second within a tenth, and $15 of Lambda in 8.5 days', async () => {
    const { trace, truth } = await played('ddb-stream-writeback');
    const loop = valuesOf(trace, 'stream-consumer', 'Invocations').slice(480);
    const perSecond = total(loop) / (loop.length * 60);
    expect(perSecond).toBeGreaterThan(0.9 * 11.3);
    expect(perSecond).toBeLessThan(1.1 * 11.3);
    const usdPerHour = (truth.excessUsd['stream-consumer'] ?? 0) / (loop.length / 60);
    expect(usdPerHour * 204).toBeGreaterThan(13);
    expect(usdPerHour * 204).toBeLessThan(17);
  });

  it('sns-mail-loop: about 20,000 runs until it is stopped', async () => {
    const { trace } = await played('sns-mail-loop');
    const mails = total(valuesOf(trace, 'dev-notify', 'Invocations').slice(480, 530));
    expect(mails).toBeGreaterThan(16_000);
    expect(mails).toBeLessThan(24_000);
  });
});

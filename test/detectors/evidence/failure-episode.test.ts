import { describe, expect, it } from 'vitest';
import type { Attempts } from '../../../detectors/evidence/attempts.ts';
import { failureEpisode } from '../../../detectors/evidence/failure-episode.ts';
import { NATS_MAX, NATS_PER_MINUTE, NATS_TO_OPEN, rateTests } from '../../../src/stats/sequential.ts';
import { series } from '../build.ts';

const counts = (attempts: string, failed: string): Attempts => ({
  attempts: series(attempts),
  failed: series(failed),
  unit: 'receives',
  together: 1,
});

const episode = (attempts: string, failed: string, normalShare = 0.002) =>
  failureEpisode(counts(attempts, failed), {
    tests: rateTests(normalShare),
    quietMinutes: 5,
    isSilenceFailing: false,
  });

describe('failureEpisode', () => {
  it.each<[string, string, string]>([
    ['nothing is attempted', '0x30', '0x30'],
    ['nothing fails', '100x30', '0x30'],
    ['one attempt in many fails', '100x30', '0x20 1 0x9'],
    ['so many succeed afterwards that it is over', '100x60', '0x10 100x5 0x45'],
  ])('is none where %s', (_name, attempts, failed) => {
    expect(episode(attempts, failed)).toBeNull();
  });

  it('counts from the minute in which it began', () => {
    const found = episode('10x30', '0x20 10x10');
    expect(found).toMatchObject({ onsetMinute: 20, lastFailingMinute: 29, failed: 100, attempts: 100 });
    expect(found).toMatchObject({ failedShare: 1, persistenceMinutes: 10, isOngoing: true });
  });

  it('moves the onset into the minute of which only a part failed', () => {
    expect(episode('10x30', '0x20 5 10x9')?.onsetMinute).toBeCloseTo(20.5, 1);
  });

  it('never decides by one minute, however bad, and does by three', () => {
    const one = episode('10000x20', '0x19 10000');
    expect(one?.nats).toBe(NATS_PER_MINUTE);
    expect(episode('10000x20', '0x18 10000x2')?.nats).toBeLessThan(NATS_TO_OPEN);
    expect(episode('10000x20', '0x17 10000x3')?.nats).toBeGreaterThanOrEqual(NATS_TO_OPEN);
  });

  it('stops growing, so that a long incident can be forgotten', () => {
    expect(episode('10x180', '10x180')?.nats).toBe(NATS_MAX);
  });

  it('takes back what deletes that catch up take back', () => {
    const lag = counts('10x30', '0x20 10 10 -20 0x7');
    expect(
      failureEpisode(lag, { tests: rateTests(0.002), quietMinutes: 5, isSilenceFailing: false }),
    ).toBeNull();
  });

  it('weighs persistence by how bad a minute was', () => {
    const found = episode('100x30', '0x20 50 50 50 5 5 5 50 50 50 50');
    expect(found?.persistenceMinutes).toBeGreaterThan(7);
    expect(found?.persistenceMinutes).toBeLessThan(10);
  });

  it.each([
    ['not by default: one message may be tried again and again', false, 3],
    ['where that is failing too', true, 11],
  ])('counts silent minutes between failing attempts: %s', (_name, isSilenceFailing, minutes) => {
    const data = counts('1x20 1 0x4 1 0x4 1', '0x20 1 0x4 1 0x4 1');
    const reading = { tests: rateTests(0.002), quietMinutes: 5, isSilenceFailing };
    expect(failureEpisode(data, reading)?.persistenceMinutes).toBeCloseTo(minutes, 5);
  });

  it('does not count the silence beside a success', () => {
    const data = counts('1x20 1 0x4 1 0x4 1x3', '0x20 1 0x4 0 0x4 1x3');
    const reading = { tests: rateTests(0.002), quietMinutes: 30, isSilenceFailing: true };
    expect(failureEpisode(data, reading)?.persistenceMinutes).toBeLessThan(6);
  });

  it('goes on while what began still hangs', () => {
    const data = counts('1x20 1x3 0x7', '0x20 1x3 0x7');
    const reading = { tests: rateTests(0.002), quietMinutes: 5, isSilenceFailing: false };
    expect(failureEpisode(data, reading)?.persistenceMinutes).toBe(3);
    const running = new Float64Array(30).fill(1, 20);
    expect(failureEpisode(data, { ...reading, running })?.persistenceMinutes).toBe(10);
  });

  it('believes one bad minute more and more while its attempts hang', () => {
    const data = counts('10x20 10 0x9', '0x20 10 0x9');
    const reading = { tests: rateTests(0.002), quietMinutes: 5, isSilenceFailing: false };
    expect(failureEpisode(data, reading)?.nats).toBe(5);
    const running = (minutes: number) => new Float64Array(30).fill(10, 20, 21 + minutes);
    expect(failureEpisode(data, { ...reading, running: running(2) })?.nats).toBe(15);
  });

  it('takes a few attempts that hang for no more than they are', () => {
    const data = counts('10x20 2 0x9', '0x20 2 0x9');
    const running = new Float64Array(30).fill(2, 20);
    const reading = { tests: rateTests(0.002), quietMinutes: 5, isSilenceFailing: false, running };
    const { natsIfFailed } = rateTests(0.002).mostly;
    expect(failureEpisode(data, reading)?.nats).toBeCloseTo(2 * natsIfFailed, 5);
  });

  it('is no longer ongoing when the newest attempts succeed, though it is still remembered', () => {
    expect(episode('10x30', '0x18 10x10 0x2')).toMatchObject({ isOngoing: false });
    expect(episode('10x30', '0x20 10x10')).toMatchObject({ isOngoing: true });
  });

  it('waits out the quiet part of a retry cycle', () => {
    const data = counts('10x20 10x2 0x6 10x2 0x6 10x2 0x6', '0x20 10x2 0x6 10x2 0x6 10x2 0x6');
    const found = failureEpisode(data, { tests: rateTests(0.002), quietMinutes: 8, isSilenceFailing: false });
    expect(found).toMatchObject({ onsetMinute: 20, lastFailingMinute: 37, isOngoing: true, failed: 60 });
  });

  it('measures against what is normal: the same share is news to one function and none to another', () => {
    expect(episode('100x60', '10x60', 0.1)).toBeNull();
    expect(episode('100x60', '10x60', 0.01)?.nats).toBeGreaterThanOrEqual(NATS_TO_OPEN);
  });
});

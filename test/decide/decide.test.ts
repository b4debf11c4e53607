import { describe, expect, it } from 'vitest';
import { decide } from '../../src/decide/tick.ts';
import { DEFAULT_CONFIG } from '../../src/model/config.ts';
import { MINUTE_MS } from '../../src/model/time.ts';
import { finding, input, lambdaFunction, later, NOW, only, window } from './build.ts';

describe('life of an incident', () => {
  it('stays pending, and tells nobody, while the evidence is thin', () => {
    const result = decide(input(), [finding({ nats: 8 })]);
    expect(only(result.incidents)).toMatchObject({ state: 'pending', openedAt: null });
    expect(result.alerts).toEqual([]);
    expect(only(result.decisions).reason).toBe('evidence-still-thin');
  });

  it('waits while it could be a blip', () => {
    const result = decide(input(), [finding({ persistenceMinutes: 3 })]);
    expect(only(result.incidents).state).toBe('pending');
    expect(only(result.decisions).reason).toBe('could-be-a-blip');
  });

  it('does not open on what has already stopped', () => {
    const result = decide(input(), [finding({ isOngoing: false })]);
    expect(result.alerts).toEqual([]);
  });

  it('pages when a dollar or more a day is at stake', () => {
    const result = decide(input(), [finding()]);
    const incident = only(result.incidents);
    expect(incident).toMatchObject({
      state: 'critical',
      severity: 'critical',
      openedAt: NOW,
      criticalAt: NOW,
    });
    expect(only(result.alerts)).toMatchObject({ transition: 'critical', reason: 'money-at-stake' });
    expect(incident.burn.projected24hUsd).toBeGreaterThan(1);
  });

  it('warns about cheap trouble, and pages when messages are being lost', () => {
    const cheap = input({ window: window({ busyMs: 300 }) });
    expect(only(decide(cheap, [finding()]).incidents).severity).toBe('warning');
    const losing = finding({ loss: { lost: 400, lostPerHour: 900, expiresAt: null } });
    expect(only(decide(cheap, [losing]).alerts)).toMatchObject({
      transition: 'critical',
      reason: 'messages-being-lost',
    });
  });

  it('rises from warning to critical once, with its own alert', () => {
    const cheap = input({ window: window({ busyMs: 300 }) });
    const opened = decide(cheap, [finding()]);
    const next = later(1, opened.incidents);
    const risen = decide(next, [finding({ lastEvidenceAt: next.now })]);
    expect(only(risen.alerts).transition).toBe('critical');
    const again = later(2, risen.incidents);
    expect(
      decide(again, [finding({ lastEvidenceAt: again.now })]).alerts.filter(
        ({ transition }) => transition !== 'reminder',
      ),
    ).toEqual([]);
  });

  it('says nothing again without news, and reminds when the waste has doubled', () => {
    const busy = input({ window: window({ busyMs: 1_200_000 }) });
    let result = decide(busy, [finding()]);
    const transitions: string[] = [];
    for (let minute = 1; minute <= 170; minute++) {
      const next = later(minute, result.incidents, busy);
      result = decide(next, [finding({ lastEvidenceAt: next.now, onsetAt: NOW - 12 * MINUTE_MS })]);
      transitions.push(...result.alerts.map(({ transition }) => transition));
    }
    expect(new Set(transitions)).toEqual(new Set(['reminder']));
    expect(transitions.length).toBeLessThanOrEqual(3);
  });

  it('resolves after a retry cycle of quiet, with the total, and re-opens as the same incident', () => {
    const opened = decide(input(), [finding()]);
    const quiet = later(5, opened.incidents);
    expect(only(decide(quiet, []).incidents).state).toBe('critical');
    const over = later(12, opened.incidents);
    const resolved = decide(over, []);
    expect(only(resolved.alerts)).toMatchObject({ transition: 'resolved', reason: 'quiet-again' });
    const back = later(40, resolved.incidents);
    const reopened = decide(back, [
      finding({ onsetAt: back.now - 10 * MINUTE_MS, lastEvidenceAt: back.now }),
    ]);
    expect(only(reopened.incidents)).toMatchObject({
      id: only(opened.incidents).id,
      reopened: 1,
      state: 'critical',
    });
    expect(only(reopened.alerts).transition).toBe('reopened');
    expect(only(reopened.incidents).burn.wastedUsd).toBeGreaterThan(only(resolved.incidents).burn.wastedUsd);
  });

  it('waits for twice as long after each return, two hours at the most: what flaps is told less and less often', () => {
    let incidents = decide(input(), [finding()]).incidents;
    let minute = 0;
    const quiets: number[] = [];
    for (let round = 0; round < 6; round++) {
      const from = minute;
      for (let transition = ''; transition !== 'resolved'; ) {
        const result = decide(later(++minute, incidents), []);
        incidents = result.incidents;
        transition = result.alerts[0]?.transition ?? '';
      }
      quiets.push(minute - from);
      const back = later(++minute, incidents);
      incidents = decide(back, [finding({ onsetAt: back.now, lastEvidenceAt: back.now })]).incidents;
    }
    // The first evidence was a minute old; a retry cycle of two minutes needs ten of quiet.
    expect(quiets).toEqual([9, 20, 40, 80, 120, 120]);
  });

  it('names a return by what causes it, and keeps that name when its consequences come back', () => {
    const over = decide(later(12, decide(input(), [finding()]).incidents), []);
    const back = later(40, over.incidents);
    const rounds = finding({
      detector: 'redrive-ping-pong',
      onsetAt: back.now - 15 * MINUTE_MS,
      lastEvidenceAt: back.now,
    });
    const returned = decide(back, [rounds]);
    expect(only(returned.alerts)).toMatchObject({
      transition: 'reopened',
      incident: { id: only(over.incidents).id, detector: 'redrive-ping-pong' },
    });
    const next = later(60, returned.incidents);
    const failing = finding({ onsetAt: next.now - 10 * MINUTE_MS, lastEvidenceAt: next.now });
    expect(only(decide(next, [failing]).incidents).detector).toBe('redrive-ping-pong');
  });

  it('holds redrives together that come in rounds, until none has come for two hours', () => {
    const rounds = (lastEvidenceAt: number) => finding({ detector: 'redrive-ping-pong', lastEvidenceAt });
    const opened = decide(input(), [rounds(NOW)]);
    const quiet = decide(later(110, opened.incidents), []);
    expect(quiet.alerts).toEqual([]);
    const next = later(111, quiet.incidents);
    const nextRound = decide(next, [rounds(next.now)]);
    expect(nextRound.alerts.map(({ transition }) => transition)).not.toContain('reopened');
    const over = decide(later(111 + 121, nextRound.incidents), []);
    expect(only(over.alerts).transition).toBe('resolved');
  });

  it('prices what comes in rounds by the mean over a round, not by its busiest minutes', () => {
    const wastedShare = new Float64Array(input().window.minutes);
    wastedShare.fill(1, -5);
    const at = (roundMinutes?: number) =>
      only(
        decide(input(), [finding({ wastedShare, ...(roundMinutes === undefined ? {} : { roundMinutes }) })])
          .incidents,
      ).burn;
    expect(at(50).wastedUsdPerHour).toBeCloseTo(at().wastedUsdPerHour / 10);
    expect(at(50).wastedUsd).toBeCloseTo(at().wastedUsd);
    expect(at(50).averagedMinutes).toBe(50);
    expect(at(2)).toEqual(at());
    expect(at()).not.toHaveProperty('averagedMinutes');
  });

  it('does not take for quiet what could not be read', () => {
    const opened = decide(input(), [finding()]);
    const blind = later(40, opened.incidents);
    const unread = { ...blind, window: { ...blind.window, functions: new Map() } };
    expect(only(decide(unread, []).incidents).state).toBe('critical');
  });

  it('forgets a pending incident without a word', () => {
    const pending = decide(input(), [finding({ nats: 8 })]);
    const over = decide(later(20, pending.incidents), []);
    expect(over.alerts).toEqual([]);
    expect(over.incidents).toEqual([]);
    expect(only(over.forgotten).id).toBe(only(pending.incidents).id);
  });

  it('is named after what people are told, not after the first suspicion', () => {
    const suspicion = decide(input(), [finding({ detector: 'traffic-amplification', nats: 8 })]);
    const next = later(5, suspicion.incidents);
    const told = decide(next, [finding({ lastEvidenceAt: next.now })]);
    expect(only(told.incidents).id).toMatch(/^retry-loop-/);
    expect(only(told.alerts).key).toBe(`${only(told.incidents).id}#${only(told.alerts).transition}`);
    expect(only(told.forgotten).id).toBe(only(suspicion.incidents).id);
    // A crash may leave the suspicion behind: it is no second incident.
    const both = decide(later(6, [...suspicion.incidents, ...told.incidents]), []);
    expect(both.alerts).toEqual([]);
  });
});

describe('repeating a tick', () => {
  it('gives the same incidents and the same alert keys', () => {
    const first = decide(input(), [finding()]);
    const second = decide(input(), [finding()]);
    expect(second).toEqual(first);
  });

  it('with what the first one stored: changes nothing and tells nothing twice', () => {
    const first = decide(input(), [finding()]);
    const again = decide(input({ openIncidents: first.incidents }), [finding()]);
    expect(again.alerts).toEqual([]);
    expect(again.incidents).toEqual(first.incidents);
  });
});

describe('one cause, one incident', () => {
  const storm = finding({ detector: 'error-storm', queues: [] });

  it('makes the consequences evidence of the cause', () => {
    const result = decide(input(), [storm, finding()]);
    const incident = only(result.incidents);
    expect(incident.detector).toBe('retry-loop');
    expect(incident.detectors).toEqual(['retry-loop', 'error-storm']);
    expect(result.alerts).toHaveLength(1);
    expect(result.decisions.map(({ reason }) => reason)).toContain('inhibited-by-cause');
  });

  it.each([
    ['a cause that is found later', -5, 'retry-loop'],
    ['what began long after it', 40, 'duration-regression'],
  ])('an incident is named after %s: onset %s min later', (_, minutes, detector) => {
    const slow = finding({ detector: 'duration-regression' });
    const opened = decide(input(), [slow]).incidents;
    const next = later(60, opened);
    const other = finding({ onsetAt: slow.onsetAt + minutes * MINUTE_MS, lastEvidenceAt: next.now });
    const { incidents } = decide(next, [{ ...slow, lastEvidenceAt: next.now }, other]);
    expect(only(incidents)).toMatchObject({ detector, detectors: ['retry-loop', 'duration-regression'] });
  });

  it('projects one message that is tried again and again as one, not as the share of deliveries that fail', () => {
    const counts = (count: number) => new Float64Array(180).fill(count);
    const projected = (deleted: number) => {
      const base = window();
      const queues = new Map([
        ['orders', { sent: counts(10), received: counts(20), deleted: counts(deleted) }],
      ]);
      const poison = finding({
        selfEnd: { kind: 'retention', afterSeconds: 345_600 },
        wastedShare: new Float64Array(180).fill(0.5),
        onsetAt: NOW - 60 * MINUTE_MS,
      });
      return only(decide(input({ window: { ...base, queues } }), [poison]).incidents).burn;
    };
    expect(projected(10).projected24hUsd).toBeCloseTo(24 * projected(10).wastedUsdPerHour, 6);
    expect(projected(5).projected24hUsd).toBeGreaterThan(2 * projected(10).projected24hUsd);
  });

  it('frees what was inhibited once the cause is gone', () => {
    const both = decide(input(), [storm, finding()]);
    const next = later(3, both.incidents);
    const left = decide(next, [{ ...storm, lastEvidenceAt: next.now }]);
    expect(only(left.incidents)).toMatchObject({ id: only(both.incidents).id, state: 'critical' });
  });

  it('keeps different functions apart', () => {
    const functions = [lambdaFunction(), lambdaFunction({ name: 'other', eventSources: [] })];
    const result = decide(input({ window: window({ functions }) }), [
      finding(),
      finding({ functions: ['other'], queues: [] }),
    ]);
    expect(result.incidents).toHaveLength(2);
  });
});

describe('recommendation and automatic kill', () => {
  it('names the gentlest lever: the mapping, or concurrency where there is none', () => {
    expect(only(decide(input(), [finding()]).incidents).recommendation).toEqual({
      lever: 'disable-event-source',
      command: 'firebreak kill worker',
    });
    const direct = input({ window: window({ functions: [lambdaFunction({ eventSources: [] })] }) });
    expect(only(decide(direct, [finding({ queues: [] })]).incidents).recommendation).toEqual({
      lever: 'reserved-concurrency-zero',
      command: 'firebreak kill worker --hard',
    });
  });

  const tagged = lambdaFunction({ tags: { 'firebreak:kill': 'allowed' } });
  const kill = { ...DEFAULT_CONFIG.kill, minimumWastedUsd: 0 };

  it.each([
    ['is off', { ...kill, mode: 'off' as const }, tagged, 0],
    ['only observes', { ...kill, mode: 'observe' as const }, tagged, 0],
    ['is automatic', { ...kill, mode: 'auto' as const }, tagged, 1],
    [
      'is automatic, and the function has not opted in',
      { ...kill, mode: 'auto' as const },
      lambdaFunction(),
      0,
    ],
    ['is frozen', { ...kill, mode: 'auto' as const, freeze: true }, tagged, 0],
    ['protects the function', { ...kill, mode: 'auto' as const, protect: ['worker'] }, tagged, 0],
    ['wants more waste first', { ...kill, mode: 'auto' as const, minimumWastedUsd: 100 }, tagged, 0],
  ])('asks for a kill only where it may: kill switch %s', (_, settings, fn, requests) => {
    const result = decide(
      input({ window: window({ functions: [fn] }), config: { ...DEFAULT_CONFIG, kill: settings } }),
      [finding()],
    );
    expect(result.actions).toHaveLength(requests);
  });
});

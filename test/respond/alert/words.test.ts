import { describe, expect, it } from 'vitest';
import type { Alert, Transition } from '../../../src/model/alert.ts';
import { DETECTOR_IDS } from '../../../src/model/finding.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/model/time.ts';
import { story } from '../../../src/respond/alert/words.ts';
import { alertOf, burnOf, incidentOf, ONSET_AT, storyOfANight } from './build.ts';

const night = storyOfANight();

function headline(alert: Alert): string {
  const { label, title } = story(alert);
  return `${label} ${title}`;
}

/** Label and text of every fact, in one string. */
function factsOf(alert: Alert): string {
  return story(alert)
    .facts.map(({ label, text }) => `${label}: ${text}`)
    .join('\n');
}

describe('the headline says what happened, to what, and how much', () => {
  it.each<[Transition, string]>([
    ['opened', 'WARNING orders-worker: retry loop, wasting $61.30/h'],
    ['critical', 'CRITICAL orders-worker: retry loop, wasting $61.30/h'],
    ['reminder', 'STILL CRITICAL orders-worker: retry loop, wasting $61.30/h'],
    ['reopened', 'CRITICAL, CAME BACK orders-worker: retry loop, wasting $61.30/h'],
    ['resolved', 'RESOLVED orders-worker: retry loop is over, $132.40 wasted'],
    ['killed', 'STOPPED orders-worker: retry loop stopped by the kill switch, $18.40 wasted'],
    ['restored', 'RESTORED orders-worker: settings are back as they were'],
    ['test', 'TEST nothing is wrong (sample: orders-worker: retry loop, wasting $61.30/h)'],
  ])('%s', (transition, expected) => {
    expect(headline(night[transition])).toBe(expected);
  });

  it('names the queue where no function is concerned', () => {
    const incident = incidentOf({
      detector: 'dead-letter-flood',
      functionName: null,
      queueName: 'orders-dlq',
      functions: [],
    });
    expect(headline(alertOf({ incident }))).toContain('orders-dlq: dead-letter flood');
  });

  it('tells the loss instead of dollars where messages are being lost', () => {
    const incident = incidentOf({
      state: 'critical',
      loss: { lost: 240, lostPerHour: 1200, expiresAt: null },
    });
    const alert = alertOf({ transition: 'critical', reason: 'messages-being-lost', incident });
    expect(headline(alert)).toContain('losing 1,200 messages/h');
    expect(story(alert).lead).toContain('Messages are being lost: 240 so far, 1,200 an hour now.');
  });

  it('tells the repetition instead of dollars where it costs next to nothing', () => {
    const incident = incidentOf({ burn: burnOf({ wastedUsdPerHour: 0.0008, wastedUsd: 0.0001 }) });
    expect(headline(alertOf({ incident }))).toContain('each message received 14 times');
  });

  it('tells the spend where nothing is waste', () => {
    const incident = incidentOf({
      detector: 'cost-anomaly',
      burn: burnOf({ wastedUsdPerHour: 0, wastedUsd: 0 }),
      amplification: null,
    });
    expect(headline(alertOf({ incident }))).toContain('spending $64.00/h');
  });
});

describe('the lead tells since when, and how bad', () => {
  it('says when it began and how long ago', () => {
    expect(story(night.opened).lead[0]).toContain('It began at 04:12 UTC, 3 min ago.');
  });

  it('gives the date where it began on another day', () => {
    const incident = incidentOf({ evaluatedAt: ONSET_AT + 26 * HOUR_MS });
    expect(story(alertOf({ incident })).lead[0]).toContain('It began at 2026-11-01 04:12 UTC, 1 d 2 h ago.');
  });

  it.each([
    [14.2, 'Each message is received 14 times per delete.'],
    [2.5, 'Each message is received 2.5 times per delete.'],
    [Number.POSITIVE_INFINITY, 'Messages are received again and again, and not one has been deleted.'],
  ])('retry amplification %s', (receivesPerDelete, sentence) => {
    const incident = incidentOf({ amplification: { receivesPerDelete, invocationsPerUnit: null } });
    expect(story(alertOf({ incident })).lead).toContain(sentence);
  });

  it('counts invocations per unit of work where there is no queue to count on', () => {
    const incident = incidentOf({ amplification: { receivesPerDelete: null, invocationsPerUnit: 3.4 } });
    expect(story(alertOf({ incident })).lead).toContain('Each unit of work takes 3.4 invocations.');
  });

  it('does not speak of amplification where there is none', () => {
    const incident = incidentOf({ amplification: { receivesPerDelete: 1, invocationsPerUnit: 1 } });
    expect(story(alertOf({ incident })).lead).toHaveLength(1);
  });

  it('critical says what the next day costs', () => {
    expect(story(night.critical).lead.at(-1)).toBe(
      'If nobody acts it wastes $1,471 more in the next 24 hours.',
    );
  });

  it('resolved gives duration and total', () => {
    expect(story(night.resolved).lead).toEqual([
      'No sign of it since 06:22 UTC. It lasted 2 h 10 min and wasted $132.40.',
    ]);
  });

  it('reopened counts from the second time on', () => {
    const again = alertOf({ transition: 'reopened', incident: incidentOf({ reopened: 3 }) });
    expect(story(again).lead[0]).toBe('It was resolved and came back (3 times by now).');
    expect(story(night.reopened).lead[0]).toBe('It was resolved and came back.');
  });

  it.each(DETECTOR_IDS)('%s has a sentence of its own, with the name in it', (detector) => {
    const [first = ''] = story(alertOf({ incident: incidentOf({ detector }) })).lead;
    expect(first).toMatch(/orders/);
    expect(first).toMatch(/^[a-zA-Z]/);
    expect(first).not.toMatch(/undefined|null/);
  });
});

describe('the dollars', () => {
  it('says over which round they are averaged', () => {
    const { incident } = night.critical;
    const burn = { ...incident.burn, averagedMinutes: 15 };
    expect(factsOf({ ...night.critical, incident: { ...incident, burn } })).toContain(
      'Burning now: $61.30/h wasted, of $64.00/h spent, the mean of a round of 15 min',
    );
  });

  it('tells burn, waste, projection, its end and why', () => {
    const facts = factsOf(night.critical);
    expect(facts).toContain('Burning now: $61.30/h wasted, of $64.00/h spent');
    expect(facts).toContain('Wasted so far: $5.11 since 04:12 UTC');
    expect(facts).toContain(
      'If nobody acts: $1,471 more in 24 hours, $5,885 more until 2026-11-05 04:12 UTC, in 4 d (the last message expires)',
    );
  });

  it('says that it never ends by itself', () => {
    const burn = burnOf({ endsAt: null, endsBecause: 'new messages keep coming', projectedUsd: 44_136 });
    expect(factsOf(alertOf({ incident: incidentOf({ burn }) }))).toContain(
      '$44,136 more in 30 days: it does not end by itself (new messages keep coming)',
    );
  });

  it('says which share is measured, and what the rest assumes', () => {
    const burn = burnOf({
      measuredShare: 0.34,
      assumptions: ['$0.02 of other services per invocation (tag firebreak:downstream-usd)'],
    });
    expect(factsOf(alertOf({ incident: incidentOf({ burn }) }))).toContain(
      'How sure: 34 % of it from Lambda and SQS metrics, the rest assumed: $0.02 of other services per invocation',
    );
    expect(factsOf(night.opened)).toContain('How sure: all of it from Lambda and SQS metrics');
  });

  it('leaves out the projection where nothing more will be wasted', () => {
    const burn = burnOf({ projectedUsd: 0, projected24hUsd: 0 });
    expect(factsOf(alertOf({ incident: incidentOf({ burn }) }))).not.toContain('If nobody acts');
  });

  it('gives the delay in retry cycles', () => {
    expect(factsOf(night.opened)).toContain('First alert: 3 min after it began (0.1 retry cycles)');
    expect(factsOf(alertOf({ incident: incidentOf({ delayInRetryCycles: null }) }))).toContain(
      'First alert: 3 min after it began\n'.trim(),
    );
  });

  it('a kill says what it avoided, a resolution does not', () => {
    expect(factsOf(night.killed)).toContain('Avoided: up to $5,885');
    expect(factsOf(night.resolved)).not.toContain('Avoided');
  });

  it('names what has the same cause', () => {
    const incident = incidentOf({
      detectors: ['retry-loop', 'error-storm', 'throttle-storm'],
      functions: ['orders-worker', 'a', 'b', 'c', 'd', 'e', 'f'],
    });
    const facts = factsOf(alertOf({ incident }));
    expect(facts).toContain('Also seen as: error storm, throttle storm');
    expect(facts).toContain('Also hit: a, b, c, d, e and 1 more');
  });
});

describe('what to do', () => {
  it('disabling the event source keeps the messages, and can be undone', () => {
    const { action } = story(night.critical);
    expect(action).toMatchObject({
      heading: 'Stop it',
      command: 'firebreak kill orders-worker',
      undo: 'firebreak restore orders-worker',
    });
    expect(action.notes.join(' ')).toContain(
      'Messages stay in orders and wait; none is lost before its retention ends',
    );
  });

  it('says when waiting messages begin to expire', () => {
    const loss = { lost: 0, lostPerHour: 0, expiresAt: ONSET_AT + HOUR_MS };
    const { action } = story(alertOf({ incident: incidentOf({ loss }) }));
    expect(action.notes.join(' ')).toContain('begin to expire at 05:12 UTC');
  });

  it('reserved concurrency 0 is not lossless, and says so', () => {
    const recommendation = {
      lever: 'reserved-concurrency-zero',
      command: 'firebreak kill orders-worker --hard',
    } as const;
    const { action } = story(alertOf({ incident: incidentOf({ recommendation }) }));
    expect(action.command).toBe('firebreak kill orders-worker --hard');
    expect(action.undo).toBe('firebreak restore orders-worker');
    expect(action.notes.join(' ')).toMatch(/on-failure destination, or are dropped/);
  });

  it.each([
    ['firebreak audit', 'firebreak audit', []],
    ['the write-back in orders-worker', null, ['the write-back in orders-worker']],
  ])('no lever: %s', (command, expectedCommand, notes) => {
    const { action } = story(
      alertOf({ incident: incidentOf({ recommendation: { lever: 'none', command } }) }),
    );
    expect(action).toEqual({
      heading: 'No lever stops this; look into it',
      command: expectedCommand,
      notes,
      undo: null,
    });
  });

  it('after a kill: how to put it back; after the end: nothing', () => {
    expect(story(night.killed).action.command).toBe('firebreak restore orders-worker');
    expect(story(night.resolved).action).toMatchObject({ heading: 'Nothing to do now', command: null });
    expect(story(night.restored).action.command).toBeNull();
  });

  it('what is quiet because it is stopped has to be put back', () => {
    const told = story({ ...night.resolved, reason: 'quiet-while-stopped' });
    expect(told.lead.at(-1)).toBe('orders-worker is still stopped.');
    expect(told.action).toEqual(story(night.killed).action);
  });

  it('a test tells not to run the command', () => {
    expect(story(night.test).action.heading).toContain('do not run it now');
  });
});

it('shows the strongest evidence, and counts the rest', () => {
  const evidence = Array.from({ length: 9 }, (_, index) => ({ kind: 'k', text: `fact ${index}` }));
  expect(story(alertOf({ incident: incidentOf({ evidence }) })).evidence).toEqual([
    ...['fact 0', 'fact 1', 'fact 2', 'fact 3', 'fact 4', 'fact 5'],
    'and 3 more',
  ]);
});

it('takes control characters and terminal escapes out of everything', () => {
  const incident = incidentOf({
    functionName: 'a\u001b[31mred\nname\u202e',
    evidence: [{ kind: 'k', text: 'one\ntwo\u0007' }],
    evaluatedAt: ONSET_AT + MINUTE_MS,
  });
  const told = JSON.stringify(story(alertOf({ incident })));
  expect(told).toContain('a [31mred name');
  expect(told).toContain('one two');
  expect(told).not.toMatch(/\\u001b|\\n|\\u0007|\u202e/);
});

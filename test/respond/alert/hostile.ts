import fc from 'fast-check';
import type { Alert, AlertReason, Transition } from '../../../src/model/alert.ts';
import { DETECTOR_IDS } from '../../../src/model/finding.ts';
import { alertOf, burnOf, incidentOf, ONSET_AT } from './build.ts';

const TRANSITIONS: readonly Transition[] = [
  'opened',
  'critical',
  'reminder',
  'reopened',
  'resolved',
  'killed',
  'restored',
  'test',
];
const REASONS: readonly AlertReason[] = ['first-evidence-is-enough', 'money-at-stake', 'messages-being-lost'];

/** Text that an attacker, an accident or another alphabet could have put into a name, a tag or a piece of evidence. */
export const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    '<!channel> wake up',
    '<!here|x> <@U12345> <#C12345|general>',
    '<https://evil.example|Stop it>',
    '&lt;!channel&gt; &amp;amp;',
    '*bold* _it_ ~gone~ `code` ```block``` > quote',
    '\u001b[31mred\u001b[0m\u0007',
    'line one\nline two\r\n@everyone',
    '\u202egnp.exe',
    '\ud800 lonely \udc00',
    '$&$1$`',
  ),
  fc.string({ unit: 'grapheme', minLength: 200, maxLength: 900 }),
  fc.nat(4_000).map((length) => '&'.repeat(length)),
  fc.nat(4_000).map((length) => '\u4e2d'.repeat(length)),
);

const usd = fc.oneof(
  fc.double({ min: 0, max: 1e9, noNaN: true }),
  fc.constantFrom(0, Number.NaN, Number.POSITIVE_INFINITY, 1e-7),
);
const instant = fc.integer({ min: ONSET_AT - 1e10, max: ONSET_AT + 1e10 });
const texts = fc.array(hostileText, { maxLength: 30 });

/** An alert about anything, with any text in it. */
export const hostileAlert: fc.Arbitrary<Alert> = fc
  .record({
    transition: fc.constantFrom(...TRANSITIONS),
    reason: fc.constantFrom(...REASONS),
    detector: fc.constantFrom(...DETECTOR_IDS),
    names: fc.tuple(hostileText, hostileText, hostileText, hostileText),
    functionName: fc.option(hostileText),
    queueName: fc.option(hostileText),
    functions: texts,
    queues: texts,
    evidence: texts,
    assumptions: texts,
    money: fc.tuple(usd, usd, usd, usd, usd),
    measuredShare: fc.double({ min: 0, max: 1, noNaN: true }),
    endsAt: fc.option(instant),
    endsBecause: hostileText,
    expiresAt: fc.option(instant),
    lost: fc.option(fc.nat()),
    receivesPerDelete: fc.option(
      fc.oneof(fc.double({ min: 1, max: 1e6, noNaN: true }), fc.constant(Infinity)),
    ),
    lever: fc.constantFrom(
      'disable-event-source' as const,
      'reserved-concurrency-zero' as const,
      'none' as const,
    ),
    command: fc.oneof(
      hostileText,
      hostileText.map((name) => `firebreak kill ${name}`),
    ),
    at: instant,
  })
  .map((drawn) => {
    const [usdPerHour, wastedUsdPerHour, wastedUsd, projectedUsd, projected24hUsd] = drawn.money;
    const [id, account, region, key] = drawn.names;
    const { lost, expiresAt, receivesPerDelete } = drawn;
    const incident = incidentOf({
      id,
      detector: drawn.detector,
      detectors: [drawn.detector, 'error-storm'],
      functionName: drawn.functionName,
      queueName: drawn.queueName,
      functions: drawn.functions,
      queues: drawn.queues,
      evidence: drawn.evidence.map((text) => ({ kind: text.slice(0, 20), text })),
      amplification: { receivesPerDelete, invocationsPerUnit: null },
      loss: lost === null ? null : { lost, lostPerHour: lost / 2, expiresAt },
      burn: burnOf({
        ...{ usdPerHour, wastedUsdPerHour, wastedUsd, projectedUsd, projected24hUsd },
        measuredShare: drawn.measuredShare,
        endsAt: drawn.endsAt,
        endsBecause: drawn.endsBecause,
        assumptions: drawn.assumptions,
      }),
      recommendation: { lever: drawn.lever, command: drawn.command },
      evaluatedAt: drawn.at,
    });
    const { transition, reason, at } = drawn;
    return alertOf({ key, transition, reason, at, account, region, incident });
  });

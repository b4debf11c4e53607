import type { Alert } from '../../model/alert.ts';
import type { Incident } from '../../model/incident.ts';
import { DAY_MS, type EpochMs, MINUTE_MS } from '../../model/time.ts';

/** An alert that is clearly marked as a test, and otherwise looks like a real one: for `firebreak test-alert`. */
export function sampleAlert(options: {
  readonly at: EpochMs;
  readonly account: string;
  readonly region: string;
}): Alert {
  const { at, account, region } = options;
  const incident = sampleIncident(at);
  return {
    key: `${incident.id}#test`,
    transition: 'test',
    reason: 'requested-by-a-person',
    at,
    incident,
    account,
    region,
  };
}

function sampleIncident(at: EpochMs): Incident {
  const onsetAt = at - 6 * MINUTE_MS;
  return {
    id: `test-alert-${Math.floor(at / MINUTE_MS)}`,
    detector: 'retry-loop',
    detectors: ['retry-loop'],
    functionName: 'sample-worker',
    queueName: 'sample-queue',
    functions: ['sample-worker'],
    queues: ['sample-queue'],
    state: 'open',
    severity: 'info',
    onsetAt,
    pendingAt: onsetAt + 2 * MINUTE_MS,
    openedAt: at,
    criticalAt: null,
    resolvedAt: null,
    lastEvidenceAt: at,
    evaluatedAt: at,
    evidence: [{ kind: 'sample', text: 'a sample: no metric was read for this alert' }],
    amplification: { receivesPerDelete: 14, invocationsPerUnit: null },
    delayInRetryCycles: 0.2,
    loss: null,
    burn: {
      usdPerHour: 64,
      wastedUsdPerHour: 61.3,
      wastedUsd: 6.13,
      projectedUsd: 5885,
      projected24hUsd: 1471,
      endsAt: at + 4 * DAY_MS,
      endsBecause: 'the last message expires',
      measuredShare: 1,
      assumptions: [],
    },
    accounted: { untilAt: onsetAt, wastedUsd: 0, spentUsd: 0, received: 0, deleted: 0, invocations: 0 },
    recommendation: { lever: 'disable-event-source', command: 'firebreak kill sample-worker' },
    alertedWastedUsd: 6.13,
    alertedAt: at,
    reopened: 0,
  };
}

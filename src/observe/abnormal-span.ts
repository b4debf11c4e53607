import type { Incident } from '../model/incident.ts';
import type { EpochMs } from '../model/time.ts';
import type { AbnormalSpan } from '../stats/baseline.ts';

/** The hours of an incident say nothing of what is normal for its functions and queues. */
export function abnormalSpanOf(incident: Incident, now: EpochMs): AbnormalSpan {
  return {
    names: [...incident.functions, ...incident.queues],
    fromAt: incident.onsetAt,
    toAt: incident.state === 'resolved' ? incident.lastEvidenceAt : now,
  };
}

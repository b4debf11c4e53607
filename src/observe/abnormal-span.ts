import type { Incident } from '../model/incident.ts';
import type { EpochMs } from '../model/time.ts';
import type { AbnormalSpan } from '../stats/baseline.ts';

/**
 * The hours of an incident say nothing of what is normal for its functions and queues. Those of a suspicion that nobody was
 * told of do: most of them are chance, and without them nothing would ever become normal.
 */
export function abnormalSpans(incidents: readonly Incident[], now: EpochMs): readonly AbnormalSpan[] {
  return incidents.filter(({ openedAt }) => openedAt !== null).map((incident) => spanOf(incident, now));
}

function spanOf(incident: Incident, now: EpochMs): AbnormalSpan {
  return {
    names: [...incident.functions, ...incident.queues],
    fromAt: incident.onsetAt,
    toAt: incident.state === 'resolved' ? incident.lastEvidenceAt : now,
  };
}

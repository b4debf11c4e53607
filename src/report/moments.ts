import { formatDuration, formatUsd } from '../model/format.ts';
import type { Incident } from '../model/incident.ts';
import type { KillRecord } from '../model/kill.ts';
import type { EpochMs } from '../model/time.ts';
import { isChange, settingName } from '../respond/kill/settings.ts';
import type { Moment } from './model.ts';

/** The story of an incident, from the instants that the incident and its kill record keep. */
export function momentsOf(incident: Incident, kill: KillRecord | null): readonly Moment[] {
  const { onsetAt, pendingAt, openedAt, criticalAt, resolvedAt } = incident;
  const after = (at: EpochMs) => `${formatDuration(Math.max(0, at - onsetAt))} after it began`;
  const moments: Moment[] = [
    { kind: 'onset', at: onsetAt, title: 'It began', text: 'Estimated from the series, in hindsight.' },
  ];
  if (pendingAt !== openedAt && pendingAt !== criticalAt) {
    moments.push({
      kind: 'evidence',
      at: pendingAt,
      title: 'First evidence',
      text: `Seen ${after(pendingAt)}; not yet enough to tell anybody.`,
    });
  }
  if (openedAt !== null && openedAt !== criticalAt) {
    moments.push({ kind: 'alert', at: openedAt, title: 'First alert', text: `Sent ${after(openedAt)}.` });
  }
  if (criticalAt !== null) {
    const told = openedAt === criticalAt ? 'First alert, and a page' : 'Page';
    const first = pendingAt === criticalAt ? 'The first evidence was enough: it' : 'It';
    moments.push({
      kind: 'page',
      at: criticalAt,
      title: told,
      text: `${first} was worth waking someone for, ${after(criticalAt)}.`,
    });
  }
  moments.push(...killMoments(incident, kill));
  if (resolvedAt !== null) {
    moments.push({
      kind: 'resolved',
      at: resolvedAt,
      title: 'Resolved',
      text: `Quiet for long enough. It wasted ${formatUsd(incident.burn.wastedUsd)} in all.`,
    });
  }
  return moments.sort((a, b) => a.at - b.at);
}

function killMoments({ criticalAt }: Incident, kill: KillRecord | null): readonly Moment[] {
  if (kill === null || kill.killedAt === null) return [];
  const changed = kill.steps.filter(isChange).map(settingName);
  const what = changed.length === 0 ? 'Nothing had to change' : `Changed: ${changed.join(', ')}`;
  const pageToKillMs = criticalAt === null ? -1 : kill.killedAt - criticalAt;
  const delay = pageToKillMs < 0 ? '' : ` ${formatDuration(pageToKillMs)} after the page.`;
  const killed: Moment = {
    kind: 'kill',
    at: kill.killedAt,
    title: `Stopped by ${kill.requestedBy}`,
    text: `${what}.${delay}`,
  };
  if (kill.restoredAt === null) return [killed];
  const downMs = kill.restoredAt - kill.killedAt;
  return [
    killed,
    {
      kind: 'restore',
      at: kill.restoredAt,
      title: 'Restored',
      text: `Every setting is as it was before; stopped for ${formatDuration(downMs)}.`,
    },
  ];
}

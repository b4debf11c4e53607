import { AUTOMATIC } from '../../src/model/kill.ts';
import type { World } from './world.ts';

const CHANNELS = ['slack', 'sns'] as const;

/** Everything that ever was in the outbox. */
export function watchOutbox({ data }: World): ReadonlySet<string> {
  const keys = new Set<string>();
  const { outbox } = data;
  const set = outbox.set.bind(outbox);
  outbox.set = (key, alert) => {
    keys.add(key);
    return set(key, alert);
  };
  return keys;
}

/** What should have been told over each channel, and was not. `mended`: the channels that could be reached in the end. */
export function lost(
  { inbox, data }: World,
  told: ReadonlySet<string>,
  mended: readonly string[] = CHANNELS,
): readonly string[] {
  const heard = new Set(inbox.alerts.map(({ incident, transition }) => `${incident.id} ${transition}`));
  const untold = [...data.incidents.values()].filter(
    ({ id, openedAt }) =>
      openedAt !== null && !['opened', 'critical', 'reopened'].some((name) => heard.has(`${id} ${name}`)),
  );
  const unrestored = data.kills.filter(
    ({ incidentId, restoredAt }) =>
      restoredAt !== null && data.incidents.has(incidentId ?? '') && !heard.has(`${incidentId} restored`),
  );
  return [
    ...untold.map(({ id }) => `${id} was opened`),
    ...unrestored.map(({ id }) => `${id} was restored`),
    ...[...told].flatMap((key) =>
      mended.filter((channel) => !inbox.times.has(`${key}@${channel}`)).map((channel) => `${key}@${channel}`),
    ),
    ...[...data.outbox.keys()].map((key) => `${key} still waits`),
  ];
}

/** Sent more than once. Excused: between a channel's answer and its record the process died or the store failed. */
export function twice({
  inbox,
  excuses,
}: World): readonly { readonly id: string; readonly isExcused: boolean }[] {
  return [...inbox.times].flatMap(([id, times]) =>
    times > 1 ? [{ id, isExcused: times <= 1 + Math.max(0, excuses.get(id) ?? 0) }] : [],
  );
}

/** One key is one transition of one incident, however often it is sent. */
export function mixedKeys({ inbox }: World): readonly string[] {
  const known = new Map<string, string>();
  return inbox.alerts.flatMap(({ key, incident, transition }) => {
    const what = `${incident.id} ${transition}`;
    const before = known.get(key) ?? what;
    known.set(key, what);
    return before === what ? [] : [key];
  });
}

export function automaticKills({ data }: Pick<World, 'data'>) {
  return data.kills.filter(({ requestedBy }) => requestedBy === AUTOMATIC);
}

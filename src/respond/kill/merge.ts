import type { KillRecord } from '../../model/kill.ts';
import type { Store } from '../../store/store.ts';
import { mergeSteps } from './record.ts';
import { keyOf, priorValue, type SettingReading } from './settings.ts';

type Kills = Pick<Store, 'openKill' | 'kills' | 'createKill' | 'updateKill'>;

/**
 * Moves kills that were recorded elsewhere, while the store was out of reach, into it. What was before the first kill wins:
 * where the store had one open already, the settings of both are in its record. Cut off at any point, the same call goes on.
 *
 * @returns the functions whose records were moved.
 */
export async function mergeKills(
  from: Kills,
  into: Kills,
  move: { readonly place: string; readonly now: () => number },
): Promise<readonly string[]> {
  const moved: string[] = [];
  for (const record of await from.kills()) {
    if (record.state === 'restored') continue;
    if (!(await arrives(record, into))) continue;
    await from.updateKill({
      ...record,
      revision: record.revision + 1,
      state: 'restored',
      reason: `${record.reason} (moved to ${move.place})`,
      restoredAt: move.now(),
    });
    moved.push(record.functionName);
  }
  return moved;
}

/** Whether it is in the store afterwards. `false`: somebody else changes the record there; the next time will do. */
async function arrives(record: KillRecord, into: Kills): Promise<boolean> {
  // It may have been moved before, and restored since: that is not to be undone.
  const isThere = ({ id, reason }: KillRecord) => id === record.id || reason.includes(record.id);
  if ((await into.kills()).some(isThere)) return true;
  const open = await into.openKill(record.functionName);
  if (open === null) return into.createKill({ ...record, revision: 1 });
  const readings = new Map(
    record.steps.map((step): [string, SettingReading] => [
      keyOf(step),
      { kind: 'value', value: priorValue(step), isSettled: true, state: '', canBeLimited: false },
    ]),
  );
  const steps = mergeSteps(open.steps, record.steps, readings);
  return into.updateKill({
    ...open,
    revision: open.revision + 1,
    state: record.state,
    lever: record.lever === 'reserved-concurrency-zero' ? record.lever : open.lever,
    steps,
    killedAt: record.killedAt ?? open.killedAt,
    reason: `with ${record.id} of ${record.requestedBy}: ${open.reason}`,
  });
}

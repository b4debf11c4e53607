import { join } from 'node:path';
import type { Alert } from '../../model/alert.ts';
import { fromJson, toJson } from '../json.ts';
import type { Reader } from '../reader.ts';
import { alertSchema, claimSchema } from '../schema.ts';
import type { Store } from '../store.ts';
import { type Files, safeName } from './files.ts';

const OUTBOX = 'outbox';
const DELIVERIES = 'deliveries';
/**
 * Claims of one delivery that are kept. They are numbered, and a number is never given twice; one that old cannot be in
 * the hands of anyone who still acts on it.
 */
const CLAIMS_KEPT = 50;

type Alerts = Pick<
  Store,
  'enqueueAlert' | 'outbox' | 'dequeueAlert' | 'claimDelivery' | 'releaseDelivery' | 'markDelivered'
>;

/**
 * A claim is a numbered file that exactly one process can create. It ends by expiring, or by a marker beside it; the next
 * claim takes the next number. Nothing is rewritten, so there is no moment at which two can hold it.
 */
export function fileAlerts(files: Files, reader: Reader): Alerts {
  /** Numbers of the claims that were made through this store: only those may be released through it. */
  const owned = new Map<string, number>();
  const alertPath = (key: string) => join(OUTBOX, `${safeName(key)}.json`);
  const deliveryFolder = (key: string, channel: string) => join(DELIVERIES, safeName(key), safeName(channel));

  const isHeld = async (folder: string, names: readonly string[], number: number, now: number) => {
    if (number === 0 || names.includes(freeName(number))) return false;
    const path = join(folder, claimName(number));
    const text = await files.read(path);
    // Who cannot tell sends: an alert that is told twice is better than one that is never told.
    return text !== null && claimedUntil(text) > now;
  };

  return {
    enqueueAlert: (alert) => files.replace(alertPath(alert.key), toJson(alert)),
    async outbox() {
      const alerts: Alert[] = [];
      for (const name of await files.list(OUTBOX)) {
        if (!name.endsWith('.json')) continue;
        const text = await files.read(join(OUTBOX, name));
        const alert =
          text === null ? null : reader.lenient(text, alertSchema, join(files.root, OUTBOX, name));
        if (alert !== null) alerts.push(alert);
      }
      return alerts.sort((a, b) => a.at - b.at);
    },
    dequeueAlert: (key) => files.remove(alertPath(key)),

    async claimDelivery({ key, channel, now, until }) {
      const folder = deliveryFolder(key, channel);
      const names = await files.list(folder);
      if (names.includes(DELIVERED)) return 'delivered';
      const newest = Math.max(0, ...names.map(claimNumber));
      if (await isHeld(folder, names, newest, now)) return 'busy';
      if (!(await files.create(join(folder, claimName(newest + 1)), toJson({ until })))) return 'busy';
      // The holder of an expired claim may have finished while this one was being made.
      if ((await files.list(folder)).includes(DELIVERED)) return 'delivered';
      owned.set(folder, newest + 1);
      for (const name of names) {
        const number = claimNumber(name);
        if (number > 0 && number <= newest - CLAIMS_KEPT) await files.remove(join(folder, name));
      }
      return 'claimed';
    },
    async releaseDelivery({ key, channel }) {
      const folder = deliveryFolder(key, channel);
      const number = owned.get(folder);
      if (number === undefined) return;
      owned.delete(folder);
      await files.create(join(folder, freeName(number)), '');
    },
    async markDelivered({ key, channel, deliveredAt }) {
      await files.create(join(deliveryFolder(key, channel), DELIVERED), toJson({ deliveredAt }));
    },
  };
}

/** 0 for a damaged claim. */
function claimedUntil(text: string): number {
  try {
    return fromJson(text, claimSchema, 'claim').until;
  } catch {
    return 0;
  }
}

const DELIVERED = 'delivered.json';

function claimName(number: number): string {
  return `claim-${number}.json`;
}

function freeName(number: number): string {
  return `claim-${number}.free`;
}

/** 0: no claim. */
function claimNumber(name: string): number {
  return Number(/^claim-(\d+)\./.exec(name)?.[1] ?? 0);
}

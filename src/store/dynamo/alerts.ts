import { randomUUID } from 'node:crypto';
import type { Alert } from '../../model/alert.ts';
import { toJson } from '../json.ts';
import type { Reader } from '../reader.ts';
import { alertSchema } from '../schema.ts';
import type { Store } from '../store.ts';
import { bodyOf, placeOf } from './incidents.ts';
import { EXPIRY, expiry, type Table } from './table.ts';

const OUTBOX = 'OUTBOX';
/** An alert that could not be delivered for this long is of no use to anyone. */
const OUTBOX_DAYS = 14;
/** That an alert was delivered is remembered this long: at least a week by contract, longer than it stays in the outbox. */
const DELIVERY_DAYS = 30;

type Alerts = Pick<
  Store,
  'enqueueAlert' | 'outbox' | 'dequeueAlert' | 'claimDelivery' | 'releaseDelivery' | 'markDelivered'
>;

export function dynamoAlerts(table: Table, reader: Reader): Alerts {
  /** Who made a claim: a store may release its own only. */
  const claimant = randomUUID();
  const deliveryKey = (key: string, channel: string) => ({ pk: `DELIVERY#${key}`, sk: channel });

  return {
    async enqueueAlert(alert) {
      await table.put({
        pk: OUTBOX,
        sk: alert.key,
        body: toJson(alert),
        [EXPIRY]: expiry(alert.at, OUTBOX_DAYS),
      });
    },
    async outbox() {
      const alerts: Alert[] = [];
      for (const item of await table.query(OUTBOX)) {
        const alert = reader.lenient(bodyOf(item), alertSchema, placeOf(table, item));
        if (alert !== null) alerts.push(alert);
      }
      return alerts.sort((a, b) => a.at - b.at);
    },
    async dequeueAlert(key) {
      await table.remove({ pk: OUTBOX, sk: key });
    },

    async claimDelivery({ key, channel, now, until }) {
      const claim = randomUUID();
      const written = await table.put(
        {
          ...deliveryKey(key, channel),
          claim,
          claimant,
          claimedUntil: until,
          [EXPIRY]: expiry(until, DELIVERY_DAYS),
        },
        {
          condition:
            'attribute_not_exists(pk) OR (attribute_not_exists(deliveredAt) AND claimedUntil <= :now)',
          values: { ':now': now },
        },
      );
      // A write whose answer was lost is sent again by the SDK, and then meets itself.
      if (written.ok || written.stored?.['claim'] === claim) return 'claimed';
      return written.stored?.['deliveredAt'] === undefined ? 'busy' : 'delivered';
    },
    async releaseDelivery({ key, channel }) {
      await table.remove(deliveryKey(key, channel), {
        condition: 'attribute_not_exists(deliveredAt) AND claimant = :claimant',
        values: { ':claimant': claimant },
      });
    },
    async markDelivered({ key, channel, deliveredAt }) {
      await table.put({
        ...deliveryKey(key, channel),
        deliveredAt,
        [EXPIRY]: expiry(deliveredAt, DELIVERY_DAYS),
      });
    },
  };
}

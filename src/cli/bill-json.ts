import type { BillNote } from '../model/bill.ts';
import { toIso } from '../model/time.ts';

/** The note of the bill as `status`, `bill` and `suggest` print it: instants in ISO. */
export function billJson(bill: BillNote) {
  return {
    ...bill,
    readAt: toIso(bill.readAt),
    untilAt: toIso(bill.untilAt),
    monthStartAt: toIso(bill.monthStartAt),
    calibration: bill.calibration.map((one) => ({ ...one, untilAt: toIso(one.untilAt) })),
    anomalies: bill.anomalies.map((one) => ({ ...one, dayAt: toIso(one.dayAt) })),
  };
}

import type { AuditAlarm } from './subject.ts';

export interface CompositeAlarm {
  /** Such as `ALARM("orders-errors") OR ALARM("orders-throttles")`. */
  readonly rule: string;
  readonly notifies: boolean;
}

/** Alarms without actions of their own notify through a composite alarm that names them. */
export function withComposites(
  alarms: readonly AuditAlarm[],
  composites: readonly CompositeAlarm[],
): readonly AuditAlarm[] {
  const notified = new Set(
    composites
      .filter(({ notifies }) => notifies)
      .flatMap(({ rule }) =>
        [...rule.matchAll(/ALARM\(\s*"?([^")]+?)"?\s*\)/g)].map(([, name]) => name ?? ''),
      ),
  );
  // The rule may name an alarm by its ARN.
  const names = new Set([...notified].flatMap((name) => [name, name.split(':alarm:').at(-1) ?? name]));
  return alarms.map((alarm) => (names.has(alarm.name) ? { ...alarm, notifies: true } : alarm));
}

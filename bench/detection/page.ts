import type { EpochMs } from '../../src/model/time.ts';
import type { BacktestResult } from '../../src/replay/backtest.ts';

/** Somebody is told, in the middle of the night if need be. */
export interface Page {
  readonly at: EpochMs;
  /** Functions and queues that it names. */
  readonly resources: readonly string[];
  readonly what: string;
}

/** Alerts, each time something new is told of an incident; those about a critical one wake somebody. */
export function alertsOf({ alerts }: BacktestResult): readonly (Page & { readonly isPage: boolean })[] {
  return alerts
    .filter(({ transition }) => transition !== 'resolved')
    .map(({ at, incident, transition }) => ({
      at,
      resources: [...incident.functions, ...incident.queues],
      what: `${incident.detectors.join(' + ')} (${transition}): ${incident.evidence[0]?.text ?? ''}`,
      isPage: incident.state === 'critical',
    }));
}

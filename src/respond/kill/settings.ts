import { CANARY_CONCURRENCY, type KillStep } from '../../model/kill.ts';
import type { KillPort } from './port.ts';

/** Value of a setting: whether a mapping is enabled, or how much concurrency is reserved, or a mapping may use (`null`: none). */
export type SettingValue = boolean | number | null;

/** What a setting is now. */
export type SettingReading =
  | {
      readonly kind: 'value';
      readonly value: SettingValue;
      readonly isSettled: boolean;
      readonly state: string;
      /** Of mappings: whether the copies that it runs can be limited. */
      readonly canBeLimited: boolean;
    }
  /** AWS does not say yet: the resource is being created or updated. */
  | { readonly kind: 'unknown'; readonly state: string }
  | { readonly kind: 'gone' };

/** Two steps with one key are about one setting. */
export function keyOf(step: KillStep): string {
  switch (step.kind) {
    case 'disable-event-source':
      return `event-source ${step.eventSourceId}`;
    case 'limit-event-source':
      return `limit ${step.eventSourceId}`;
    case 'reserved-concurrency-zero':
      return 'reserved-concurrency';
  }
}

/** What firebreak makes of the setting: a kill, or for a limit the canary. */
export function killedValue(step: KillStep): SettingValue {
  switch (step.kind) {
    case 'disable-event-source':
      return false;
    case 'limit-event-source':
      return CANARY_CONCURRENCY;
    case 'reserved-concurrency-zero':
      return 0;
  }
}

/** What it was before. */
export function priorValue(step: KillStep): SettingValue {
  switch (step.kind) {
    case 'disable-event-source':
      return step.priorEnabled;
    case 'limit-event-source':
      return step.priorMaximumConcurrency;
    case 'reserved-concurrency-zero':
      return step.priorReservedConcurrency;
  }
}

/** Whether it is changed at all: a mapping that was disabled anyway is only remembered. */
export function isChange(step: KillStep): boolean {
  return priorValue(step) !== killedValue(step);
}

/** Whether the step is part of stopping: a limit is part of trying a restore out. */
export function stops(step: KillStep): boolean {
  return step.kind !== 'limit-event-source';
}

export function withPrior(step: KillStep, prior: SettingValue): KillStep {
  const number = typeof prior === 'number' ? prior : null;
  switch (step.kind) {
    case 'disable-event-source':
      return { ...step, priorEnabled: prior === true };
    case 'limit-event-source':
      return { ...step, priorMaximumConcurrency: number };
    case 'reserved-concurrency-zero':
      return { ...step, priorReservedConcurrency: number };
  }
}

const RESTORE_ORDER: readonly KillStep['kind'][] = [
  // Concurrency first: a mapping that polls a function without concurrency throws messages back.
  'reserved-concurrency-zero',
  // A limit while nothing is polled yet: the mapping never runs with another one than it should.
  'limit-event-source',
  'disable-event-source',
];

export function inRestoreOrder(steps: readonly KillStep[]): readonly KillStep[] {
  return [...steps].sort((a, b) => RESTORE_ORDER.indexOf(a.kind) - RESTORE_ORDER.indexOf(b.kind));
}

/** `event source mapping of orders (a1b2...)`, `reserved concurrency`. */
export function settingName(step: KillStep): string {
  switch (step.kind) {
    case 'disable-event-source':
      return `event source mapping of ${step.source} (${step.eventSourceId})`;
    case 'limit-event-source':
      return `maximum concurrency of the mapping of ${step.source} (${step.eventSourceId})`;
    case 'reserved-concurrency-zero':
      return 'reserved concurrency';
  }
}

/** `enabled`, `disabled`, `none`, `0`, `50`. */
export function valueText(value: SettingValue): string {
  if (typeof value === 'boolean') return value ? 'enabled' : 'disabled';
  return value === null ? 'none' : String(value);
}

export async function readSetting(
  step: KillStep,
  functionName: string,
  port: KillPort,
): Promise<SettingReading> {
  if (step.kind === 'reserved-concurrency-zero') {
    const value = await port.getReservedConcurrency(functionName);
    return value === 'gone'
      ? { kind: 'gone' }
      : { kind: 'value', value, isSettled: true, state: valueText(value), canBeLimited: false };
  }
  const reading = await port.getEventSource(step.eventSourceId);
  if (reading === 'gone') return { kind: 'gone' };
  const { enabled, maximumConcurrency, isSettled, state, canBeLimited } = reading;
  if (enabled === null) return { kind: 'unknown', state };
  const value = step.kind === 'disable-event-source' ? enabled : maximumConcurrency;
  return { kind: 'value', value, isSettled, state, canBeLimited };
}

export async function writeSetting(
  step: KillStep,
  functionName: string,
  port: KillPort,
  value: SettingValue,
): Promise<void> {
  const number = typeof value === 'number' ? value : null;
  switch (step.kind) {
    case 'disable-event-source':
      return port.setEventSourceEnabled(step.eventSourceId, value === true);
    case 'limit-event-source':
      return port.setMaximumConcurrency(step.eventSourceId, number);
    case 'reserved-concurrency-zero':
      return number === null
        ? port.deleteReservedConcurrency(functionName)
        : port.putReservedConcurrency(functionName, number);
  }
}

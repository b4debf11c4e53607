import type { KillStep } from '../../model/kill.ts';
import type { KillPort } from './port.ts';

/** Value of a setting: whether a mapping is enabled, or how much concurrency is reserved (`null`: none). */
export type SettingValue = boolean | number | null;

/** What a setting is now. */
export type SettingReading =
  | {
      readonly kind: 'value';
      readonly value: SettingValue;
      readonly isSettled: boolean;
      readonly state: string;
    }
  /** AWS does not say yet: the resource is being created or updated. */
  | { readonly kind: 'unknown'; readonly state: string }
  | { readonly kind: 'gone' };

/** Two steps with one key are about one setting. */
export function keyOf(step: KillStep): string {
  return step.kind === 'disable-event-source' ? `event-source ${step.eventSourceId}` : 'reserved-concurrency';
}

/** What a kill makes of the setting. */
export function killedValue(step: KillStep): SettingValue {
  return step.kind === 'disable-event-source' ? false : 0;
}

/** What it was before the kill. */
export function priorValue(step: KillStep): SettingValue {
  return step.kind === 'disable-event-source' ? step.priorEnabled : step.priorReservedConcurrency;
}

/** Whether the kill changes it at all: a mapping that was disabled anyway is only remembered. */
export function isChange(step: KillStep): boolean {
  return priorValue(step) !== killedValue(step);
}

export function withPrior(step: KillStep, prior: SettingValue): KillStep {
  if (step.kind === 'disable-event-source') return { ...step, priorEnabled: prior === true };
  return { ...step, priorReservedConcurrency: typeof prior === 'number' ? prior : null };
}

/** `event source mapping of orders (a1b2...)`, `reserved concurrency`. */
export function settingName(step: KillStep): string {
  if (step.kind === 'reserved-concurrency-zero') return 'reserved concurrency';
  return `event source mapping of ${step.source} (${step.eventSourceId})`;
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
      : { kind: 'value', value, isSettled: true, state: valueText(value) };
  }
  const reading = await port.getEventSource(step.eventSourceId);
  if (reading === 'gone') return { kind: 'gone' };
  const { enabled, isSettled, state } = reading;
  return enabled === null ? { kind: 'unknown', state } : { kind: 'value', value: enabled, isSettled, state };
}

export async function writeSetting(
  step: KillStep,
  functionName: string,
  port: KillPort,
  value: SettingValue,
): Promise<void> {
  if (step.kind === 'disable-event-source') {
    await port.setEventSourceEnabled(step.eventSourceId, value === true);
  } else if (typeof value === 'number') await port.putReservedConcurrency(functionName, value);
  else await port.deleteReservedConcurrency(functionName);
}

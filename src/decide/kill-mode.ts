import type { Config } from '../model/config.ts';

export type KillMode = Config['kill']['mode'];

/** From the least to the most that firebreak does by itself. */
const MODES: readonly KillMode[] = ['off', 'observe', 'approve', 'auto'];

/** Tag values that opt in less far than the configuration goes. They are in the kill role's policy too (`infra`). */
export const LIMITING_VALUES: readonly KillMode[] = ['observe', 'approve', 'auto'];

/**
 * How far the automatic kill switch goes for what carries these tags: as far as `kill.mode` with `kill.optInValue`, less far
 * where the value of the tag is itself a mode, not at all without the tag.
 */
export function modeOf(tags: Readonly<Record<string, string>>, kill: Config['kill']): KillMode {
  const value = tags[kill.optInTag];
  if (value === kill.optInValue) return kill.mode;
  const limit = LIMITING_VALUES.find((mode) => mode === value);
  if (limit === undefined) return 'off';
  return MODES.indexOf(limit) < MODES.indexOf(kill.mode) ? limit : kill.mode;
}

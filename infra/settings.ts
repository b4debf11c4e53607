import { CONFIG_BYTES_MAX } from '../src/handlers/variables.ts';
import { parseConfig } from '../src/model/config-problems.ts';
import { InputError } from '../src/model/errors.ts';
import type { FirebreakProps } from './props.ts';

/** The settings that the props stand for, as a configuration file would have them: only what differs from the defaults. */
export function settingsOf(props: FirebreakProps): object {
  const { mode, ...kill } = props.killSwitch ?? {};
  return dropAbsent({
    pageUsd: props.pageUsd,
    downstreamUsdPerInvocation: props.downstreamUsdPerInvocation,
    pricing: props.pricing,
    budget: props.budget,
    monitorBudgetUsd: props.monitorBudgetUsd,
    kill: mode === undefined ? undefined : { mode, ...kill },
  });
}

/** The settings as the handlers get them. Throws where they do not fit into a function's environment. */
export function settingsJson(props: FirebreakProps): string {
  const settings = settingsOf(props);
  const parsed = parseConfig(settings);
  if (!parsed.ok) throw new InputError(`Firebreak: ${parsed.problems.join('; ')}`);
  const json = JSON.stringify(settings);
  const bytes = new TextEncoder().encode(json).length;
  if (bytes > CONFIG_BYTES_MAX) {
    throw new InputError(
      `Firebreak props take ${bytes} bytes as settings, at most ${CONFIG_BYTES_MAX} fit: ` +
        'put downstream dollars on the functions as the tag firebreak:downstream-usd instead',
    );
  }
  return json;
}

function dropAbsent(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

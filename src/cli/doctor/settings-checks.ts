import { type Config, DEFAULT_CONFIG } from '../../model/config.ts';
import { parseConfig } from '../../model/config-problems.ts';
import { FirebreakError } from '../../model/errors.ts';
import { changedSettings, findConfig } from '../config-file.ts';
import type { Io } from '../io.ts';
import { type Check, failure, ok } from './check.ts';

const FIX = 'correct the file; firebreak config schema says what can be set';

/** The configuration, each problem a failure of its own; what follows goes by the defaults then. */
export async function configChecks(
  io: Io,
  path: string | undefined,
): Promise<{ readonly config: Config; readonly checks: readonly Check[] }> {
  try {
    const { source, settings } = await findConfig(io, path);
    const result = parseConfig(settings);
    if (!result.ok) {
      const checks = result.problems.map((problem) => failure('config', `${source}: ${problem}`, FIX));
      return { config: DEFAULT_CONFIG, checks };
    }
    const changed = changedSettings(result.config);
    const sets = changed.length === 0 ? '' : `, sets ${changed.join(', ')}`;
    return { config: result.config, checks: [ok('config', `configuration: ${source}${sets}`)] };
  } catch (error) {
    if (!(error instanceof FirebreakError)) throw error;
    return { config: DEFAULT_CONFIG, checks: [failure('config', error.message, FIX)] };
  }
}

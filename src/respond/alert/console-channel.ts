import pc from 'picocolors';
import type { Alert } from '../../model/alert.ts';
import type { Channel, SendResult } from '../channel.ts';
import { plainText } from './plain-text.ts';
import { story, type Tone } from './words.ts';

export interface ConsoleOptions {
  readonly write: (text: string) => void;
  readonly color: boolean;
  readonly columns: number;
}

/** The Logs Insights link fills six lines of a terminal: it is left to the other channels. */
const URL_LENGTH_MAX = 200;
const COLUMNS_MIN = 40;
const COLUMNS_MAX = 100;

/** The alert for a terminal, ending in a blank line. Links that are longer than `urlLengthMax` are left out. */
export function consoleText(
  alert: Alert,
  {
    urlLengthMax = URL_LENGTH_MAX,
    ...options
  }: Pick<ConsoleOptions, 'color' | 'columns'> & { readonly urlLengthMax?: number },
): string {
  const whole = story(alert);
  const told = { ...whole, links: whole.links.filter(({ url }) => url.length <= urlLengthMax) };
  const colors = pc.createColors(options.color);
  const tones: Record<Tone, (text: string) => string> = {
    critical: colors.red,
    warning: colors.yellow,
    good: colors.green,
    test: colors.cyan,
  };
  const columns = Math.min(COLUMNS_MAX, Math.max(COLUMNS_MIN, options.columns));
  return `${plainText(told, {
    columns,
    style: {
      title: (text) => colors.bold(tones[told.tone](text)),
      heading: colors.bold,
      command: colors.cyan,
      faint: colors.dim,
    },
  })}\n`;
}

export function consoleChannel(options: ConsoleOptions): Channel {
  return {
    name: 'console',
    async send(alert: Alert): Promise<SendResult> {
      options.write(consoleText(alert, options));
      return { ok: true };
    },
  };
}

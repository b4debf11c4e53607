import pc from 'picocolors';
import { formatCountOf, formatDuration, formatUsd } from '../model/format.ts';
import { toIso } from '../model/time.ts';
import { clean } from '../respond/alert/clean.ts';
import { type FunctionBurn, fleetBurn } from '../run/fleet-burn.ts';
import type { RunTickReport } from '../run/run-tick.ts';
import { nextStep } from './incident-table.ts';
import type { Io } from './io.ts';
import { sparkline } from './sparkline.ts';

const FUNCTIONS_SHOWN = 8;
const GAPS_SHOWN = 3;
const NAME_WIDTH = 34;
const SPARK_WIDTH = 24;
const STATE_WIDTH = 'critical'.length + 2;

export interface FrameInput {
  readonly report: RunTickReport;
  /** What the reading has cost since the start, dollars. */
  readonly readUsd: number;
  /** Where the same is shown in a browser; `null`: nowhere. */
  readonly pageUrl: string | null;
}

/** The live view: what burns, what is wrong, what could not be read. Fits 80 columns. */
export function watchFrame(input: FrameInput, io: Io): string {
  const { report } = input;
  const { bold, dim, yellow } = pc.createColors(io.color);
  const { inventory } = report.window;
  const burns = fleetBurn(report);
  const total = burns.reduce((usd, { usdPerHour }) => usd + usdPerHour, 0);
  const lines = [
    `${bold('firebreak')} ${inventory.region} ${dim(`account ${inventory.account}, ${toIso(report.at).slice(11, 16)} UTC`)}`,
    `${bold(`${formatUsd(total)}/h`)} now, ${formatCountOf(inventory.functions.length, 'function')}, ${formatCountOf(inventory.queues.length, 'queue')}; reading cost ${formatUsd(input.readUsd)} so far`,
    ...(input.pageUrl === null ? [] : [`live page, for this machine only: ${input.pageUrl}`]),
    '',
    ...burns.slice(0, FUNCTIONS_SHOWN).map(burnLine),
    '',
    ...incidentLines(report, io),
    ...report.gaps
      .slice(0, GAPS_SHOWN)
      .map(({ resource, operation, reason }) =>
        yellow(cut(`not read: ${operation} ${resource}: ${reason}`, io.columns)),
      ),
  ];
  const more = report.gaps.length - GAPS_SHOWN;
  if (more > 0) lines.push(yellow(`and ${more} more could not be read`));
  return `${lines.join('\n')}\n`;
}

function burnLine({ name, usdPerHour, recentUsd }: FunctionBurn): string {
  const label = cut(clean(name), NAME_WIDTH).padEnd(NAME_WIDTH);
  return `${label} ${sparkline(recentUsd, SPARK_WIDTH).padEnd(SPARK_WIDTH)} ${`${formatUsd(usdPerHour)}/h`.padStart(14)}`;
}

/** A line for what it is, one for what it costs and what to run: a table of it all is wider than a terminal. */
function incidentLines({ result, at, stopped }: RunTickReport, io: Io): readonly string[] {
  const told = result.incidents.filter(({ openedAt, state }) => openedAt !== null && state !== 'resolved');
  if (told.length === 0) return ['no open incidents', ''];
  return told.flatMap((incident) => {
    const { id, state, onsetAt, burn } = incident;
    const cost = `${formatUsd(burn.wastedUsd)} wasted, ${formatUsd(burn.wastedUsdPerHour)}/h now`;
    return [
      cut(`${state.padEnd(STATE_WIDTH)}${clean(id, 120)}`, io.columns),
      `${' '.repeat(STATE_WIDTH)}for ${formatDuration(at - onsetAt)}, ${cost}`,
      `${' '.repeat(STATE_WIDTH)}${nextStep(incident, stopped)}`,
      '',
    ];
  });
}

function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, Math.max(1, width - 1))}…` : text;
}

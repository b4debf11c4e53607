import { families } from '../../src/simulate/families/registry.ts';
import type { Goal } from '../common/goal.ts';
import { percentText, short } from '../common/table.ts';
import {
  bestSinglePeer,
  type DetectionReport,
  perThousand,
  QUIET_PER_THOUSAND,
  totalOf,
  USD_MIN,
} from './figures.ts';
import { minutesText, titleOf, usdText } from './labels.ts';

const ALERTED_SHARE_MIN = 0.95;
const WASTE = 'wasted before the page, all incidents';

export function goalsOf(report: DetectionReport): readonly Goal[] {
  const { rows, noise } = report;
  const large = rows.filter(({ wastedUsd }) => wastedUsd >= USD_MIN);
  const mine = totalOf(large, 'firebreak');
  const usd = totalOf(rows, 'firebreak').usd;
  const oracleUsd = totalOf(rows, 'oracle').usd;
  const rate = perThousand(noise, 'falsePages', 'firebreak');
  const within = (value: number | null, most: number): Pick<Goal, 'measured' | 'isMet'> => ({
    measured: value === null ? 'never' : `${minutesText(value)} min`,
    isMet: value !== null && value <= most,
  });
  return [
    {
      what: `incidents that waste $${USD_MIN} and more`,
      wanted: 'all paged',
      measured: `${percentText(mine.paged / mine.incidents)} (${mine.paged} of ${mine.incidents})`,
      isMet: mine.paged === mine.incidents,
    },
    alerted(report, { words: 'of what each detector is for', group: detectorOf }),
    alerted(report, { words: 'in every family', group: (family) => family }),
    {
      what: 'false pages per 1,000 function-days, on the same traces as the peers',
      wanted: 'at most 1',
      measured: short(rate, 2),
      isMet: rate <= 1,
    },
    { what: 'delay to the page, median', wanted: 'at most 6 min', ...within(mine.medianMinutes, 6) },
    { what: 'delay to the page, 90th percentile', wanted: 'at most 20 min', ...within(mine.p90Minutes, 20) },
    ...against('best single peer', Number.POSITIVE_INFINITY, report),
    ...against('best quiet peer', QUIET_PER_THOUSAND, report),
    {
      what: WASTE,
      wanted: `at most the best peer's of each incident, chosen afterwards: ${usdText(oracleUsd)}`,
      measured: usdText(usd),
      isMet: usd <= oracleUsd,
    },
  ];
}

/** The detector that a family is made for. */
function detectorOf(family: string): string {
  return families[family]?.detectors[0] ?? family;
}

/** How many reach the share, and which do not. */
function alerted(
  { rows }: DetectionReport,
  by: { readonly words: string; readonly group: (family: string) => string },
): Goal {
  const groups = [...new Set(rows.map(({ family }) => by.group(family)))];
  const below = groups.flatMap((group) => {
    const { paged, incidents } = totalOf(
      rows.filter(({ family }) => by.group(family) === group),
      'firebreak-alerts',
    );
    return paged / incidents < ALERTED_SHARE_MIN ? [`${group}: ${paged} of ${incidents}`] : [];
  });
  const rest = below.length === 0 ? '' : ` (${below.join(', ')})`;
  return {
    what: 'incidents alerted, warnings included',
    wanted: `${ALERTED_SHARE_MIN * 100} % ${by.words}`,
    measured: `in ${groups.length - below.length} of ${groups.length}${rest}`,
    isMet: below.length === 0,
  };
}

/** Nothing where no peer is as quiet as that. */
function against(whom: string, falsePerThousandMax: number, report: DetectionReport): readonly Goal[] {
  const peer = bestSinglePeer(report, falsePerThousandMax);
  if (peer === null) return [];
  const usd = totalOf(report.rows, 'firebreak').usd;
  const theirs = totalOf(report.rows, peer).usd;
  const rate = perThousand(report.noise, 'falsePages', peer);
  return [
    {
      what: WASTE,
      wanted: `at most the ${whom}'s: ${usdText(theirs)} (${titleOf(peer)}; ${short(rate, 0)} false pages per 1,000 function-days)`,
      measured: usdText(usd),
      isMet: usd <= theirs,
    },
  ];
}

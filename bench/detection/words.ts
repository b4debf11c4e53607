import { percentText, short } from '../common/table.ts';
import {
  bestSinglePeer,
  type DetectionReport,
  FLEET,
  perThousand,
  QUIET_PER_THOUSAND,
  type Row,
  totalOf,
  USD_MIN,
} from './figures.ts';
import { minutesText, titleOf, usdText } from './labels.ts';
import { PEER_IDS, type PeerId } from './peers/registry.ts';

const minutes = (value: number | null) => (value === null ? 'never' : `${minutesText(value)} min`);
const verdict = (isMet: boolean) => (isMet ? 'met' : 'not met');

/** Goals and how far they are reached, and where a peer is better: from the figures alone. */
export function wordsOf(report: DetectionReport): readonly string[] {
  return [
    '**Goals.**',
    '',
    ...goals(report),
    '',
    '**Where a peer wins.**',
    '',
    ...sooner(report),
    ...lessWaste(report),
    ...lessRent(report),
  ];
}

function goals(report: DetectionReport): readonly string[] {
  const { rows, noise } = report;
  const large = rows.filter(({ wastedUsd }) => wastedUsd >= USD_MIN);
  const mine = totalOf(large, 'firebreak');
  const usd = totalOf(rows, 'firebreak').usd;
  const oracleUsd = totalOf(rows, 'oracle').usd;
  const rate = perThousand(noise, 'falsePages', 'firebreak');
  const within = (value: number | null, most: number) => verdict(value !== null && value <= most);
  return [
    `- Of incidents that waste $${USD_MIN} and more, ${percentText(mine.paged / mine.incidents)} are paged (${mine.paged} of ${mine.incidents}).`,
    `- Delay to the page: median ${minutes(mine.medianMinutes)} (goal 6: ${within(mine.medianMinutes, 6)}), 90th percentile ${minutes(mine.p90Minutes)} (goal 20: ${within(mine.p90Minutes, 20)}).`,
    ...against(
      'the best single peer, however noisy',
      bestSinglePeer(report, Number.POSITIVE_INFINITY),
      report,
      usd,
    ),
    ...against(
      'the best single peer with at most one false page a month of a function',
      bestSinglePeer(report, QUIET_PER_THOUSAND),
      report,
      usd,
    ),
    `- Dollars before the page against the best peer of each incident, chosen afterwards: ${usdText(usd)} to ${usdText(oracleUsd)}, ${short(usd / oracleUsd, 2)} times (goal 1.0 times: ${verdict(usd <= oracleUsd)}).`,
    `- False pages: ${short(rate, 2)} per 1,000 function-days (goal 1: ${verdict(rate <= 1)}).`,
  ];
}

function against(
  what: string,
  peer: PeerId | null,
  { rows, noise }: DetectionReport,
  usd: number,
): readonly string[] {
  if (peer === null) return [`- Dollars before the page against ${what}: there is none.`];
  const theirs = totalOf(rows, peer).usd;
  const rate = perThousand(noise, 'falsePages', peer);
  return [
    `- Dollars before the page against ${what} (${titleOf(peer)}, ${short(rate, rate < 10 ? 1 : 0)} false pages per 1,000 function-days): ${usdText(usd)} to ${usdText(theirs)}, ${short(usd / theirs, 2)} times (goal 1.0 times: ${verdict(usd <= theirs)}).`,
  ];
}

/** How often each peer paged before firebreak did. */
function sooner({ rows, noise }: DetectionReport): readonly string[] {
  const large = rows.filter(({ wastedUsd }) => wastedUsd >= USD_MIN);
  return PEER_IDS.flatMap((peer) => {
    const count = large.filter((row) => isSooner(row, peer)).length;
    if (count === 0) return [];
    return [
      `- ${titleOf(peer)} pages sooner in ${count} of ${large.length} incidents that waste $${USD_MIN} and more, at ${short(perThousand(noise, 'falsePages', peer), 0)} false pages per 1,000 function-days.`,
    ];
  });
}

function isSooner({ minutes: by }: Row, peer: PeerId): boolean {
  const [theirs, mine] = [by[peer], by.firebreak];
  return theirs !== null && (mine === null || theirs < mine);
}

/** Below so many dollars an incident a family is not worth a line. */
const WORTH_A_LINE_USD = 0.1;

/** Families in which a single peer lets less be wasted. */
function lessWaste({ rows, noise }: DetectionReport): readonly string[] {
  const families = [...new Set(rows.map(({ family }) => family))];
  const lost = families.flatMap((family) => {
    const mine = rows.filter((row) => row.family === family);
    const usd = totalOf(mine, 'firebreak').usd;
    const [best] = [...PEER_IDS].sort((a, b) => totalOf(mine, a).usd - totalOf(mine, b).usd);
    const theirs = best === undefined ? usd : totalOf(mine, best).usd;
    return best === undefined || theirs >= usd
      ? []
      : [{ family, usd, best, theirs, incidents: mine.length, saved: usd - theirs }];
  });
  const worth = lost
    .filter(({ saved, incidents }) => saved >= WORTH_A_LINE_USD * incidents)
    .sort((a, b) => b.saved / b.incidents - a.saved / a.incidents);
  return [
    `- In ${lost.length} of ${families.length} families some peer lets less be wasted before its page than firebreak; by ${usdText(WORTH_A_LINE_USD)} an incident and more in ${worth.length}${worth.length === 0 ? '.' : ':'}`,
    ...worth.map(
      ({ family, usd, best, theirs, incidents }) =>
        `  - ${family}: ${usdText(usd / incidents)} an incident, ${titleOf(best)} ${usdText(theirs / incidents)} at ${short(perThousand(noise, 'falsePages', best), 0)} false pages per 1,000 function-days.`,
    ),
  ];
}

/** Peers that cost less to run. */
function lessRent({ usdPerMonth }: DetectionReport): readonly string[] {
  const cheaper = PEER_IDS.filter((peer) => usdPerMonth[peer] < usdPerMonth.firebreak);
  if (cheaper.length === 0) return [];
  const list = cheaper.map((peer) => `${titleOf(peer)} $${short(usdPerMonth[peer], 0)}`).join(', ');
  return [
    `- Cheaper to run, a month for ${FLEET} functions: ${list}; firebreak $${short(usdPerMonth.firebreak, 0)} with everything read every minute, as here (list prices without free tiers; reading alone, alarms alone).`,
  ];
}

const LISTED = 40;

/** Single incidents that firebreak does not page, or after which most is lost. */
export function losses({ rows, falsePagesOfFirebreak }: DetectionReport): readonly string[] {
  const large = rows.filter(({ wastedUsd }) => wastedUsd >= USD_MIN);
  const missed = large.filter((row) => row.minutes.firebreak === null);
  const late = large.filter((row) => (row.minutes.firebreak ?? 0) > 20);
  const line = (row: Row) =>
    `- ${row.family}, seed ${row.seed}: paged ${minutes(row.minutes.firebreak)}, first alert ${minutes(row.minutes['firebreak-alerts'])}, first minute that can be read ${minutes(row.minutes.floor)}, best peer ${minutes(row.minutes.oracle)}; ${usdText(row.usd.firebreak)} of ${usdText(row.wastedUsd)} wasted before the page`;
  const byWaste = (list: readonly Row[]) =>
    [...list].sort((a, b) => b.usd.firebreak - a.usd.firebreak).slice(0, LISTED);
  return [
    `Incidents that waste $${USD_MIN} and more without a page of firebreak: ${missed.length}.`,
    '',
    ...byWaste(missed).map(line),
    '',
    `Paged after more than 20 minutes: ${late.length}.`,
    '',
    ...byWaste(late).map(line),
    '',
    `False pages of firebreak: ${falsePagesOfFirebreak.length}.`,
    '',
    ...falsePagesOfFirebreak.slice(0, LISTED).map((page) => `- ${page}`),
  ];
}

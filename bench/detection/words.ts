import { short } from '../common/table.ts';
import { type DetectionReport, FLEET, perThousand, type Row, totalOf, USD_MIN } from './figures.ts';
import { minutesText, titleOf, usdText } from './labels.ts';
import { PEER_IDS, type PeerId } from './peers/registry.ts';

const minutes = (value: number | null) => (value === null ? 'never' : `${minutesText(value)} min`);

/** Where a peer is better: from the figures alone. */
export function wherePeersWin(report: DetectionReport): readonly string[] {
  return [...sooner(report), ...lessWaste(report), ...lessRent(report)];
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

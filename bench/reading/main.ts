import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { options } from '../common/options.ts';
import { machine, publish } from '../common/results.ts';
import { curveSvg } from './curve.ts';
import { measureFleets } from './fleets.ts';
import type { ReadingMeasure } from './one-fleet.ts';
import { goalsOf, type ReadingReport, section } from './section.ts';

/**
 * What does watching cost, by size of the fleet, and how much later does it see?
 *
 *   npm run bench:reading -- [--seeds N]
 *
 * `--seeds`: of each kind of trouble, default 1.
 *
 * The calls of a tick against a stand-in, a process of its own for each size; costs and delays over simulated fleets.
 */
const FLEETS = [
  { functions: 10, activeShare: 1 },
  { functions: 100, activeShare: 1 },
  { functions: 1_000, activeShare: 1 },
  { functions: 1_000, activeShare: 0.3 },
];

const file = join(import.meta.dirname, `one-fleet${extname(import.meta.filename)}`);
const { seeds } = options('reading', { seeds: 1 });
const at = machine();
const simulated = await measureFleets(seeds);
const report: ReadingReport = {
  machine: at,
  simulated,
  fleets: FLEETS.map(({ functions, activeShare }) => {
    const args = [...process.execArgv, file, String(functions), String(activeShare)];
    const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
    return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', env })) as ReadingMeasure;
  }),
};
publish('reading', { result: report, goals: goalsOf(report), section: section(report) });
const images = join(process.cwd(), 'docs', 'images');
mkdirSync(images, { recursive: true });
writeFileSync(join(images, 'reading.svg'), curveSvg(report));

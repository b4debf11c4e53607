import { execFileSync } from 'node:child_process';
import { extname, join } from 'node:path';
import { machine, saveResult, writeSection } from '../common/results.ts';
import type { ReadingMeasure } from './one-fleet.ts';
import { type ReadingReport, section } from './section.ts';

/** What does reading cost, by size of the fleet? A process of its own for each. */
const FLEETS = [
  { functions: 10, activeShare: 1 },
  { functions: 100, activeShare: 1 },
  { functions: 100, activeShare: 0.3 },
  { functions: 1_000, activeShare: 1 },
  { functions: 1_000, activeShare: 0.3 },
  { functions: 10_000, activeShare: 0.3 },
];

const file = join(import.meta.dirname, `one-fleet${extname(import.meta.filename)}`);
const report: ReadingReport = {
  machine: machine(),
  fleets: FLEETS.map(({ functions, activeShare }) => {
    const args = [...process.execArgv, file, String(functions), String(activeShare)];
    const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
    return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', env })) as ReadingMeasure;
  }),
};
saveResult('reading', report);
writeSection('reading', section(report));

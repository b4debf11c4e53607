import { extname, join } from 'node:path';
import { keptResults } from '../common/kept.ts';
import { options } from '../common/options.ts';
import { runPool } from '../common/pool.ts';
import { commit, machine, publish } from '../common/results.ts';
import { KINDS } from './kinds.ts';
import { type FalseAlarmReport, goalsOf, type KindReport, section } from './section.ts';
import type { FalseAlarmResult, FalseAlarmTask } from './worker.ts';

/**
 * How often does firebreak report something in harmless traffic?
 *
 *   npm run bench:false-alarms -- [--days N] [--seed S]
 *
 * `--days`: active function-days of each kind, default 1,000. Every trace that is done is kept, so that a run that was
 * interrupted goes on where it was; a change of the code starts anew.
 */

/** Nobody looked at these before they were measured. */
const FIRST_SEED = 2_600_000;

/** Whether a run is the first of its kind to reach what is wanted. */
class Progress {
  readonly days = new Map<string, number>();
  readonly results: FalseAlarmResult[] = [];

  add(result: FalseAlarmResult): void {
    this.results.push(result);
    this.days.set(result.kind, this.of(result.kind) + result.activeDays);
  }

  of(kind: string): number {
    return this.days.get(kind) ?? 0;
  }
}

function reportOf(kind: string, results: readonly FalseAlarmResult[]): KindReport {
  const mine = results.filter((result) => result.kind === kind);
  const incidents = mine.flatMap((result) => result.incidents);
  return {
    kind,
    traces: mine.length,
    activeDays: mine.reduce((sum, { activeDays }) => sum + activeDays, 0),
    pages: incidents.filter(({ paged }) => paged).length,
    warnings: incidents.filter(({ paged }) => !paged).length,
  };
}

const { days: daysWanted, seed: firstSeed } = options('false-alarms', { days: 1_000, seed: FIRST_SEED });
const kept = keptResults<FalseAlarmResult>(`false-alarms-${commit()}-${firstSeed}`);
const progress = new Progress();
for (const result of kept.results) progress.add(result);

/** Seeds of each kind are done in order, a round at a time, until the kind has its days. */
const ROUND = 4;
const next = new Map(KINDS.map(({ id }) => [id, firstSeed]));
const done = new Set(progress.results.map(({ kind, seed }) => `${kind}/${seed}`));
for (;;) {
  const tasks: FalseAlarmTask[] = [];
  for (const { id, background } of KINDS) {
    if (progress.of(id) >= daysWanted) continue;
    for (let i = 0; i < ROUND; ) {
      const seed = next.get(id) ?? firstSeed;
      next.set(id, seed + 1);
      if (done.has(`${id}/${seed}`)) continue;
      tasks.push({ kind: id, seed, background });
      i++;
    }
  }
  if (tasks.length === 0) break;
  await runPool<FalseAlarmTask, FalseAlarmResult>({
    file: join(import.meta.dirname, `worker${extname(import.meta.filename)}`),
    tasks,
    onResult: (result) => {
      progress.add(result);
      kept.add(result);
      for (const incident of result.incidents) {
        process.stderr.write(
          `${incident.paged ? 'PAGE' : 'warning'} ${result.kind} seed ${result.seed}: ${incident.id} ${incident.evidence}\n`,
        );
      }
    },
  });
  const days = [...progress.days.values()].reduce((sum, value) => sum + value, 0);
  process.stderr.write(`${Math.round(days)} function-days\n`);
  save();
}
save();

function save(): void {
  const report: FalseAlarmReport = {
    machine: machine(),
    firstSeed,
    cpuMinutes: progress.results.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / 60_000,
    kinds: KINDS.map(({ id }) => reportOf(id, progress.results)),
    reported: progress.results.flatMap(({ kind, seed, incidents }) =>
      incidents.map(({ paged, detectors, evidence }) => ({ kind, seed, paged, detectors, evidence })),
    ),
  };
  publish('false-alarms', { result: report, goals: goalsOf(report), section: section(report) });
}

import { createReadStream } from 'node:fs';
import { appendFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { InputError } from '../../model/errors.ts';
import type { RecordingPlan } from './recording-plan.ts';

/**
 * What a recording has read so far, beside the file it will become: the plan on the first line, then a line for each
 * part. A recording that was interrupted goes on from there, and what was paid for is not read twice.
 */
export interface PartialFile {
  readonly path: string;
  readonly plan: RecordingPlan;
  /** Numbers of the parts that are complete. */
  readonly done: ReadonlySet<number>;
}

const FORMAT = 'firebreak-recording/1';

/** A series as it is kept there, and written to the trace. */
export interface RecordedSeries {
  readonly namespace: string;
  readonly name: string;
  readonly metric: string;
  readonly stat: string;
  readonly values: readonly (number | null)[];
}

interface Part {
  readonly part: number;
  readonly series: readonly RecordedSeries[];
}

export async function createPartial(path: string, plan: RecordingPlan): Promise<PartialFile> {
  await writeFile(path, `${JSON.stringify({ format: FORMAT, plan })}\n`).catch(cannotWrite(path));
  return { path, plan, done: new Set() };
}

export async function appendPart(
  file: PartialFile,
  part: number,
  series: readonly RecordedSeries[],
): Promise<void> {
  await appendFile(file.path, `${JSON.stringify({ part, series })}\n`).catch(cannotWrite(file.path));
}

function cannotWrite(path: string): (cause: NodeJS.ErrnoException) => never {
  return (cause) => {
    throw new InputError(`cannot write ${path}: ${cause.code ?? cause.message}`, { cause });
  };
}

/**
 * Opens what an interrupted recording left; `null`: there is nothing. A line that was being written is cut off.
 * @throws {InputError} when the file is not such a leftover.
 */
export async function openPartial(path: string): Promise<PartialFile | null> {
  if (!(await exists(path))) return null;
  const done = new Set<number>();
  let plan: RecordingPlan | null = null;
  let soundBytes = 0;
  let damaged = false;
  for await (const line of linesOf(path)) {
    // Only the last line may be half written.
    if (damaged) throw notOurs(path);
    const value = parseLine(line);
    if (value === undefined) damaged = true;
    else {
      if (plan === null) plan = planOf(value, path);
      else done.add((value as Part).part);
      soundBytes += Buffer.byteLength(line) + 1;
    }
  }
  if (plan === null) throw notOurs(path);
  await endAfter(path, soundBytes);
  return { path, plan, done };
}

/** Makes the file end with the newline of its last sound line. */
async function endAfter(path: string, soundBytes: number): Promise<void> {
  const { size } = await stat(path);
  if (size < soundBytes) await appendFile(path, '\n');
  else if (size > soundBytes) await truncate(path, soundBytes);
}

/** The series of all parts, in the order of the file. */
export async function* partialSeries(file: PartialFile): AsyncGenerator<RecordedSeries> {
  let first = true;
  for await (const line of linesOf(file.path)) {
    if (!first) yield* (parseLine(line) as Part).series;
    first = false;
  }
}

export async function removePartial(path: string): Promise<void> {
  await rm(path, { force: true });
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function linesOf(path: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
}

/** `undefined`: it is no JSON. */
function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function planOf(value: unknown, path: string): RecordingPlan {
  const first = value as { readonly format?: unknown; readonly plan?: RecordingPlan } | null;
  if (first?.format !== FORMAT || first.plan === undefined) throw notOurs(path);
  return first.plan;
}

function notOurs(path: string): InputError {
  return new InputError(
    `${path} is not what an interrupted recording leaves: remove it, or choose another -o`,
  );
}

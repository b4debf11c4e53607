import type { Queue } from '../../src/model/inventory.ts';
import type { QueueSeries, Series, Window } from '../../src/model/window.ts';

/** A queue, and the one to which its redrive policy moves what fails. */
export interface DeadLetterPair {
  readonly source: Queue;
  readonly deadLetter: string;
}

export function deadLetterPairs({ inventory }: Window): DeadLetterPair[] {
  return inventory.queues.flatMap((source) =>
    source.redrive === null ? [] : [{ source, deadLetter: source.redrive.deadLetterQueue }],
  );
}

/**
 * Messages that arrived in a dead-letter queue in each minute. Moves by the redrive policy are not in
 * NumberOfMessagesSent, so they are what the rise of its content, plus what was deleted, minus what was sent leaves.
 * A fall of the content without deletes is a redrive that moved messages out; it is in `movedOut`.
 * `null`: its depth cannot be read.
 */
export interface DeadLetterFlow {
  readonly arrived: Float64Array;
  readonly movedOut: Float64Array;
}

export function deadLetterFlow(queue: QueueSeries, minutes: number): DeadLetterFlow | null {
  const visible = queue.visible ?? queue.attributeVisible;
  const notVisible = queue.notVisible ?? queue.attributeNotVisible;
  if (visible === undefined) return null;
  if (isStill(queue, visible, notVisible, minutes)) return nothing(minutes);
  const arrived = new Float64Array(minutes);
  const movedOut = new Float64Array(minutes);
  let before = Number.NaN;
  for (let i = 0; i < minutes; i++) {
    const depth = (visible[i] as number) + (notVisible?.[i] || 0);
    if (Number.isNaN(depth)) continue;
    // A queue that was idle publishes nothing: its first datapoint is taken as arrivals only where it starts from none.
    const rise = Number.isNaN(before) ? 0 : depth - before;
    let net = rise + (queue.deleted?.[i] || 0) - (queue.sent?.[i] || 0);
    // What was deleted in a minute after its depth had been read is missing only now: it had not arrived twice.
    const late = i === 0 ? 0 : Math.min(-net, queue.deleted?.[i - 1] || 0, arrived[i - 1] as number);
    if (late > 0) {
      arrived[i - 1] = (arrived[i - 1] as number) - late;
      net += late;
    }
    if (net > 0) arrived[i] = net;
    else movedOut[i] = -net;
    before = depth;
  }
  return { arrived, movedOut };
}

/**
 * Arrivals without those of the newest minute that its deletes explain: the depth may have been read before them, which shows
 * only in the next. They would be taken for arrivals that come and go at once.
 */
export function settledArrivals(
  { arrived }: DeadLetterFlow,
  { deleted }: QueueSeries,
  newest: number,
): Series {
  const settled = arrived.slice();
  if (newest >= 0) settled[newest] = Math.max(0, (arrived[newest] as number) - (deleted?.[newest] || 0));
  return settled;
}

/** Messages in a queue, waiting and in flight, in each minute; `undefined`: cannot be read. */
export function contentOf(queue: QueueSeries): Series | undefined {
  const notVisible = queue.notVisible ?? queue.attributeNotVisible;
  return (queue.visible ?? queue.attributeVisible)?.map((depth, i) => depth + (notVisible?.[i] || 0));
}

/** Whether the depth never changes and nothing is sent or deleted: the usual state of a dead-letter queue. */
function isStill(
  { sent, deleted }: QueueSeries,
  visible: Float64Array,
  notVisible: Float64Array | undefined,
  minutes: number,
): boolean {
  let before = Number.NaN;
  for (let i = 0; i < minutes; i++) {
    const shown = visible[i] as number;
    if (Number.isNaN(shown)) continue;
    const depth = shown + (notVisible?.[i] || 0);
    if (depth !== before && !Number.isNaN(before)) return false;
    if ((sent?.[i] || 0) > 0 || (deleted?.[i] || 0) > 0) return false;
    before = depth;
  }
  return true;
}

let still: DeadLetterFlow = { arrived: new Float64Array(0), movedOut: new Float64Array(0) };

/** No flow, one and the same for all queues that stand still. */
function nothing(minutes: number): DeadLetterFlow {
  if (still.arrived.length !== minutes) {
    still = { arrived: new Float64Array(minutes), movedOut: new Float64Array(minutes) };
  }
  return still;
}

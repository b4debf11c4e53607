import type { QueueSeries } from '../src/model/window.ts';

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
  const arrived = new Float64Array(minutes);
  const movedOut = new Float64Array(minutes);
  let before = Number.NaN;
  for (let i = 0; i < minutes; i++) {
    const depth = (visible[i] as number) + (notVisible?.[i] || 0);
    if (Number.isNaN(depth)) continue;
    // A queue that was idle publishes nothing: its first datapoint is taken as arrivals only where it starts from none.
    const rise = Number.isNaN(before) ? 0 : depth - before;
    const net = rise + (queue.deleted?.[i] || 0) - (queue.sent?.[i] || 0);
    if (net > 0) arrived[i] = net;
    else movedOut[i] = -net;
    before = depth;
  }
  return { arrived, movedOut };
}

import pLimit from 'p-limit';
import { CALLS, type Operation } from './calls.ts';
import type { AwsClients } from './clients.ts';
import { Interrupted } from './failure.ts';
import type { Meter } from './meter.ts';
import type { ReadCounter } from './reads.ts';
import type { Turns } from './turns.ts';

/** Everything that reading over the wire needs, and nothing of what it knows. */
export interface Wire {
  readonly clients: AwsClients;
  readonly reads: ReadCounter;
  readonly turns: Turns;
  readonly meter: Meter;
  /** Gives up when the person interrupts, or when there is no time left. */
  readonly signal?: AbortSignal | undefined;
}

export interface SendOptions {
  readonly abortSignal: AbortSignal;
}

interface Answer {
  readonly $metadata?: { readonly attempts?: number | undefined } | undefined;
}

/** One API call in its turn and within its time limit, counted whether it succeeds or not. */
export async function call<Out extends Answer>(
  wire: Wire,
  operation: Operation,
  send: (options: SendOptions) => Promise<Out>,
  billedMetrics?: number,
): Promise<Out> {
  const { service, timeoutMs, quota } = CALLS[operation];
  if (quota !== null) await wire.turns.take(quota);
  failWhenOver(wire);
  const timeout = AbortSignal.timeout(timeoutMs);
  const abortSignal = wire.signal === undefined ? timeout : AbortSignal.any([timeout, wire.signal]);
  const fromMs = performance.now();
  try {
    const answer = await send({ abortSignal });
    wire.meter.took(operation, billedMetrics ?? 1, performance.now() - fromMs);
    wire.reads.count(service, attemptsOf(answer), billedMetrics);
    return answer;
  } catch (error) {
    wire.reads.count(service, attemptsOf(error), billedMetrics);
    failWhenOver(wire, error);
    throw error;
  }
}

/** @throws {Interrupted} when the person has interrupted, or the time for reading is over. */
function failWhenOver({ signal }: Wire, cause?: unknown): void {
  if (signal?.aborted !== true) return;
  const isLate = signal.reason instanceof Error && signal.reason.name === 'TimeoutError';
  throw new Interrupted(isLate ? 'no time left for it' : 'interrupted', { cause });
}

function attemptsOf(answer: unknown): number {
  const attempts = (answer as Answer | null | undefined)?.$metadata?.attempts;
  return typeof attempts === 'number' && attempts > 0 ? attempts : 1;
}

/** The pages of a listing, as far as they could be read. */
export interface Listing<Item> {
  readonly items: readonly Item[];
  /** Why the listing ends early; `null`: it does not. The first page's error is thrown instead. */
  readonly cutBy: unknown;
  /** Where it goes on, where no more pages were wanted; `null`: nowhere. */
  readonly next: string | null;
  readonly pages: number;
}

/** Which part of a listing to read. Default: from its beginning to its end. */
export interface ListingPart {
  readonly from?: string | undefined;
  readonly pagesMax?: number;
}

/** Follows the pages of a listing up to its limit. A page that fails ends it; what was read before is kept. */
export async function listAll<Item>(
  wire: Wire,
  operation: Operation,
  page: (
    token: string | undefined,
    options: SendOptions,
  ) => Promise<Answer & { readonly items: readonly Item[]; readonly next: string | undefined }>,
  part: ListingPart = {},
): Promise<Listing<Item>> {
  const items: Item[] = [];
  const { pagesMax } = CALLS[operation];
  let token = part.from;
  for (let pages = 0; pages < pagesMax; pages++) {
    if (token !== undefined && pages === part.pagesMax) return { items, cutBy: null, next: token, pages };
    try {
      const answer = await call(wire, operation, (options) => page(token, options));
      items.push(...answer.items);
      const end = { items, next: null, pages: pages + 1 };
      if (!answer.next) return { ...end, cutBy: null };
      if (answer.next === token) return { ...end, cutBy: new Error('AWS repeats the same page') };
      token = answer.next;
    } catch (error) {
      if (pages === 0) throw error;
      return { items, cutBy: error, next: null, pages };
    }
  }
  return { items, cutBy: new Error(`more than ${pagesMax} pages`), next: null, pages: pagesMax };
}

/** Calls under way at once; how many start in a second, their quota says. */
const CALLS_AT_ONCE = 4;

/**
 * Runs `each` over the items, in their order. Stops starting when `each` has returned `stop`, and when there is no time left.
 * `each` must not throw: one item's failure is a gap, not an end.
 */
export async function forEach<Item>(
  wire: Wire,
  items: readonly Item[],
  each: (item: Item) => Promise<'stop' | undefined>,
): Promise<void> {
  let stopped = false;
  const limit = pLimit(CALLS_AT_ONCE);
  await limit.map(items, async (item) => {
    if (stopped || wire.signal?.aborted === true) return;
    if ((await each(item)) === 'stop') stopped = true;
  });
}

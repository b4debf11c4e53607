import { CALLS, type Operation } from './calls.ts';
import type { AwsClients } from './clients.ts';
import { Interrupted } from './failure.ts';
import type { ReadCounter } from './reads.ts';

/** Everything that reading over the wire needs, and nothing of what it knows. */
export interface Wire {
  readonly clients: AwsClients;
  readonly reads: ReadCounter;
  sleep(ms: number): Promise<void>;
  /** Gives up when the person interrupts. */
  readonly signal?: AbortSignal | undefined;
}

export interface SendOptions {
  readonly abortSignal: AbortSignal;
}

interface Answer {
  readonly $metadata?: { readonly attempts?: number | undefined } | undefined;
}

/** One API call within its time limit, counted whether it succeeds or not. */
export async function call<Out extends Answer>(
  wire: Wire,
  operation: Operation,
  send: (options: SendOptions) => Promise<Out>,
  billedMetrics?: number,
): Promise<Out> {
  const { service, timeoutMs } = CALLS[operation];
  const timeout = AbortSignal.timeout(timeoutMs);
  const abortSignal = wire.signal === undefined ? timeout : AbortSignal.any([timeout, wire.signal]);
  try {
    const answer = await send({ abortSignal });
    wire.reads.count(service, attemptsOf(answer), billedMetrics);
    return answer;
  } catch (error) {
    wire.reads.count(service, attemptsOf(error), billedMetrics);
    throw wire.signal?.aborted === true ? new Interrupted('interrupted', { cause: error }) : error;
  }
}

function attemptsOf(answer: unknown): number {
  const attempts = (answer as Answer | null | undefined)?.$metadata?.attempts;
  return typeof attempts === 'number' && attempts > 0 ? attempts : 1;
}

/** The pages of a listing, as far as they could be read. */
export interface Listing<Item> {
  readonly items: readonly Item[];
  /** Why the listing ends early; `null`: it is complete. The first page's error is thrown instead. */
  readonly cutBy: unknown;
}

/** Follows the pages of a listing up to its limit. A page that fails ends it; what was read before is kept. */
export async function listAll<Item>(
  wire: Wire,
  operation: Operation,
  page: (
    token: string | undefined,
    options: SendOptions,
  ) => Promise<Answer & { readonly items: readonly Item[]; readonly next: string | undefined }>,
): Promise<Listing<Item>> {
  const items: Item[] = [];
  const { pagesMax } = CALLS[operation];
  let token: string | undefined;
  for (let pages = 0; pages < pagesMax; pages++) {
    try {
      const answer = await call(wire, operation, (options) => page(token, options));
      items.push(...answer.items);
      if (!answer.next) return { items, cutBy: null };
      if (answer.next === token) return { items, cutBy: new Error('AWS repeats the same page') };
      token = answer.next;
    } catch (error) {
      if (pages === 0) throw error;
      return { items, cutBy: error };
    }
  }
  return { items, cutBy: new Error(`more than ${pagesMax} pages`) };
}

/**
 * Runs `each` over the items, starting at most `perSecond` a second, since a shared quota must not be used up.
 * Stops starting when `each` has returned `stop`. `each` must not throw: one item's failure is a gap, not an end.
 */
export async function paced<Item>(
  wire: Wire,
  items: readonly Item[],
  perSecond: number,
  each: (item: Item) => Promise<'stop' | undefined>,
): Promise<void> {
  let stopped = false;
  const running: Promise<void>[] = [];
  for (const [index, item] of items.entries()) {
    if (index > 0) await wire.sleep(1000 / perSecond);
    if (stopped || wire.signal?.aborted === true) break;
    running.push(
      each(item).then((verdict) => {
        if (verdict === 'stop') stopped = true;
      }),
    );
  }
  await Promise.all(running);
}

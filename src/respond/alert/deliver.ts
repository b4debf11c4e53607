import type { Alert } from '../../model/alert.ts';
import { type EpochMs, HOUR_MS, MINUTE_MS } from '../../model/time.ts';
import type { Store } from '../../store/store.ts';
import type { Channel, SendResult } from '../channel.ts';

/** The part of the store that delivery needs. */
export type Outbox = Pick<
  Store,
  'enqueueAlert' | 'outbox' | 'claimDelivery' | 'releaseDelivery' | 'markDelivered' | 'dequeueAlert'
>;

export interface DeliverOptions {
  readonly store: Outbox;
  readonly channels: readonly Channel[];
  readonly now: () => EpochMs;
  /**
   * How long a claim lasts when its holder dies; longer than any channel takes to send, or an alert is sent twice.
   * Default 2 min.
   */
  readonly claimMs?: number;
  /** An alert older than this is no news: it leaves the outbox, and is reported if nobody got it. Default 24 h. */
  readonly ageMaxMs?: number;
  /** No send is begun after this instant, so that a process with a time limit is not cut off amid one. Default: none. */
  readonly deadlineAt?: EpochMs;
}

/** What became of one alert on one channel in this pass. */
export type ChannelOutcome =
  | { readonly kind: 'sent' }
  /** An earlier pass sent it. */
  | { readonly kind: 'already-delivered' }
  /** Another pass is sending it right now. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'failed'; readonly failure: string; readonly retryable: boolean }
  /** Not tried: the channel failed on an earlier alert of this pass. */
  | { readonly kind: 'channel-down' }
  /** Not tried: the deadline of this pass is over. */
  | { readonly kind: 'postponed' };

export interface AlertOutcome {
  readonly alert: Alert;
  readonly channels: Readonly<Record<string, ChannelOutcome>>;
  /**
   * - `done`: every channel has it, or is permanently unable to take it while another has it.
   * - `partial`: some channel has it; the others are tried again.
   * - `pending`: another pass is at it, or time ran out before its turn.
   * - `undelivered`: nobody was told. Tried again at the next pass.
   * - `expired`: given up; nobody was told.
   */
  readonly state: 'done' | 'partial' | 'pending' | 'undelivered' | 'expired';
  /** It is in the outbox, or need not be. `false`: only the caller still has it, and must decide it anew. */
  readonly isRecorded: boolean;
}

export interface DeliveryReport {
  readonly outcomes: readonly AlertOutcome[];
  /** Operations of the store that failed, by name. The alerts concerned are tried again. */
  readonly storeFailures: readonly string[];
}

const CLAIM_MS = 2 * MINUTE_MS;
const AGE_MAX_MS = 24 * HOUR_MS;

/**
 * Tells people: every alert over every channel, at least once, and more than once only when a process dies between a
 * channel's answer and its record. The outbox comes first, so that a crash loses nothing; each (alert, channel) is
 * claimed, so that overlapping passes do not send it twice; channels work side by side, so that one that hangs or is
 * misconfigured holds up no other. Alerts of earlier passes that are still in the outbox are sent too.
 *
 * Never throws: what could not be done is in the report. Call it before the incidents are saved: an alert that could
 * not even be recorded is then decided again at the next tick.
 */
export async function deliver(alerts: readonly Alert[], options: DeliverOptions): Promise<DeliveryReport> {
  const ledger = ledgerOf(options.store);
  const unrecorded = new Set<string>();
  for (const alert of alerts) {
    if (!(await ledger.try('enqueueAlert', (store) => store.enqueueAlert(alert)))) unrecorded.add(alert.key);
  }
  const due = await dueAlerts(alerts, ledger);
  const byChannel = await Promise.all(
    options.channels.map(async (channel) => ({
      name: channel.name,
      outcomes: await sendAll(due, channel, ledger, options),
    })),
  );
  const outcomes: AlertOutcome[] = [];
  for (const alert of due) {
    const channels: Record<string, ChannelOutcome> = {};
    for (const { name, outcomes: sent } of byChannel)
      channels[name] = sent.get(alert.key) ?? { kind: 'busy' };
    const state = stateOf(alert, Object.values(channels), options);
    const isOver = state === 'done' || state === 'expired';
    if (isOver) await ledger.try('dequeueAlert', (store) => store.dequeueAlert(alert.key));
    outcomes.push({ alert, channels, state, isRecorded: isOver || !unrecorded.has(alert.key) });
  }
  return { outcomes, storeFailures: ledger.failures };
}

/** Runs store operations, and keeps the names of those that failed. */
interface Ledger {
  readonly failures: readonly string[];
  read<Value>(operation: string, run: (store: Outbox) => Promise<Value>): Promise<Value | null>;
  /** Whether it went through. */
  try(operation: string, run: (store: Outbox) => Promise<unknown>): Promise<boolean>;
}

function ledgerOf(store: Outbox): Ledger {
  const failures: string[] = [];
  const attempt = async <Value>(operation: string, run: (store: Outbox) => Promise<Value>) => {
    try {
      return { value: await run(store) };
    } catch {
      failures.push(operation);
      return null;
    }
  };
  return {
    failures,
    read: async (operation, run) => (await attempt(operation, run))?.value ?? null,
    try: async (operation, run) => (await attempt(operation, run)) !== null,
  };
}

/** Everything to tell, oldest first, so that `opened` is read before `resolved`. */
async function dueAlerts(alerts: readonly Alert[], ledger: Ledger): Promise<readonly Alert[]> {
  const queued = (await ledger.read('outbox', (store) => store.outbox())) ?? [];
  const byKey = new Map([...queued, ...alerts].map((alert) => [alert.key, alert]));
  return [...byKey.values()].sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1));
}

/** One channel's pass, in order. After a failure that may pass, the rest waits for the next pass: order is kept. */
async function sendAll(
  due: readonly Alert[],
  channel: Channel,
  ledger: Ledger,
  options: DeliverOptions,
): Promise<ReadonlyMap<string, ChannelOutcome>> {
  const outcomes = new Map<string, ChannelOutcome>();
  let isDown = false;
  for (const alert of due) {
    const isLate = options.now() > (options.deadlineAt ?? Number.POSITIVE_INFINITY);
    const outcome: ChannelOutcome = isLate
      ? { kind: 'postponed' }
      : await sendOne({ alert, channel, ledger, options, isDown });
    outcomes.set(alert.key, outcome);
    isDown ||= outcome.kind === 'failed' && outcome.retryable;
  }
  return outcomes;
}

async function sendOne(work: {
  readonly alert: Alert;
  readonly channel: Channel;
  readonly ledger: Ledger;
  readonly options: DeliverOptions;
  readonly isDown: boolean;
}): Promise<ChannelOutcome> {
  const { alert, channel, ledger, options } = work;
  const id = { key: alert.key, channel: channel.name };
  const now = options.now();
  const claim = await ledger.read('claimDelivery', (store) =>
    store.claimDelivery({ ...id, now, until: now + (options.claimMs ?? CLAIM_MS) }),
  );
  if (claim === 'delivered') return { kind: 'already-delivered' };
  if (claim === 'busy') return { kind: 'busy' };
  // Without an answer from the store it is sent all the same: told twice is better than not told.
  if (work.isDown) {
    if (claim !== null) await ledger.try('releaseDelivery', (store) => store.releaseDelivery(id));
    return { kind: 'channel-down' };
  }
  const result = await sendSafely(channel, alert);
  if (result.ok) {
    const deliveredAt = options.now();
    const mark = () => ledger.try('markDelivered', (store) => store.markDelivered({ ...id, deliveredAt }));
    // Once more, since an alert that was sent and not recorded is sent again.
    if (!(await mark())) await mark();
    return { kind: 'sent' };
  }
  if (claim !== null) await ledger.try('releaseDelivery', (store) => store.releaseDelivery(id));
  return { kind: 'failed', failure: result.failure, retryable: result.retryable };
}

async function sendSafely(channel: Channel, alert: Alert): Promise<SendResult> {
  try {
    return await channel.send(alert);
  } catch {
    return { ok: false, retryable: true, failure: `${channel.name}-threw` };
  }
}

function stateOf(
  alert: Alert,
  outcomes: readonly ChannelOutcome[],
  options: DeliverOptions,
): AlertOutcome['state'] {
  const isTold = outcomes.some(({ kind }) => kind === 'sent' || kind === 'already-delivered');
  const isOpen = (outcome: ChannelOutcome): boolean =>
    ['busy', 'channel-down', 'postponed'].includes(outcome.kind) ||
    (outcome.kind === 'failed' && outcome.retryable);
  const isOld = options.now() - alert.at > (options.ageMaxMs ?? AGE_MAX_MS);
  if (isTold) return isOld || !outcomes.some(isOpen) ? 'done' : 'partial';
  if (outcomes.some(({ kind }) => kind === 'busy' || kind === 'postponed')) return 'pending';
  return isOld ? 'expired' : 'undelivered';
}

import { UnavailableError } from '../../../src/model/errors.ts';
import { type EventSourceReading, type KillPort, TryAgain } from '../../../src/respond/kill/port.ts';

export interface FakeMapping {
  enabled: boolean;
  maximumConcurrency: number | null;
  /** Reads until `Disabling` becomes `Disabled`; meanwhile AWS refuses changes. */
  settlesIn: number;
}

/** What is set in AWS: compared before a kill and after its restore. */
export interface FakeSettings {
  readonly mappings: Readonly<Record<string, boolean>>;
  readonly reservedConcurrency: number | null;
  /** Limits of mappings that have one. */
  readonly limits?: Readonly<Record<string, number>>;
}

/** A call that goes wrong: before it took effect, or after (its answer is lost). */
export type Fault = 'before' | 'after' | 'busy';

/** One function and its mappings, as the control plane has them. Every call can be made to go wrong. */
export interface FakeLambda {
  readonly port: KillPort;
  settings(): FakeSettings;
  /** Changes that were made through the port, in order. */
  readonly changes: string[];
  /** Faults of the next calls, one each; then all is well. */
  faults: (Fault | null)[];
  /** Calls in all. */
  calls: number;
  /** Somebody else changes something. */
  setMapping(id: string, enabled: boolean): void;
  removeMapping(id: string): void;
  setLimit(id: string, maximumConcurrency: number | null): void;
  /** Mappings that know no limit: streams, provisioned pollers. */
  unlimitable: Set<string>;
  setReservedConcurrency(value: number | null): void;
  /** Concurrency that may be reserved at most; more is refused. */
  reservable: number;
  /** Runs before every change that goes through the port. */
  onChange: () => void | Promise<void>;
}

export function fakeLambda(start: FakeSettings, options: { settleReads?: number } = {}): FakeLambda {
  const settleReads = options.settleReads ?? 0;
  const mappings = new Map<string, FakeMapping>(
    Object.entries(start.mappings).map(([id, enabled]) => [
      id,
      { enabled, settlesIn: 0, maximumConcurrency: start.limits?.[id] ?? null },
    ]),
  );
  let reserved = start.reservedConcurrency;

  const lambda: FakeLambda = {
    port: {
      getEventSource: (id) => call(async () => reading(id, mappings.get(id))),
      setEventSourceEnabled: (id, enabled) =>
        change(`${id} ${enabled ? 'enabled' : 'disabled'}`, () => {
          const mapping = mappings.get(id);
          if (mapping === undefined) throw new TryAgain('AWS says it does not exist');
          if (mapping.settlesIn > 0) throw new TryAgain('AWS is busy with it (ResourceInUseException)');
          if (mapping.enabled !== enabled) mappings.set(id, { ...mapping, enabled, settlesIn: settleReads });
        }),
      setMaximumConcurrency: (id, maximumConcurrency) =>
        change(`${id} at most ${maximumConcurrency ?? 'any'}`, () => {
          const mapping = mappings.get(id);
          if (mapping === undefined) throw new TryAgain('AWS says it does not exist');
          if (mapping.settlesIn > 0) throw new TryAgain('AWS is busy with it (ResourceInUseException)');
          mappings.set(id, { ...mapping, maximumConcurrency });
        }),
      getReservedConcurrency: () => call(async () => reserved),
      putReservedConcurrency: (_, value) =>
        change(`concurrency ${value}`, () => {
          if (value > lambda.reservable) throw new UnavailableError('not enough unreserved concurrency');
          reserved = value;
        }),
      deleteReservedConcurrency: () =>
        change('concurrency none', () => {
          reserved = null;
        }),
    },
    settings: () => {
      const limits = [...mappings].flatMap(([id, { maximumConcurrency }]) =>
        maximumConcurrency === null ? [] : [[id, maximumConcurrency] as const],
      );
      return {
        mappings: Object.fromEntries([...mappings].map(([id, { enabled }]) => [id, enabled])),
        reservedConcurrency: reserved,
        ...(limits.length === 0 ? {} : { limits: Object.fromEntries(limits) }),
      };
    },
    changes: [],
    faults: [],
    calls: 0,
    setMapping: (id, enabled) =>
      void mappings.set(id, { maximumConcurrency: null, ...mappings.get(id), enabled, settlesIn: 0 }),
    removeMapping: (id) => void mappings.delete(id),
    setLimit: (id, maximumConcurrency) =>
      void mappings.set(id, { enabled: true, settlesIn: 0, ...mappings.get(id), maximumConcurrency }),
    unlimitable: new Set(),
    setReservedConcurrency: (value) => {
      reserved = value;
    },
    reservable: Number.POSITIVE_INFINITY,
    onChange: () => undefined,
  };
  return lambda;

  async function change(what: string, act: () => void): Promise<void> {
    await call(async () => {
      await lambda.onChange();
      act();
      lambda.changes.push(what);
    });
  }

  async function call<T>(act: () => Promise<T>): Promise<T> {
    lambda.calls += 1;
    const fault = lambda.faults.shift() ?? null;
    if (fault === 'busy') throw new TryAgain('AWS is busy with it (TooManyRequestsException)');
    if (fault === 'before') throw new UnavailableError('network down');
    const result = await act();
    if (fault === 'after') throw new UnavailableError('answer lost');
    return result;
  }

  function reading(id: string, mapping: FakeMapping | undefined): EventSourceReading | 'gone' {
    if (mapping === undefined) return 'gone';
    const { enabled, maximumConcurrency } = mapping;
    const isSettled = mapping.settlesIn === 0;
    if (!isSettled) mapping.settlesIn -= 1;
    const state = enabled ? (isSettled ? 'Enabled' : 'Enabling') : isSettled ? 'Disabled' : 'Disabling';
    const canBeLimited = !lambda.unlimitable.has(id);
    return { enabled, isSettled, state, maximumConcurrency, canBeLimited };
  }
}

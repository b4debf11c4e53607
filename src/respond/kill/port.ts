/** Where an event source mapping is, or is heading. */
export interface EventSourceReading {
  /** `null` while AWS does not say (Creating, Updating). */
  readonly enabled: boolean | null;
  /** Whether it has arrived: `Disabling` is not yet `Disabled`. */
  readonly isSettled: boolean;
  /** As AWS names it. */
  readonly state: string;
  /** `null`: as many copies as it likes. */
  readonly maximumConcurrency: number | null;
  /** Whether it knows such a limit: queues do, unless their pollers are provisioned; streams do not. */
  readonly canBeLimited: boolean;
}

/**
 * The six things that the kill switch asks of AWS. Each throws `UnavailableError` in words for a person where AWS denies it, and
 * {@link TryAgain} where AWS is only busy with that resource.
 */
export interface KillPort {
  /** `gone`: there is no such mapping any more. */
  getEventSource(id: string): Promise<EventSourceReading | 'gone'>;
  setEventSourceEnabled(id: string, enabled: boolean): Promise<void>;
  /** 2 to 1,000; `null` takes the limit away. */
  setMaximumConcurrency(id: string, maximumConcurrency: number | null): Promise<void>;
  /** `null`: no reservation, which is not 0. `gone`: there is no such function any more. */
  getReservedConcurrency(functionName: string): Promise<number | null | 'gone'>;
  putReservedConcurrency(functionName: string, reservedConcurrency: number): Promise<void>;
  deleteReservedConcurrency(functionName: string): Promise<void>;
}

/** AWS is changing that resource, throttles, or no longer has it: look again, then decide. */
export class TryAgain extends Error {
  override readonly name = 'TryAgain';
}

import { UnavailableError } from '../../src/model/errors.ts';
import { TryAgain } from '../../src/respond/kill/port.ts';

/** Where a process touches the world: `store.putIncident`, `channel.slack`, `port.setEventSourceEnabled`. */
export type Seam = string;

/** What happens to one call. */
export type Fault =
  /** It does not happen, and says so. */
  | 'fails'
  /** It happens, and the answer is lost. */
  | 'answer-lost'
  /** AWS is busy with it: throttled, or being changed. */
  | 'busy'
  /** The process dies before it, or is ended while it hangs. */
  | 'dies-before'
  /** The process dies after it took effect and before it hears so. */
  | 'dies-after';

/** Which fault the next call at a seam meets; `null`: none. */
export type Fate = (seam: Seam) => Fault | null;

const NEVER = new Promise<never>(() => undefined);

/** A process whose every call may go wrong, and that may die at any of them. */
export interface Process {
  through<T>(seam: Seam, act: () => Promise<T>): Promise<T>;
  /** Runs it to its end: what it gave, what it threw, or that it died. */
  run<T>(body: () => Promise<T>): Promise<Ended<T>>;
}

export type Ended<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'threw'; readonly error: unknown }
  | { readonly kind: 'died' };

export function process(fate: Fate): Process {
  let isDead = false;
  let announce = (): void => undefined;
  const death = new Promise<void>((resolve) => {
    announce = resolve;
  });
  const die = () => {
    isDead = true;
    announce();
    return NEVER;
  };
  return {
    async through(seam, act) {
      if (isDead) return NEVER;
      const fault = fate(seam);
      if (fault === 'dies-before') return die();
      if (fault === 'fails') throw new UnavailableError(`${seam} failed`);
      if (fault === 'busy') throw new TryAgain('AWS is busy with it (TooManyRequestsException)');
      const value = await act();
      if (isDead) return NEVER;
      if (fault === 'dies-after') return die();
      if (fault === 'answer-lost') throw new UnavailableError(`answer of ${seam} lost`);
      return value;
    },
    run: (body) =>
      Promise.race([
        body().then(
          (value) => ({ kind: 'done', value }) as const,
          (error: unknown) => ({ kind: 'threw', error }) as const,
        ),
        death.then(() => ({ kind: 'died' }) as const),
      ]),
  };
}

/** Every function of an object, each behind a seam of its own. */
export function behind<T extends object>(name: string, target: T, { through }: Process): T {
  const entries = Object.entries(target).map(([operation, call]) => [
    operation,
    typeof call === 'function'
      ? (...args: unknown[]) => through(`${name}.${operation}`, async () => call(...args))
      : call,
  ]);
  return Object.fromEntries(entries) as T;
}

import type { KillDeps } from '../../../src/respond/kill/deps.ts';
import { type MemoryData, memoryStore } from '../../../src/store/memory-store.ts';
import { depsOf } from './builders.ts';
import type { FakeLambda } from './fake-lambda.ts';

/** A command that makes its calls one by one, when it is told to. */
export interface Stepped<T> {
  /** Lets it make so many calls more; `false` once it has ended. */
  advance(calls: number): Promise<boolean>;
  /** How it ended. */
  readonly result: Promise<PromiseSettledResult<T>>;
}

/** Runs a command whose every call of AWS and of the store waits for its turn. */
export function stepped<T>(
  lambda: FakeLambda,
  data: MemoryData,
  command: (deps: KillDeps) => Promise<T>,
): Stepped<T> {
  let arrived = deferred<'call' | 'end'>();
  let release = deferred<void>();
  const inTurn =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      arrived.resolve('call');
      await release.promise;
      return call(...args);
    };
  const { port } = lambda;
  const store = memoryStore(data);
  const result = Promise.allSettled([
    command({
      ...depsOf(lambda, data),
      port: {
        getEventSource: inTurn(port.getEventSource),
        setEventSourceEnabled: inTurn(port.setEventSourceEnabled),
        setMaximumConcurrency: inTurn(port.setMaximumConcurrency),
        getReservedConcurrency: inTurn(port.getReservedConcurrency),
        putReservedConcurrency: inTurn(port.putReservedConcurrency),
        deleteReservedConcurrency: inTurn(port.deleteReservedConcurrency),
      },
      store: {
        openKill: inTurn(store.openKill),
        kills: inTurn(store.kills),
        createKill: inTurn(store.createKill),
        updateKill: inTurn(store.updateKill),
      },
    }),
  ]).then(([only]) => {
    arrived.resolve('end');
    return only;
  });
  return {
    result,
    async advance(calls) {
      for (let call = 0; call < calls; call++) {
        if ((await arrived.promise) === 'end') return false;
        const go = release;
        arrived = deferred();
        release = deferred();
        go.resolve();
      }
      // The last call is made before this returns: whoever is next finds its effect.
      return (await arrived.promise) === 'call';
    },
  };
}

function deferred<T>() {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

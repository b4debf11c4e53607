import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

/** How an invocation ended; `died`: with its process. */
export type Ended = 'done' | 'threw' | 'died';

/** An execution environment of one bundled handler. It is made anew after it died. */
export interface LambdaProcess {
  invoke(event: unknown): Promise<Ended>;
  /** Ends it at once, whatever it is doing. */
  kill(): void;
  /** What it has logged. */
  readonly log: () => string;
}

const main = join(import.meta.dirname, 'lambda-process.mjs');
const clock = join(import.meta.dirname, '../emulator/function-clock.cjs');

/** `env`: all that the function finds in its environment, asked for whenever a process begins. */
export function lambdaProcess(bundle: string, env: () => Readonly<Record<string, string>>): LambdaProcess {
  let child: ChildProcess | null = null;
  let log = '';
  const begin = async (): Promise<ChildProcess | null> => {
    const begun = fork(main, [bundle], {
      env: env(),
      execArgv: ['--require', clock],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const hear = (chunk: Buffer) => {
      log += chunk.toString();
    };
    begun.stdout?.on('data', hear);
    begun.stderr?.on('data', hear);
    child = begun;
    return (await next(begun)) === 'ready' ? begun : null;
  };
  return {
    async invoke(event) {
      const alive = child?.exitCode === null && child.signalCode === null ? child : await begin();
      alive?.send(event as object);
      const ended = alive === null ? null : await next(alive);
      return ended === 'done' || ended === 'threw' ? ended : 'died';
    },
    kill() {
      child?.kill('SIGKILL');
      child = null;
    },
    log: () => log,
  };
}

/** What it says next; `null`: it has died. */
function next(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => {
    const over = (message: unknown) => {
      child.off('message', over).off('exit', gone);
      resolve(message);
    };
    const gone = () => over(null);
    child.on('message', over).on('exit', gone);
  });
}

import { fork } from 'node:child_process';

/** Processes at once: what a small build machine has. */
const WORKERS = 2;

/** Runs a worker file over tasks in two processes or as many as are asked for; results in the order in which they come. */
export async function runPool<Task, Result>(input: {
  readonly file: string;
  readonly tasks: readonly Task[];
  readonly workers?: number;
  readonly onResult: (result: Result, task: Task) => void;
}): Promise<void> {
  let next = 0;
  const run = () =>
    new Promise<void>((resolve, reject) => {
      const child = fork(input.file, { execArgv: process.execArgv });
      let current: Task | undefined;
      const give = () => {
        current = input.tasks[next++];
        if (current === undefined) child.disconnect();
        else child.send(current as object);
      };
      child.on('message', (result) => {
        if (current !== undefined) input.onResult(result as Result, current);
        give();
      });
      child.on('error', reject);
      child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`))));
      give();
    });
  await Promise.all(Array.from({ length: Math.min(input.workers ?? WORKERS, input.tasks.length) }, run));
}

/** The other side: answers each task of the pool. */
export function serveTasks<Task, Result>(work: (task: Task) => Promise<Result>): void {
  process.on('message', async (task) => {
    const result = await work(task as Task);
    process.send?.(result as object);
  });
}

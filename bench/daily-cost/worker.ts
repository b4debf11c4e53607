import { serveTasks } from '../common/pool.ts';
import { type AccountScore, scoreAccount } from './score.ts';

export interface AccountTask {
  readonly seed: number;
}

serveTasks<AccountTask, AccountScore>(async ({ seed }) => scoreAccount(seed));

import { serveTasks } from '../common/pool.ts';
import { type CorpusResult, type CorpusTask, scoreSeed } from './score.ts';

serveTasks<CorpusTask, CorpusResult>(async (task) => scoreSeed(task));

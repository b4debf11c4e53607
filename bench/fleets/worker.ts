import { serveTasks } from '../common/pool.ts';
import { type CostResult, type CostTask, cost } from './cost.ts';
import { type DelayResult, type DelayTask, delay } from './delay.ts';

export type FleetTask = CostTask | DelayTask;
export type FleetResult = CostResult | DelayResult;

serveTasks((task: FleetTask): Promise<FleetResult> => (task.kind === 'cost' ? cost(task) : delay(task)));

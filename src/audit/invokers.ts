/** Service principals that invoke a function asynchronously (AWS Lambda developer guide, "Using Lambda with ...", 2026). */
const ASYNCHRONOUS: ReadonlyMap<string, string> = new Map([
  ['sns', 'SNS'],
  ['s3', 'S3'],
  ['events', 'EventBridge'],
  ['scheduler', 'EventBridge Scheduler'],
  ['ses', 'SES'],
  ['logs', 'CloudWatch Logs'],
  ['config', 'AWS Config'],
  ['codecommit', 'CodeCommit'],
  ['iot', 'IoT'],
  ['iotevents', 'IoT Events'],
  ['cloudformation', 'CloudFormation'],
]);

export interface Invoker {
  readonly name: string;
  readonly asynchronous: boolean;
}

/** Who a statement of a function's policy lets invoke it, from a principal such as `sns.amazonaws.com`. */
export function invokerOf(principal: string): Invoker {
  const service = principal.replace(/\.amazonaws\.com(\.cn)?$/, '').split('.')[0] ?? principal;
  const name = ASYNCHRONOUS.get(service);
  return name === undefined ? { name: principal, asynchronous: false } : { name, asynchronous: true };
}

/** Distinct names of the invokers of one kind, in order. */
export function invokerNames(invokers: readonly Invoker[], asynchronous: boolean): readonly string[] {
  const names = invokers.filter((invoker) => invoker.asynchronous === asynchronous).map(({ name }) => name);
  return [...new Set(names)].sort();
}

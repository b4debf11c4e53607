/** The parts of an ARN that firebreak uses. */
export interface Arn {
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** What follows the account; may hold colons and slashes. */
  readonly resource: string;
}

/** `null`: the text is no ARN. */
export function parseArn(text: string): Arn | null {
  const [prefix, partition, service, region, account, ...resource] = text.split(':');
  if (prefix !== 'arn' || !partition || !service || resource.length === 0) return null;
  return { service, region: region ?? '', account: account ?? '', resource: resource.join(':') };
}

/** Function name of a function ARN, which may end in a version or alias; `null`: it is none. */
export function functionNameOf(arn: string): string | null {
  const parsed = parseArn(arn);
  const [kind, name] = parsed?.resource.split(':') ?? [];
  return parsed?.service === 'lambda' && kind === 'function' && name ? name : null;
}

/** Where something is. */
interface Place {
  readonly account: string;
  readonly region: string;
}

export function functionArn(place: Place, name: string): string {
  return arnOf('lambda', place, `function:${name}`);
}

export function eventSourceMappingArn(place: Place, id: string): string {
  return arnOf('lambda', place, `event-source-mapping:${id}`);
}

export function queueArn(place: Place, name: string): string {
  return arnOf('sqs', place, name);
}

function arnOf(service: string, { account, region }: Place, resource: string): string {
  return `arn:${partitionOf(region)}:${service}:${region}:${account}:${resource}`;
}

/** Partition of a region (AWS documentation, "Amazon Resource Names", 2026). */
function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

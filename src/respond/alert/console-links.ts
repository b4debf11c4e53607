import type { Alert } from '../../model/alert.ts';
import { type EpochMs, MINUTE_MS, toIso } from '../../model/time.ts';

export interface Link {
  readonly kind: 'function' | 'queue' | 'logs';
  readonly label: string;
  readonly url: string;
}

interface Partition {
  readonly prefix: string;
  readonly console: string;
  readonly endpointSuffix: string;
}

/**
 * Web console and endpoint domains by region prefix. The isolated partitions have no public console: no link is
 * better than a wrong one.
 * @see https://docs.aws.amazon.com/general/latest/gr/mgmt-console.html (2026-11)
 * @see https://docs.amazonaws.cn/en_us/aws/latest/userguide/endpoints-Beijing.html (2026-11)
 */
const PARTITIONS: readonly Partition[] = [
  { prefix: 'cn-', console: 'console.amazonaws.cn', endpointSuffix: 'amazonaws.com.cn' },
  { prefix: 'us-gov-', console: 'console.amazonaws-us-gov.com', endpointSuffix: 'amazonaws.com' },
  { prefix: 'eusc-', console: 'console.amazonaws-eusc.eu', endpointSuffix: 'amazonaws.eu' },
];
const COMMERCIAL: Partition = {
  prefix: '',
  console: 'console.aws.amazon.com',
  endpointSuffix: 'amazonaws.com',
};
const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d+$/;
const REGION_LENGTH_MAX = 30;
/** No function, queue or stream has a longer name: a longer one is no link worth following. */
const NAME_LENGTH_MAX = 140;
const ISOLATED = /^(us|eu)-iso/;

/** Minutes of log around the onset: what went before it, and the first failures. */
const LOGS_BEFORE_MINUTES = 5;
const LOGS_AFTER_MINUTES = 30;
const LOGS_QUERY = `fields @timestamp, @requestId, @message
| filter @message like /(?i)(error|exception|timed out|fatal|out of memory)/
| sort @timestamp asc
| limit 200`;

/** Pages of the AWS web console that an alert is about; none for a region without a public console. */
export function consoleLinks(alert: Alert): readonly Link[] {
  const { region, account, incident } = alert;
  const links: Link[] = [];
  if (!REGION.test(region) || region.length > REGION_LENGTH_MAX || ISOLATED.test(region)) return links;
  if (incident.functionName !== null && incident.functionName.length <= NAME_LENGTH_MAX) {
    links.push({ kind: 'function', label: 'Function', url: functionUrl(region, incident.functionName) });
    links.push({
      kind: 'logs',
      label: `Logs around ${toIso(incident.onsetAt).slice(11, 16)} UTC`,
      url: logsUrl({ region, functionName: incident.functionName, aroundAt: incident.onsetAt }),
    });
  }
  if (incident.queueName !== null && incident.queueName.length <= NAME_LENGTH_MAX) {
    links.push({
      kind: 'queue',
      label: 'Queue',
      url: queueUrl({ region, account, name: incident.queueName }),
    });
  }
  return links;
}

export function functionUrl(region: string, functionName: string): string {
  return `${home(region, 'lambda')}#/functions/${encode(functionName)}?tab=monitoring`;
}

export function queueUrl(queue: {
  readonly region: string;
  readonly account: string;
  readonly name: string;
}): string {
  const { region, account, name } = queue;
  const url = `https://sqs.${region}.${partitionOf(region).endpointSuffix}/${account}/${name}`;
  return `${home(region, 'sqs/v3')}#/queues/${encode(url)}`;
}

/** Logs Insights with a query for failures already filled in, on the function's default log group. */
export function logsUrl(logs: {
  readonly region: string;
  readonly functionName: string;
  readonly aroundAt: EpochMs;
}): string {
  const detail =
    `~(end~${text(isoMs(logs.aroundAt + LOGS_AFTER_MINUTES * MINUTE_MS))}` +
    `~start~${text(isoMs(logs.aroundAt - LOGS_BEFORE_MINUTES * MINUTE_MS))}` +
    `~timeType~${text('ABSOLUTE')}~tz~${text('UTC')}` +
    `~editorString~${text(LOGS_QUERY)}` +
    `~source~(~${text(`/aws/lambda/${logs.functionName}`)}))`;
  return `${home(logs.region, 'cloudwatch')}#logsV2:logs-insights${fragment(`?queryDetail=${percent(detail)}`)}`;
}

function home(region: string, service: string): string {
  return `https://${region}.${partitionOf(region).console}/${service}/home?region=${region}`;
}

function partitionOf(region: string): Partition {
  return PARTITIONS.find(({ prefix }) => region.startsWith(prefix)) ?? COMMERCIAL;
}

function isoMs(at: EpochMs): string {
  return `${toIso(at).slice(0, -1)}.000Z`;
}

/** A string within `queryDetail`: a leading quote, and `*xx` for everything but letters, digits, `-`, `.` and `_`. */
function text(value: string): string {
  return `'${encode(value)
    .replaceAll('~', '%7E')
    .replace(/%(..)/g, (_, hex: string) => `*${hex.toLowerCase()}`)}`;
}

/** The console reads `queryDetail` percent-encoded once, so that no mail program ends the link at a quote or bracket. */
function percent(detail: string): string {
  return detail.replace(/[~()']/g, toPercent);
}

/** The part after `#logsV2:`: percent-encoded with `$` in place of `%`. */
function fragment(value: string): string {
  return encodeURIComponent(value).replaceAll('%', '$');
}

/** As RFC 3986 has it; `encodeURIComponent` leaves five characters that end a link in some programs. */
function encode(value: string): string {
  return encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\ufffd')).replace(/[!'()*]/g, toPercent);
}

function toPercent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

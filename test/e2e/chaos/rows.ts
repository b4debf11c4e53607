import { HOUR_MS } from '../../../src/model/time.ts';
import type { Act, Call, Fate } from './faulty-proxy.ts';
import { at, type Monitor } from './monitor.ts';

/** One thing that goes wrong over the wire while a retry loop is seen, stopped and put back. */
export interface Row {
  readonly name: string;
  /** Calls meet a fault at the proxy. */
  readonly isFaulty?: true;
  /** Before tick 0, 1, 2, ... */
  readonly before?: (monitor: Monitor, tick: number) => unknown;
  readonly beforeRestore?: (monitor: Monitor) => void;
  /** Ticks, and kill functions for each kill, that run at once. Default 1. */
  readonly atOnce?: number;
  /** How the first tick ends. Default `done`. */
  readonly firstTick?: 'threw' | 'died';
  /** A channel may have an alert twice: it took it, and nobody heard so. Default false. */
  readonly mayTellTwice?: boolean;
}

/** From the first tick on, however often they say. */
const first = (fate: Fate) => ({
  isFaulty: true as const,
  before: ({ proxy }: Monitor, tick: number) => {
    if (tick === 0) proxy.fate = (call) => fate(call);
  },
});
/** While the first tick and its kills run. */
const inFirstMinute = (fate: Fate) => ({
  isFaulty: true as const,
  before: ({ proxy }: Monitor, tick: number) => {
    proxy.fate = tick === 0 ? fate : () => null;
  },
});
const whenRestoring = (fate: Fate) => ({
  isFaulty: true as const,
  beforeRestore: ({ proxy }: Monitor) => {
    proxy.fate = fate;
  },
});
const error = (status: number, code: string): Act => ({ kind: 'error', status, code });
const edit = (change: (answer: Record<string, unknown>) => object): Act => ({
  kind: 'edit',
  edit: (answer) => JSON.stringify(change(JSON.parse(answer))),
});

const THROTTLED = error(400, 'ThrottlingException');
const REFUSED: Act = { kind: 'refuse' };
const CUT: Act = { kind: 'cut' };
const ANSWER_LOST: Act = { kind: 'lose-answer' };
const DIES_BEFORE: Act = { kind: 'crash', when: 'before' };
const DIES_AFTER: Act = { kind: 'crash', when: 'after' };

const LIST_FUNCTIONS = /^GET \/functions\/?(\?|\s)/;
const METRICS = /^GetMetricData /;
const RECORDS_ALERT = /^PutItem .*"OUTBOX"/;
const SAVES_INCIDENT = /^PutItem .*"INCIDENT/;
const STARTS_KILL = /^POST \/functions\/firebreak-kill\/invocations /;
const CLAIMS = /^PutItem .*"DELIVERY#.*"claim":/;
const MARKS_DELIVERED = /^PutItem .*"DELIVERY#.*"deliveredAt":/;
const PUBLISHES = /^Publish /;
const RECORDS_KILL = /^PutItem .*"open#.*attribute_not_exists\(pk\)/;
const RECORDS_KILLED = /^PutItem .*"open#.*state\\":\\"killed/;
const RECORDS_RESTORING = /^PutItem .*"open#.*state\\":\\"restoring/;
const RECORDS_RESTORED = /^TransactWriteItems /;
const SWITCHES_MAPPING = /^PUT \/event-source-mappings\//;

/** The first page of the functions is empty; the second one is refused by AWS. */
const cutOffListing = (call: Call): Act | null => {
  if (!call.operation.startsWith('GET /functions') || !LIST_FUNCTIONS.test(`${call.operation} `)) return null;
  return call.operation.includes('Marker=')
    ? error(503, 'ServiceException')
    : edit((answer) => ({ ...answer, Functions: [], NextMarker: 'page-2' }));
};

export const ROWS: readonly Row[] = [
  { name: 'nothing' },
  { name: 'the connection is cut amid the listing of functions', ...first(at(LIST_FUNCTIONS, CUT)) },
  {
    name: 'metrics are cut off amid, whenever they are asked for',
    ...inFirstMinute(at(METRICS, CUT, { times: 40 })),
  },
  {
    name: 'the API is down for one tick',
    ...inFirstMinute(() => REFUSED),
    firstTick: 'threw',
  },
  {
    name: 'the API goes down amid a tick, while metrics are read',
    ...inFirstMinute(from(METRICS, REFUSED)),
    firstTick: 'threw',
  },
  { name: 'metrics are throttled twice', ...throttled(at(METRICS, THROTTLED, { times: 2 })) },
  { name: 'the table is throttled', ...throttled(at(CLAIMS, THROTTLED)) },
  { name: 'the topic is throttled for one tick', ...throttled(at(PUBLISHES, THROTTLED, { times: 4 })) },
  {
    name: 'disabling the mapping answers 429',
    ...throttled(at(SWITCHES_MAPPING, error(429, 'TooManyRequestsException'), { times: 2 })),
  },
  { name: 'everything answers 503 once', ...first(eachOnce(error(503, 'ServiceUnavailable'))) },
  {
    name: 'a queue hangs until the client gives up',
    ...inFirstMinute(at(/^GetQueueAttributes /, { kind: 'hang' }, { times: 40 })),
  },
  { name: 'Lambda ends a tick that hangs', ...first(at(METRICS, DIES_BEFORE)), firstTick: 'died' },
  { name: 'a page of the listing cannot be had', ...inFirstMinute(cutOffListing) },
  {
    name: 'a page of the listing comes again and again',
    ...inFirstMinute(
      at(
        LIST_FUNCTIONS,
        edit((answer) => ({ ...answer, NextMarker: 'again' })),
        { times: 40 },
      ),
    ),
  },
  {
    name: 'credentials are expired for one tick',
    ...inFirstMinute(() => error(400, 'ExpiredTokenException')),
    firstTick: 'threw',
  },
  { name: 'what the table holds is cut off amid', ...first(at(/^Query /, CUT, { times: 2 })) },
  {
    name: 'the incident cannot be saved',
    ...inFirstMinute(at(SAVES_INCIDENT, error(500, 'InternalServerError'), { times: 9 })),
    firstTick: 'threw',
  },
  { name: 'the bus is down for one tick', ...inFirstMinute(at(/^PutEvents /, REFUSED, { times: 9 })) },
  {
    name: 'the kill function cannot be started at one tick',
    ...inFirstMinute(at(STARTS_KILL, error(500, 'ServiceException'), { times: 9 })),
  },
  { name: 'the kill function is started, the answer is lost', ...first(at(STARTS_KILL, ANSWER_LOST)) },
  { name: 'the alert is recorded, the answer is lost', ...first(at(RECORDS_ALERT, ANSWER_LOST)) },
  {
    name: 'the tick dies between recording and sending',
    ...first(at(RECORDS_ALERT, DIES_AFTER)),
    firstTick: 'died',
  },
  { name: 'a delivery is claimed, the answer is lost', ...first(at(CLAIMS, ANSWER_LOST, { times: 2 })) },
  {
    name: 'the topic takes an alert, the answer is lost',
    ...first(at(PUBLISHES, ANSWER_LOST)),
    mayTellTwice: true,
  },
  {
    name: 'the tick dies between the answer of the topic and its record',
    ...first(at(PUBLISHES, DIES_AFTER)),
    firstTick: 'died',
    mayTellTwice: true,
  },
  { name: 'a delivery is recorded, the answer is lost', ...first(at(MARKS_DELIVERED, ANSWER_LOST)) },
  { name: 'the kill is recorded, the answer is lost', ...first(at(RECORDS_KILL, ANSWER_LOST)) },
  {
    name: 'the kill function dies between the record and the action',
    ...first(at(SWITCHES_MAPPING, DIES_BEFORE)),
  },
  { name: 'the kill function dies after the action', ...first(at(SWITCHES_MAPPING, DIES_AFTER)) },
  { name: 'the mapping is disabled, the answer is lost', ...first(at(SWITCHES_MAPPING, ANSWER_LOST)) },
  {
    name: 'the kill function dies once it has written that it is done',
    ...first(at(RECORDS_KILLED, DIES_AFTER)),
  },
  {
    name: 'the restore is recorded, and dies before it acts',
    ...whenRestoring(at(RECORDS_RESTORING, DIES_AFTER)),
  },
  { name: 'the restore dies after the action', ...whenRestoring(at(SWITCHES_MAPPING, DIES_AFTER)) },
  { name: 'the mapping is enabled, the answer is lost', ...whenRestoring(at(SWITCHES_MAPPING, ANSWER_LOST)) },
  {
    name: 'that it is restored is written, the answer is lost',
    ...whenRestoring(at(RECORDS_RESTORED, ANSWER_LOST)),
  },
  { name: 'two ticks at once, and two kill functions', atOnce: 2 },
  { name: 'the clock jumps an hour ahead, and back', ...clockJumps(HOUR_MS) },
  { name: 'the clock jumps an hour back, and ahead', ...clockJumps(-HOUR_MS) },
  {
    name: 'the configuration is poison for one tick',
    firstTick: 'threw',
    before: (monitor, tick) => {
      if (tick === 0) {
        good.set(monitor, monitor.setup.config);
        monitor.setup.config = '{"kill":{"mode":"atuo"}}';
      } else if (tick === 1) {
        monitor.setup.config = good.get(monitor) ?? '';
        monitor.restart();
      }
    },
  },
];
/**
 * The clients then ask less often, by the rate at which they asked before: by a clock that runs much faster than their timers
 * they would wait for minutes.
 */
function throttled(fate: Fate) {
  return {
    isFaulty: true as const,
    before: ({ proxy, setup }: Monitor, tick: number) => {
      if (tick > 0) return;
      proxy.fate = fate;
      setup.clockSpeed = 2;
    },
  };
}

/** Everything from the first call that matches on. */
function from(pattern: RegExp, act: Act): Fate {
  let begun = false;
  return ({ operation, body }) => {
    begun ||= pattern.test(`${operation} ${body}`);
    return begun ? act : null;
  };
}
const good = new WeakMap<Monitor, string>();

/** Each operation meets it the first time. */
function eachOnce(act: Act): Fate {
  const met = new Set<string>();
  return ({ operation }) => {
    if (met.has(operation)) return null;
    met.add(operation);
    return act;
  };
}

/** From the second tick on, until it is restored. A process reads the clock that its machine has: each begins anew. */
function clockJumps(jumpMs: number) {
  const jump = ({ setup, restart }: Monitor, ms: number) => {
    setup.jumpMs = ms;
    restart();
  };
  return {
    before: (monitor: Monitor, tick: number) => tick === 1 && jump(monitor, jumpMs),
    beforeRestore: (monitor: Monitor) => jump(monitor, 0),
  };
}

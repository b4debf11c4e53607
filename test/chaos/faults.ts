import { settingsFrom } from '../../src/handlers/settings.ts';
import { VARIABLES } from '../../src/handlers/variables.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/model/time.ts';
import { FUNCTION, MAPPING } from './account.ts';
import type { Fate } from './seams.ts';
import { at, type World, type WorldOptions } from './world.ts';

/** One thing that goes wrong while a retry loop is seen, stopped and put back. */
export interface NamedFault {
  readonly name: string;
  readonly options?: WorldOptions;
  /** Before the world begins. */
  readonly begin?: (made: World) => void;
  /** Before minute 0, 1, 2, ... */
  readonly before?: (made: World, minute: number) => void;
  /** Before the person restores it. */
  readonly beforeRestore?: (made: World) => void;
  readonly ticksAtOnce?: number;
  readonly killsAtOnce?: number;
  readonly restoresAtOnce?: number;
  /** It is not to be stopped by itself, and why. */
  readonly holds?: string;
  /** A channel that cannot be mended. */
  readonly without?: 'slack' | 'sns';
  /** The restore shows what was changed meanwhile, and leaves it. */
  readonly drifts?: boolean;
}

export interface FaultGroup {
  readonly title: string;
  readonly faults: readonly NamedFault[];
}

const begin = (...fates: readonly Fate[]) => ({
  begin: (made: World) => {
    made.fate = (seam) => fates.map((fate) => fate(seam)).find((fault) => fault !== null) ?? null;
  },
});
const whileRestoring = (fate: Fate) => ({
  beforeRestore: (made: World) => {
    made.fate = fate;
  },
});
/** In the first so many minutes. */
const during = (minutes: number, change: (made: World) => void, undo: (made: World) => void) => ({
  before: (made: World, minute: number) => {
    if (minute === 0) change(made);
    if (minute === minutes) undo(made);
  },
});
const seesNothing = (made: World) => {
  made.see = (window) => ({
    ...window,
    inventory: { ...window.inventory, functions: [] },
    functions: new Map(),
    gaps: [{ resource: 'page 2', operation: 'ListFunctions', reason: 'throttled' }],
  });
};
const seesAll = (made: World) => {
  made.see = (window) => window;
};
/** A reading of which something is missing. */
const without = (what: 'functions' | 'queues') => (made: World) => {
  made.see = (window) => ({
    ...window,
    [what]: new Map(),
    gaps: [{ resource: FUNCTION, operation: 'GetMetricData', reason: 'throttled' }],
  });
};
const POISON = {
  [VARIABLES.monitor]: 'chaos',
  [VARIABLES.config]: '{"kill":{"mode":"atuo"}}',
  [VARIABLES.table]: 'firebreak',
  [VARIABLES.eventBus]: 'bus',
  [VARIABLES.alertTopicArn]: 'arn:aws:sns:us-east-1:111122223333:alerts',
  AWS_REGION: 'us-east-1',
};
const many = { times: 40 };

export const FAULT_GROUPS: readonly FaultGroup[] = [
  {
    title: 'Reading',
    faults: [
      { name: 'none', ...begin() },
      { name: 'the AWS API fails at one tick', ...begin(at('source.window', 'fails')) },
      { name: 'the tick dies amid reading', ...begin(at('source.window', 'dies-before')) },
      { name: 'a read hangs until Lambda ends the tick', ...begin(at('source.window', 'dies-after')) },
      {
        name: 'credentials are expired for three ticks',
        ...begin(at('source.window', 'fails', { times: 3 })),
      },
      { name: 'a page of the listing is missing for two ticks', ...during(2, seesNothing, seesAll) },
      {
        name: 'metrics of the function are throttled for two ticks',
        ...during(2, without('functions'), seesAll),
      },
      { name: 'metrics of the queue are throttled for two ticks', ...during(2, without('queues'), seesAll) },
      {
        name: 'nothing at all is readable for two ticks',
        ...during(
          2,
          (made) => {
            made.see = (window) => ({
              ...window,
              functions: new Map(),
              queues: new Map(),
              depths: new Map(),
            });
          },
          seesAll,
        ),
      },
      { name: 'what is usual cannot be read', ...begin(at('source.baselines', 'fails')) },
      {
        name: 'metrics come two minutes late',
        options: { loopMinutes: 8 },
        begin: (made) => {
          made.see = (window) => {
            const cut = (series: unknown) =>
              series instanceof Float64Array
                ? series.map((value, i) => (i < series.length - 2 ? value : Number.NaN))
                : series;
            const late = (all: ReadonlyMap<string, object>) =>
              new Map(
                [...all].map(([name, one]) => [
                  name,
                  Object.fromEntries(Object.entries(one).map(([key, series]) => [key, cut(series)])),
                ]),
              );
            return { ...window, functions: late(window.functions), queues: late(window.queues) };
          };
        },
      },
    ],
  },
  {
    title: 'The clock, and two at once',
    faults: [
      {
        name: 'the clock jumps three hours ahead',
        before: (made, minute) => minute === 2 && made.jump(3 * HOUR_MS),
      },
      {
        name: 'the clock jumps ten minutes back',
        before: (made, minute) => minute === 2 && made.jump(-10 * MINUTE_MS),
      },
      { name: 'a tick is skipped', ...begin(at('source.window', 'dies-before', { nth: 2 })) },
      { name: 'two ticks at once', ticksAtOnce: 2 },
      {
        name: 'three ticks at once, one of which dies while it sends',
        ticksAtOnce: 3,
        ...begin(at('channel.slack', 'dies-before')),
      },
      { name: 'two kill functions at once', killsAtOnce: 2 },
      { name: 'every kill is asked for twice, by two ticks', ticksAtOnce: 2, killsAtOnce: 2 },
      { name: 'two people restore at once', restoresAtOnce: 2 },
    ],
  },
  {
    title: 'The table',
    faults: [
      { name: 'open incidents cannot be read', ...begin(at('store.incidents', 'fails')) },
      { name: 'kill records cannot be read at a tick', ...begin(at('store.kills', 'fails')) },
      { name: 'the incident cannot be saved', ...begin(at('store.putIncident', 'fails')) },
      { name: 'the incident is saved, the answer is lost', ...begin(at('store.putIncident', 'answer-lost')) },
      {
        name: 'the tick dies between telling and saving the incident',
        ...begin(at('store.putIncident', 'dies-before')),
      },
      { name: 'the note of the tick cannot be saved', ...begin(at('store.putTick', 'fails')) },
      { name: 'the table is down for three ticks', ...begin(at('store.incidents', 'fails', { times: 3 })) },
    ],
  },
  {
    title: 'The outbox',
    faults: [
      { name: 'the alert cannot be recorded', ...begin(at('store.enqueueAlert', 'fails')) },
      {
        name: 'the alert is recorded, the answer is lost',
        ...begin(at('store.enqueueAlert', 'answer-lost')),
      },
      {
        name: 'the tick dies between deciding and recording the alert',
        ...begin(at('store.enqueueAlert', 'dies-before')),
      },
      {
        name: 'the tick dies between recording and sending',
        ...begin(at('store.enqueueAlert', 'dies-after')),
      },
      { name: 'the outbox cannot be read', ...begin(at('store.outbox', 'fails')) },
      { name: 'the claim of a delivery is not answered', ...begin(at('store.claimDelivery', 'fails')) },
      {
        name: 'the tick dies between claiming and sending',
        ...begin(at('store.claimDelivery', 'dies-after')),
      },
      {
        name: 'the tick dies between the answer of Slack and its record',
        ...begin(at('channel.slack', 'dies-after')),
      },
      {
        name: 'the tick dies between the answer of SNS and its record',
        ...begin(at('channel.sns', 'dies-after')),
      },
      { name: 'the record of a delivery fails once', ...begin(at('store.markDelivered', 'fails')) },
      {
        name: 'the record of a delivery fails twice',
        ...begin(at('store.markDelivered', 'fails', { times: 2 })),
      },
      {
        name: 'the record of a delivery is made, the answer is lost',
        ...begin(at('store.markDelivered', 'answer-lost')),
      },
      { name: 'the alert cannot be taken out of the outbox', ...begin(at('store.dequeueAlert', 'fails')) },
      {
        name: 'a claim cannot be given back',
        ...begin(at('channel.slack', 'fails'), at('store.releaseDelivery', 'fails')),
      },
    ],
  },
  {
    title: 'Channels',
    faults: [
      { name: 'Slack answers 429 for two ticks', ...begin(at('channel.slack', 'fails', { times: 2 })) },
      { name: 'Slack answers 500 for four ticks', ...begin(at('channel.slack', 'fails', { times: 4 })) },
      {
        name: 'Slack takes the message and its answer is lost',
        ...begin(at('channel.slack', 'answer-lost')),
      },
      { name: 'Slack hangs until the tick is ended', ...begin(at('channel.slack', 'dies-before')) },
      {
        name: 'the webhook of Slack is revoked',
        without: 'slack',
        begin: (made) => {
          made.revoked = 'slack';
        },
      },
      { name: 'SNS is throttled for two ticks', ...begin(at('channel.sns', 'fails', { times: 2 })) },
      {
        name: 'SNS denies publishing',
        without: 'sns',
        begin: (made) => {
          made.revoked = 'sns';
        },
      },
      {
        name: 'all channels are down for three ticks',
        ...begin(at('channel.slack', 'fails', { times: 3 }), at('channel.sns', 'fails', { times: 3 })),
      },
    ],
  },
  {
    title: 'Stopping',
    faults: [
      { name: 'the kill function cannot be started by one tick', ...begin(at('invoke', 'fails')) },
      { name: 'the kill function dies before it looks', ...begin(at('eyes.one', 'dies-before')) },
      { name: 'the function cannot be read', ...begin(at('eyes.one', 'fails')) },
      { name: 'the tags of the mapping cannot be read', ...begin(at('eyes.mappingTags', 'fails')) },
      {
        name: 'the table is down for the kill function',
        ...begin(at('store.openKill', 'fails', { times: 3 })),
      },
      { name: 'the kill record cannot be written', ...begin(at('store.createKill', 'fails')) },
      {
        name: 'the kill record is written, the answer is lost',
        ...begin(at('store.createKill', 'answer-lost')),
      },
      {
        name: 'the kill function dies between the record and the action',
        ...begin(at('store.createKill', 'dies-after')),
      },
      {
        name: 'the kill function dies after the action',
        ...begin(at('port.setEventSourceEnabled', 'dies-after')),
      },
      {
        name: 'disabling the mapping is throttled',
        ...begin(at('port.setEventSourceEnabled', 'busy', { times: 3 })),
      },
      { name: 'disabling the mapping fails', ...begin(at('port.setEventSourceEnabled', 'fails')) },
      {
        name: 'the mapping is disabled, the answer is lost',
        ...begin(at('port.setEventSourceEnabled', 'answer-lost')),
      },
      { name: 'reading the mapping is throttled', ...begin(at('port.getEventSource', 'busy', { times: 5 })) },
      { name: 'the mapping is Disabling for long', options: { settleReads: 20 } },
      {
        name: 'the kill function dies before it writes that it is done',
        ...begin(at('store.updateKill', 'dies-before')),
      },
      { name: 'that it is done cannot be written', ...begin(at('store.updateKill', 'fails')) },
      {
        name: 'that it is done is written, the answer is lost',
        ...begin(at('store.updateKill', 'answer-lost')),
      },
      {
        name: 'the kill function dies before it tells anybody',
        ...begin(at('store.updateKill', 'dies-after')),
      },
      {
        name: 'changing the mapping is denied',
        holds: 'the role may not',
        begin: (made) => {
          const denied = at('port.setEventSourceEnabled', 'fails', many);
          made.fate = (seam) => (made.account.isFixed ? null : denied(seam));
        },
      },
      {
        name: 'the switch is frozen between decision and action',
        holds: 'kill.freeze',
        begin: (made) => {
          made.fate = (seam) => {
            const freeze = seam === 'invoke';
            made.config = { ...made.config, kill: { ...made.config.kill, freeze } };
            return null;
          };
        },
      },
      {
        name: 'the configuration is poisoned for three ticks',
        ...during(
          3,
          (made) => {
            made.start = () => void settingsFrom(POISON);
          },
          (made) => {
            made.start = () => undefined;
          },
        ),
      },
      {
        name: 'a deployment enables the mapping again',
        before: (made, minute) => minute === 3 && made.account.lambda.setMapping(MAPPING, true),
      },
    ],
  },
  {
    title: 'Restoring',
    faults: [
      {
        name: 'the record of the restore cannot be written',
        ...whileRestoring(at('store.updateKill', 'fails')),
      },
      {
        name: 'it dies between the record and the action',
        ...whileRestoring(at('store.updateKill', 'dies-after')),
      },
      {
        name: 'enabling the mapping is throttled',
        ...whileRestoring(at('port.setEventSourceEnabled', 'busy', { times: 3 })),
      },
      { name: 'enabling the mapping fails', ...whileRestoring(at('port.setEventSourceEnabled', 'fails')) },
      {
        name: 'the mapping is enabled, the answer is lost',
        ...whileRestoring(at('port.setEventSourceEnabled', 'answer-lost')),
      },
      { name: 'it dies after the action', ...whileRestoring(at('port.setEventSourceEnabled', 'dies-after')) },
      {
        name: 'it dies before it writes that it is done',
        ...whileRestoring(at('store.updateKill', 'dies-before', { nth: 2 })),
      },
      {
        name: 'it dies before it tells anybody',
        ...whileRestoring(at('store.updateKill', 'dies-after', { nth: 2 })),
      },
      {
        name: 'the alert of the restore cannot be recorded',
        ...whileRestoring(at('store.enqueueAlert', 'fails')),
      },
      {
        name: 'a deployment changed the limit of the mapping',
        drifts: true,
        before: (made, minute) => minute === 5 && made.account.lambda.setLimit(MAPPING, 7),
      },
    ],
  },
];

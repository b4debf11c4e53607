import type { DetectorId } from '../../model/finding.ts';
import { HOUR_MS } from '../../model/time.ts';
import { createNames, drawFleet, merge, type Parts } from '../fleet.ts';
import { between, chance, createRng, integer, logBetween, pick, type Rng } from '../random.ts';
import type { Scenario, ScenarioEvent } from '../scenario.ts';

/** How large a scenario of a family is made. */
export interface FamilySize {
  /** Ordinary functions beside those that the family is about. Default 7. */
  readonly background?: number;
  /** Length of the trace. Default 2,160 (a day and a half), more where the family needs it. */
  readonly minutes?: number;
}

/** A kind of trouble, or of harmlessness, of which a seed draws one case. */
export interface Family {
  readonly id: string;
  readonly description: string;
  /** Whether its scenarios hold an incident. */
  readonly positive: boolean;
  /** Detectors that are right to report it, the best name first; empty where nothing should be reported. */
  readonly detectors: readonly DetectorId[];
  readonly scenario: (seed: number, size?: FamilySize) => Scenario;
}

/** What a family draws from and knows while it builds a case. */
export interface Draw {
  readonly rng: Rng;
  readonly minutes: number;
  readonly nextName: () => string;
}

export interface Case extends Parts {
  readonly events: readonly ScenarioEvent[];
  readonly settings?: Partial<Scenario>;
}

export interface FamilyDefinition {
  readonly id: string;
  readonly description: string;
  readonly detectors: readonly DetectorId[];
  readonly minutes?: number;
  readonly build: (draw: Draw) => Case;
}

const REGIONS = ['us-east-1', 'us-east-1', 'us-west-2', 'eu-west-1', 'eu-central-1'] as const;
/** 2026-01-01T00:00:00Z. */
const EPOCH = 1_767_225_600_000;

export function defineFamily(definition: FamilyDefinition): Family {
  const { id, description, detectors } = definition;
  return {
    id,
    description,
    detectors,
    positive: detectors.length > 0,
    scenario: (seed, size = {}) => {
      const rng = createRng(seed, hash(id));
      const minutes = size.minutes ?? definition.minutes ?? 2_160;
      const nextName = createNames(rng);
      const settings = drawAccount(rng);
      const made = definition.build({ rng, minutes, nextName });
      const fleet = drawFleet(rng, size.background ?? 7, nextName);
      const { functions, queues, streams, producers } = merge(made, fleet);
      return {
        name: `${id}-${seed}`,
        family: id,
        description,
        seed,
        minutes,
        publishDelaySeconds: 60,
        ...settings,
        recordLastModified: chance(rng, 0.7),
        ...made.settings,
        functions: functions.map((fn) => ({ ...fn, lastModifiedAt: settings.startAt - drawAge(rng) })),
        queues,
        streams,
        producers,
        events: made.events,
      };
    },
  };
}

function drawAccount(rng: Rng): { account: string; region: string; startAt: number } {
  return {
    account: String(integer(rng, 100_000_000_000, 999_999_999_999)),
    region: pick(rng, REGIONS),
    startAt: EPOCH + integer(rng, 0, 340 * 24) * HOUR_MS,
  };
}

/** How long ago a function was last changed when the trace begins: hours to a year. */
function drawAge(rng: Rng): number {
  return Math.round(logBetween(rng, 1, 365 * 24)) * HOUR_MS;
}

/** A number of its own for every family, so that seed 1 of one is unlike seed 1 of another. */
function hash(text: string): number {
  let value = 2_166_136_261;
  for (const character of text) {
    value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 16_777_619);
  }
  return value;
}

/** When trouble begins: mostly after some hours of history, sometimes in a young account. */
export function drawOnset(draw: Draw, options: { readonly young?: boolean } = {}): number {
  const { rng, minutes } = draw;
  if (options.young === true) return between(rng, 15, Math.min(240, minutes * 0.3));
  return between(rng, minutes * 0.35, minutes * 0.75);
}

/** When it is repaired: after half an hour (or `atLeastMinutes`) to half a day, or not within the trace. */
export function drawRepair(
  draw: Draw,
  onset: number,
  options: { readonly repairedShare: number; readonly atLeastMinutes?: number },
): number | null {
  if (!chance(draw.rng, options.repairedShare)) return null;
  const shortest = Math.max(30, options.atLeastMinutes ?? 0);
  const until = onset + logBetween(draw.rng, shortest, Math.max(720, shortest * 2));
  return until < draw.minutes - 30 ? until : null;
}

/** The one event of a positive family. */
export function incident(
  draft: {
    readonly onset: number;
    readonly until: number | null;
    readonly effects: ScenarioEvent['effects'];
  },
  about: {
    readonly detectors: readonly DetectorId[];
    readonly function: string | null;
    readonly queue: string | null;
    readonly relatedFunctions?: readonly string[];
    readonly relatedQueues?: readonly string[];
    readonly params: Readonly<Record<string, number | string | boolean | null>>;
  },
): ScenarioEvent {
  return {
    atMinute: draft.onset,
    untilMinute: draft.until,
    effects: draft.effects,
    meaning: {
      kind: 'positive',
      detectors: about.detectors,
      function: about.function,
      queue: about.queue,
      relatedFunctions: about.relatedFunctions ?? [],
      relatedQueues: about.relatedQueues ?? [],
      params: about.params,
    },
  };
}

/** Something harmless that looks alarming. */
export function harmless(
  draft: {
    readonly from: number;
    readonly to: number | null;
    readonly effects: ScenarioEvent['effects'];
  },
  about: { readonly function: string | null; readonly queue: string | null },
): ScenarioEvent {
  return {
    atMinute: draft.from,
    untilMinute: draft.to,
    effects: draft.effects,
    meaning: { kind: 'benign', ...about },
  };
}

/** The first function and queue of some parts: what a family is about. */
export function heroOf(parts: Parts): { readonly functionName: string; readonly queueName: string } {
  return { functionName: parts.functions[0]?.name ?? '', queueName: parts.queues[0]?.name ?? '' };
}

/** Dead-letter queues among some parts. */
export function deadLetterQueuesOf(parts: Parts): readonly string[] {
  return parts.queues.flatMap(({ redrive }) => (redrive === null ? [] : [redrive.deadLetterQueue]));
}

import type { Config } from '../../model/config.ts';
import type { LambdaFunction } from '../../model/inventory.ts';
import { type KillPlan, type KillStep, OWN_FUNCTION_TAG } from '../../model/kill.ts';
import { nearestName } from '../../model/nearest.ts';
import { consequencesOf } from './consequences.ts';
import { forecastsOf } from './forecast.ts';
import type { KillQuery } from './query.ts';

/**
 * What stops a function with the least harm. Its event source mappings are disabled: messages wait where they are, and
 * nothing else is touched. Reserved concurrency 0 comes on top when asked for, and alone where no enabled mapping is
 * involved. Mappings that are disabled already are only remembered.
 */
export function planKill(query: KillQuery): KillPlan {
  const { functionName, inventory } = query;
  const fn = inventory.functions.find(({ name }) => name === functionName);
  const where = { functionName, account: inventory.account, region: inventory.region };
  if (fn === undefined) {
    return {
      ...where,
      lever: 'none',
      steps: [],
      consequences: [],
      forecasts: [],
      refusals: [unknownFunction(query)],
    };
  }
  const steps = stepsOf(fn, query);
  const isHard = steps.some(({ kind }) => kind === 'reserved-concurrency-zero');
  return {
    ...where,
    lever: isHard ? 'reserved-concurrency-zero' : 'disable-event-source',
    steps,
    consequences: consequencesOf(fn, query, isHard),
    forecasts: forecastsOf(fn, query),
    refusals: refusalsOf(fn, query.config),
  };
}

function stepsOf(fn: LambdaFunction, { hard, open }: KillQuery): readonly KillStep[] {
  const mappings = fn.eventSources.map(
    ({ id, source, enabled }): KillStep => ({
      kind: 'disable-event-source',
      eventSourceId: id,
      source,
      priorEnabled: enabled,
    }),
  );
  const wasStoppedByMapping = open?.steps.some(
    (step) => step.kind === 'disable-event-source' && step.priorEnabled,
  );
  const isMappingEnough = fn.eventSources.some(({ enabled }) => enabled) || wasStoppedByMapping === true;
  if (isMappingEnough && !hard) return mappings;
  return [
    ...mappings,
    { kind: 'reserved-concurrency-zero', priorReservedConcurrency: fn.reservedConcurrency },
  ];
}

function unknownFunction({ functionName, inventory }: KillQuery): string {
  const nearest = nearestName(
    functionName,
    inventory.functions.map(({ name }) => name),
  );
  const meant = nearest === null ? 'check --region and --profile' : `did you mean ${nearest}?`;
  return `there is no function ${functionName} in account ${inventory.account}, ${inventory.region}: ${meant}`;
}

/** Reasons for which not even a person stops a function with firebreak. */
function refusalsOf(fn: LambdaFunction, config: Config): readonly string[] {
  const refusals: string[] = [];
  if (Object.hasOwn(fn.tags, OWN_FUNCTION_TAG)) {
    refusals.push(`${fn.name} is part of firebreak itself (tag ${OWN_FUNCTION_TAG}): who would restore it?`);
  }
  if (config.kill.protect.includes(fn.name)) {
    refusals.push(`${fn.name} is protected (kill.protect in the configuration): take it off that list first`);
  }
  return refusals;
}

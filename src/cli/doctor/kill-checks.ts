import { IAMClient } from '@aws-sdk/client-iam';
import { type KillMode, modeOf } from '../../decide/kill-mode.ts';
import type { Config } from '../../model/config.ts';
import { formatCountOf } from '../../model/format.ts';
import type { EpochMs } from '../../model/time.ts';
import { eventSourceMappingArn, functionArn } from '../../observe/aws/arn.ts';
import { type AwsOptions, awsClientConfig } from '../../observe/aws/clients.ts';
import { DETAILS_PER_TICK, refreshDetails } from '../../observe/aws/function-details.ts';
import type { Identity } from '../../observe/aws/inventory.ts';
import { readMappingTags } from '../../observe/aws/mapping-tags.ts';
import { deniedStops } from '../../observe/aws/may-stop.ts';
import type { FunctionFacts, Mapping } from '../../observe/aws/memory.ts';
import type { Wire } from '../../observe/aws/wire.ts';
import type { Caller } from '../caller.ts';
import { type Check, notChecked, ok, warning } from './check.ts';

type Kill = Config['kill'];
type Tags = Readonly<Record<string, string>>;

/** What the opt-in to the kill switch is judged by. */
export interface OptIn {
  readonly kill: Kill;
  /** Functions whose tags were read. */
  readonly functions: readonly { readonly name: string; readonly tags: Tags }[];
  readonly mappings: readonly {
    readonly id: string;
    readonly arn: string;
    readonly functionName: string;
    /** A text says why they could not be read. */
    readonly tags: Tags | string;
  }[];
}

/** Reads tags of functions, as many as a tick reads, and of the mappings of those that have opted in. */
export async function readOptIn(
  wire: Wire,
  about: Identity & {
    readonly kill: Kill;
    readonly functions: readonly FunctionFacts[];
    readonly mappings: readonly Mapping[];
    readonly now: EpochMs;
  },
): Promise<OptIn> {
  const { kill, functions, mappings } = about;
  const { details } = await refreshDetails(
    wire,
    functions,
    { details: new Map(), getFunctionDeniedAt: null },
    { ...about, limits: DETAILS_PER_TICK },
  );
  const tagged = [...details].map(([name, { tags }]) => ({ name, tags }));
  const optedIn = new Set(tagged.filter(({ tags }) => mayBeStopped(tags, kill)).map(({ name }) => name));
  const theirs = mappings.filter(({ functionName }) => optedIn.has(functionName));
  const ids = theirs.map(({ source }) => source.id);
  const tagsOf = await readMappingTags(wire, about, ids);
  return {
    kill,
    functions: tagged,
    mappings: theirs.map(({ functionName, source: { id } }) => ({
      id,
      arn: eventSourceMappingArn(about, id),
      functionName,
      tags: tagsOf.get(id) ?? {},
    })),
  };
}

/** As far as the tags alone go, whatever `kill.mode` says. */
function tagMode(tags: Tags, kill: Kill): KillMode {
  return modeOf(tags, { ...kill, mode: 'auto' });
}

function isOptedIn(tags: Tags, kill: Kill): boolean {
  return tagMode(tags, kill) !== 'off';
}

/** Whether the role of the kill function may change what carries these tags. */
function mayBeStopped(tags: Tags, kill: Kill): boolean {
  return ['approve', 'auto'].includes(tagMode(tags, kill));
}

/** Whether what may be stopped automatically can be: the deployed role may switch only mappings with the same tag. */
export function optInChecks({ kill, functions, mappings }: OptIn): readonly Check[] {
  const id = 'kill-tags';
  const tag = `${kill.optInTag}=${kill.optInValue}`;
  const optedIn = functions.filter(({ tags }) => isOptedIn(tags, kill));
  const problems = [
    ...functions.flatMap(({ name, tags }) => {
      const value = tags[kill.optInTag];
      if (value === undefined || isOptedIn(tags, kill)) return [];
      const found = `${name} carries ${kill.optInTag}=${value}: that is no opt-in`;
      return [warning(id, found, `tag it ${tag}, or remove the tag`)];
    }),
    ...optedIn
      .filter(({ name }) => kill.protect.includes(name))
      .map(({ name }) =>
        warning(
          id,
          `${name} carries ${tag} and is in kill.protect: it is never stopped`,
          'remove one of the two',
        ),
      ),
    ...mappings.flatMap(({ arn, functionName, id: mapping, tags }) => {
      if (typeof tags === 'string') {
        return [notChecked(id, `mapping ${mapping} of ${functionName}: tags not read: ${tags}`)];
      }
      if (mayBeStopped(tags, kill)) return [];
      const found = `${functionName} carries the tag ${kill.optInTag}, its mapping ${mapping} does not: it cannot be stopped automatically`;
      return [warning(id, found, `aws lambda tag-resource --resource ${arn} --tags ${tag}`)];
    }),
  ];
  if (optedIn.length === 0) {
    const found = `kill switch: ${kill.mode}; none of ${formatCountOf(functions.length, 'function')} carries the tag ${tag}`;
    const isIdle = kill.mode === 'auto' || kill.mode === 'observe';
    const fix = 'tag the functions that may be stopped, and their mappings (docs/deployment.md)';
    return [isIdle ? warning(id, found, fix) : ok(id, found), ...problems];
  }
  const found = `kill switch: ${kill.mode}; ${optedIn.length} of ${formatCountOf(functions.length, 'function')} with the tag ${kill.optInTag}, and ${formatCountOf(mappings.length, 'mapping')}`;
  return problems.length === 0 ? [ok(id, found)] : problems;
}

/** Whether these credentials may run `firebreak kill`, as far as it can be told without stopping anything. */
export async function mayStopCheck(input: {
  readonly aws: AwsOptions;
  readonly caller: Caller;
  readonly functionName: string;
  readonly mappingId: string | undefined;
}): Promise<Check> {
  const { aws, caller, functionName, mappingId } = input;
  const id = 'kill-rights';
  const denied = await deniedStops(new IAMClient(awsClientConfig(aws)), caller.arn, {
    function: functionArn(caller, functionName),
    mapping: eventSourceMappingArn(caller, mappingId ?? '*'),
  });
  if (denied === null) {
    const fix =
      'allow iam:SimulatePrincipalPolicy and iam:GetRole; or try firebreak kill on one that may rest';
    return notChecked(id, 'firebreak kill: whether these credentials may stop a function is not known', fix);
  }
  if (denied.length === 0) return ok(id, 'firebreak kill: these credentials may stop and restore a function');
  return warning(
    id,
    `firebreak kill: these credentials may not ${denied.join(', ')}`,
    'allow it to whoever is on call (docs/kill-switch.md)',
  );
}

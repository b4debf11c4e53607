import type { EpochMs } from '../model/time.ts';
import type { ReadGap } from '../model/window.ts';
import type { AuditSubject } from './subject.ts';
import { alarmsOf } from './template/alarms.ts';
import { eventSourcesOf } from './template/event-sources.ts';
import { functionsOf } from './template/functions.ts';
import { parseTemplate, type Template } from './template/parse.ts';
import { queuesOf } from './template/queues.ts';
import { resolverOf } from './template/resolve.ts';
import { rolesOf } from './template/roles.ts';
import { expandSam } from './template/sam.ts';

/**
 * What a CloudFormation template (CDK output, YAML, SAM) says before anything is deployed. Names that only a deployment
 * gives are logical ids; what only a deployment knows stays unknown.
 * @throws {InputError} for what is no template.
 */
export function auditSubjectOfTemplate(input: {
  readonly text: string;
  readonly file: string;
  readonly region: string;
  readonly now: EpochMs;
}): AuditSubject {
  const template = expandSam(parseTemplate(input.text, input.file));
  const resolver = resolverOf(template, input.region);
  return {
    origin: { kind: 'template', file: input.file },
    region: input.region,
    readAt: input.now,
    functions: functionsOf(resolver, eventSourcesOf(resolver)),
    queues: queuesOf(resolver),
    alarms: alarmsOf(resolver),
    roles: rolesOf(resolver),
    gaps: gapsOf(template),
  };
}

/** Parts of a template that this reader does not look into, so that silence is not taken for approval. */
function gapsOf(template: Template): readonly ReadGap[] {
  return Object.entries(template.Resources)
    .filter(
      ([, { Type }]) => Type === 'AWS::CloudFormation::Stack' || Type === 'AWS::Serverless::Application',
    )
    .map(([resource]) => ({
      resource,
      operation: 'template',
      reason: 'nested stack: audit its template by itself',
    }));
}

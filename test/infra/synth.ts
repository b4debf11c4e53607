import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Firebreak } from '../../infra/firebreak.ts';
import type { FirebreakProps } from '../../infra/props.ts';

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
}

export interface Synthesized {
  readonly app: App;
  readonly stack: Stack;
  readonly firebreak: Firebreak;
  readonly template: Template;
}

/** Code that needs no bundling: tests of the stack are about everything else. */
export function someCode(stack: Stack): Code {
  return Code.fromBucket(Bucket.fromBucketName(stack, 'Code', 'handler-code'), 'handlers.zip');
}

export function synthesize(props: FirebreakProps | ((stack: Stack) => FirebreakProps) = {}): Synthesized {
  const app = new App();
  const stack = new Stack(app, 'Test');
  const given = typeof props === 'function' ? props(stack) : props;
  const firebreak = new Firebreak(stack, 'Firebreak', { handlerCode: someCode(stack), ...given });
  return { app, stack, firebreak, template: Template.fromStack(stack) };
}

/** Every resource of a type, by logical id. */
export function resourcesOf(template: Template, type: string): Readonly<Record<string, Resource>> {
  return template.findResources(type) as Record<string, Resource>;
}

/** The one function of firebreak's that runs a module; throws where it is not deployed. */
export function functionOf(template: Template, module: string): Resource {
  const functions = Object.values(resourcesOf(template, 'AWS::Lambda::Function'));
  const found = functions.find(({ Properties }) => Properties['Handler'] === `${module}.handler`);
  if (found === undefined) throw new Error(`no function runs ${module}`);
  return found;
}

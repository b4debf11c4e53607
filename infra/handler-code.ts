import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { UnavailableError } from '../src/model/errors.ts';

/** Where the bundles are, seen from the published package (`dist/cdk`) and from the repository (`infra`). */
const PLACES = ['../lambda', '../dist/lambda'] as const;

/** The prebuilt handlers. Throws where there are none, which only happens in a repository that was not bundled yet. */
export function shippedHandlers(): Code {
  const folder = PLACES.map((place) => join(import.meta.dirname, place)).find((path) =>
    existsSync(join(path, 'tick.mjs')),
  );
  if (folder === undefined) {
    throw new UnavailableError('the handlers are not bundled yet: run npm run bundle');
  }
  return Code.fromAsset(folder);
}

import { ListTagsCommand } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { eventSourceMappingArn } from './arn.ts';
import { failureOf } from './failure.ts';
import type { Identity } from './inventory.ts';
import { call, forEach, type Wire } from './wire.ts';

type Tags = Readonly<Record<string, string>>;

/** Tags of event source mappings by id; a text in their place says why they could not be read. */
export async function readMappingTags(
  wire: Wire,
  identity: Identity,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Tags | string>> {
  const tags = new Map<string, Tags | string>();
  await forEach(wire, ids, async (id) => {
    try {
      const Resource = eventSourceMappingArn(identity, id);
      const output = await call(wire, 'ListTags', (options) =>
        wire.clients.lambda.send(new ListTagsCommand({ Resource }), options),
      );
      tags.set(id, z.record(z.string(), z.string()).parse(output.Tags ?? {}));
    } catch (error) {
      tags.set(id, failureOf(error, 'ListTags').text);
    }
    return undefined;
  });
  return tags;
}

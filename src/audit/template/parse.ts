import { type CollectionTag, isMap, isScalar, isSeq, parseDocument, type ScalarTag } from 'yaml';
import * as z from 'zod';
import { InputError } from '../../model/errors.ts';

const resourceSchema = z.object({
  Type: z.string(),
  Condition: z.string().optional(),
  Properties: z.record(z.string(), z.unknown()).default({}),
});
const templateSchema = z.object({
  Resources: z.record(z.string(), resourceSchema),
  Parameters: z
    .record(z.string(), z.object({ Type: z.string().default('String'), Default: z.unknown().optional() }))
    .default({}),
  Mappings: z.record(z.string(), z.unknown()).default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  /** AWS SAM. */
  Globals: z.object({ Function: z.record(z.string(), z.unknown()).default({}) }).default({ Function: {} }),
});

export type TemplateResource = z.infer<typeof resourceSchema>;
export type Template = z.infer<typeof templateSchema>;

/**
 * Reads a CloudFormation template: JSON (as CDK writes it) or YAML with CloudFormation's short tags.
 * @throws {InputError} for what is no template.
 */
export function parseTemplate(text: string, file: string): Template {
  const parsed = templateSchema.safeParse(parseText(text, file));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InputError(
    `${file}: not a CloudFormation template: ${issue?.path.join('.') || 'document'}: ${issue?.message}`,
  );
}

function parseText(text: string, file: string): unknown {
  // JSON is YAML, but JSON.parse is a hundred times faster on the megabytes CDK writes.
  if (text.trimStart().startsWith('{')) {
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new InputError(`${file}: not JSON: ${error instanceof Error ? error.message : error}`);
    }
  }
  const document = parseDocument(text, { customTags: CLOUDFORMATION_TAGS });
  const [error] = document.errors;
  if (error !== undefined) throw new InputError(`${file}: not YAML: ${error.message.split('\n')[0]}`);
  return document.toJS({ maxAliasCount: 100 });
}

/** `!Ref x` is `{ Ref: x }`, `!GetAtt a.b` is `{ "Fn::GetAtt": ["a", "b"] }`, and so on. */
const SHORT_TAGS = [
  'Ref',
  'Condition',
  'GetAtt',
  'Sub',
  'Join',
  'If',
  'Equals',
  'And',
  'Or',
  'Not',
  'FindInMap',
  'Select',
  'Split',
  'ImportValue',
  'Base64',
  'GetAZs',
  'Cidr',
  'Transform',
  'ToJsonString',
  'Length',
] as const;

function longForm(tag: string, value: unknown): unknown {
  if (tag === 'Ref' || tag === 'Condition') return { [tag]: value };
  if (tag === 'GetAtt' && typeof value === 'string') {
    const [resource = '', ...attribute] = value.split('.');
    return { 'Fn::GetAtt': [resource, attribute.join('.')] };
  }
  return { [`Fn::${tag}`]: value };
}

const CLOUDFORMATION_TAGS: (ScalarTag | CollectionTag)[] = SHORT_TAGS.flatMap((name) => {
  const tag = `!${name}`;
  const scalar: ScalarTag = { tag, resolve: (value) => longForm(name, value) };
  const sequence: CollectionTag = {
    tag,
    collection: 'seq',
    resolve: (value) => longForm(name, isSeq(value) ? plain(value) : value),
  };
  const map: CollectionTag = {
    tag,
    collection: 'map',
    resolve: (value) => longForm(name, isMap(value) ? plain(value) : value),
  };
  return [scalar, sequence, map];
});

/** A YAML node as plain data; what a tag already resolved is in it as such. */
function plain(node: unknown): unknown {
  if (isSeq(node)) return node.items.map(plain);
  if (isMap(node)) {
    return Object.fromEntries(node.items.map(({ key, value }) => [String(plain(key)), plain(value)]));
  }
  return isScalar(node) ? node.value : node;
}

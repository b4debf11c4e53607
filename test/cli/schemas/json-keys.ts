import type { JSONSchema } from 'zod/v4/core';

type Schema = JSONSchema.BaseSchema;

/** Paths of what a document holds and its JSON Schema does not speak of. An open object says nothing of its fields. */
export function undescribed(value: unknown, schema: Schema, path = '$'): readonly string[] {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (typeof items !== 'object' || Array.isArray(items)) return anyOf(value, schema, path);
    return value.flatMap((item, index) => undescribed(item, items as Schema, `${path}[${index}]`));
  }
  if (typeof value !== 'object' || value === null) return [];
  const { properties } = schema;
  if (properties === undefined) return anyOf(value, schema, path);
  if (Object.keys(properties).length === 0) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const of = properties[key];
    return of === undefined ? [`${path}.${key}`] : undescribed(inner, of as Schema, `${path}.${key}`);
  });
}

/** The alternative that fits best. */
function anyOf(value: object, schema: Schema, path: string): readonly string[] {
  const alternatives = (schema.anyOf ?? []) as readonly Schema[];
  const found = alternatives
    .filter(({ type }) => type === (Array.isArray(value) ? 'array' : 'object'))
    .map((one) => undescribed(value, one, path));
  return found.sort((a, b) => a.length - b.length)[0] ?? [];
}

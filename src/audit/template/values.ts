/** A resource of the template that a value points to. */
export interface Reference {
  readonly logicalId: string;
  /** `null`: Ref; otherwise the attribute of GetAtt. */
  readonly attribute: string | null;
}

/** Stands for what only a deployment knows: imports, parameters without default, attributes. */
export const UNKNOWN = Symbol('unknown');

/** A property with its intrinsic functions carried out, as far as the template alone allows. */
export type Resolved =
  | string
  | number
  | boolean
  | undefined
  | Reference
  | typeof UNKNOWN
  | readonly Resolved[]
  | ResolvedMap;
export interface ResolvedMap {
  readonly [key: string]: Resolved;
}

const REFERENCE_KEYS = 'logicalId,attribute';

export function isReference(value: Resolved): value is Reference {
  return isMap(value) && Object.keys(value).join() === REFERENCE_KEYS;
}

export function isMap(value: Resolved): value is ResolvedMap {
  return typeof value === 'object' && !Array.isArray(value);
}

/** Elements of a list; a single value counts as a list of one, as in policy documents. */
export function listOf(value: Resolved): readonly Resolved[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as Resolved];
}

/** A property of a map; `undefined` where there is no such map. */
export function property(value: Resolved, ...path: readonly string[]): Resolved {
  return path.reduce<Resolved>((at, key) => (isMap(at) && !isReference(at) ? at[key] : undefined), value);
}

/** Whether a property is there but only a deployment knows its value. */
export function isUnknown(value: Resolved): boolean {
  return value === UNKNOWN || isReference(value);
}

/** A number, given as such or as text. `fallback` where it is absent; `undefined` where it is not known. */
export function numberOf<Fallback>(value: Resolved, fallback: Fallback): number | Fallback | undefined {
  if (value === undefined) return fallback;
  if (typeof value === 'number') return value;
  const parsed = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  return Number.isNaN(parsed) ? undefined : parsed;
}

/** A boolean, given as such or as text; as {@link numberOf} otherwise. */
export function booleanOf(value: Resolved, fallback: boolean): boolean | undefined {
  if (value === undefined) return fallback;
  if (typeof value === 'boolean') return value;
  return value === 'true' ? true : value === 'false' ? false : undefined;
}

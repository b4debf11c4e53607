import type { Template } from './parse.ts';
import { type Resolved, UNKNOWN } from './values.ts';

/** What an intrinsic function may ask while it is carried out. */
export interface Scope {
  readonly template: Template;
  readonly pseudo: Readonly<Record<string, Resolved>>;
  resolve(value: unknown, depth: number): Resolved;
  /** A reference reads as the name of its resource. */
  asText(value: Resolved): string | undefined;
}

/** Nesting that no template reaches; a deeper one is a mistake or an attack. */
export const DEPTH_MAX = 60;

type Intrinsic = (scope: Scope, argument: unknown, depth: number) => Resolved;

const ref: Intrinsic = ({ template, pseudo, resolve }, target, depth) => {
  if (typeof target !== 'string') return UNKNOWN;
  if (Object.hasOwn(pseudo, target)) return pseudo[target];
  if (Object.hasOwn(template.Resources, target)) return { logicalId: target, attribute: null };
  const parameter = Object.hasOwn(template.Parameters, target) ? template.Parameters[target] : undefined;
  if (parameter?.Default === undefined) return UNKNOWN;
  // The default of such a parameter is where its value is kept, not the value.
  return parameter.Type.startsWith('AWS::SSM::') ? UNKNOWN : resolve(parameter.Default, depth);
};

const getAtt: Intrinsic = ({ template }, argument) => {
  const [resource, attribute] =
    typeof argument === 'string' ? argument.split('.') : Array.isArray(argument) ? argument : [];
  const known = typeof resource === 'string' && Object.hasOwn(template.Resources, resource);
  return known ? { logicalId: resource, attribute: String(attribute) } : UNKNOWN;
};

function joined(scope: Scope, parts: readonly Resolved[], separator: string): Resolved {
  const texts = parts.map((part) => scope.asText(part));
  return texts.every((part) => part !== undefined) ? texts.join(separator) : UNKNOWN;
}

const join: Intrinsic = (scope, argument, depth) => {
  const [separator, list] = listed(argument);
  const parts = scope.resolve(list, depth);
  return typeof separator === 'string' && Array.isArray(parts) ? joined(scope, parts, separator) : UNKNOWN;
};

const sub: Intrinsic = (scope, argument, depth) => {
  const [pattern, variables] = Array.isArray(argument) ? argument : [argument, {}];
  if (typeof pattern !== 'string') return UNKNOWN;
  const given = (typeof variables === 'object' && variables !== null ? variables : {}) as Record<
    string,
    unknown
  >;
  const parts = pattern.split(/\$\{([^}]*)\}/).map((part, index): Resolved => {
    if (index % 2 === 0) return part;
    if (part.startsWith('!')) return `\${${part.slice(1)}}`;
    if (Object.hasOwn(given, part)) return scope.resolve(given[part], depth);
    return part.includes('.') ? getAtt(scope, part, depth) : ref(scope, part, depth);
  });
  const meant = parts.filter((part) => part !== '');
  return meant.length === 1 ? meant[0] : joined(scope, parts, '');
};

/** Whether a condition holds with the parameters' defaults; `undefined`: cannot be told. */
export function conditionHolds(scope: Scope, argument: unknown, depth: number): boolean | undefined {
  if (depth > DEPTH_MAX) return undefined;
  if (typeof argument === 'string') {
    const { Conditions } = scope.template;
    return Object.hasOwn(Conditions, argument)
      ? conditionHolds(scope, Conditions[argument], depth + 1)
      : undefined;
  }
  const value = scope.resolve(argument, depth + 1);
  return typeof value === 'boolean' ? value : undefined;
}

function conditions(scope: Scope, argument: unknown, depth: number): readonly (boolean | undefined)[] {
  return listed(argument).map((item) => conditionHolds(scope, item, depth));
}

const condition: Intrinsic = (scope, argument, depth) => conditionHolds(scope, argument, depth) ?? UNKNOWN;

const choose: Intrinsic = (scope, argument, depth) => {
  const [test, yes, no] = listed(argument);
  const holds = conditionHolds(scope, test, depth);
  return holds === undefined ? UNKNOWN : scope.resolve(holds ? yes : no, depth);
};

const equals: Intrinsic = (scope, argument, depth) => {
  const [a, b] = listed(argument).map((item) => scope.asText(scope.resolve(item, depth)));
  return a === undefined || b === undefined ? UNKNOWN : a === b;
};

const not: Intrinsic = (scope, argument, depth) => {
  const [value] = conditions(scope, argument, depth);
  return value === undefined ? UNKNOWN : !value;
};

const and: Intrinsic = (scope, argument, depth) => {
  const values = conditions(scope, argument, depth);
  if (values.includes(false)) return false;
  return values.includes(undefined) ? UNKNOWN : true;
};

const or: Intrinsic = (scope, argument, depth) => {
  const values = conditions(scope, argument, depth);
  if (values.includes(true)) return true;
  return values.includes(undefined) ? UNKNOWN : false;
};

const findInMap: Intrinsic = (scope, argument, depth) => {
  const keys = listed(argument).map((item) => scope.asText(scope.resolve(item, depth)));
  const found = keys.reduce<unknown>((at, key) => {
    if (typeof at !== 'object' || at === null || key === undefined || !Object.hasOwn(at, key))
      return undefined;
    return (at as Record<string, unknown>)[key];
  }, scope.template.Mappings);
  return found === undefined ? UNKNOWN : scope.resolve(found, depth);
};

const select: Intrinsic = (scope, argument, depth) => {
  const [position, list] = listed(argument);
  const index = Number(scope.asText(scope.resolve(position, depth)));
  const items = scope.resolve(list, depth);
  return Array.isArray(items) && Number.isInteger(index) ? (items[index] ?? UNKNOWN) : UNKNOWN;
};

const split: Intrinsic = (scope, argument, depth) => {
  const [separator, text] = listed(argument);
  const whole = scope.asText(scope.resolve(text, depth));
  return whole === undefined || typeof separator !== 'string' ? UNKNOWN : whole.split(separator);
};

function listed(argument: unknown): readonly unknown[] {
  return Array.isArray(argument) ? argument : [];
}

/** Those whose answer a template can give; all others (imports, zones, transforms) are {@link UNKNOWN}. */
export const INTRINSICS: ReadonlyMap<string, Intrinsic> = new Map([
  ['Ref', ref],
  ['Condition', condition],
  ['Fn::GetAtt', getAtt],
  ['Fn::Sub', sub],
  ['Fn::Join', join],
  ['Fn::If', choose],
  ['Fn::Equals', equals],
  ['Fn::Not', not],
  ['Fn::And', and],
  ['Fn::Or', or],
  ['Fn::FindInMap', findInMap],
  ['Fn::Select', select],
  ['Fn::Split', split],
]);

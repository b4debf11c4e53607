/**
 * A small evaluator of identity policies, for the statements that the stack synthesizes: Allow and Deny, actions,
 * resources with wildcards, and five condition operators. Anything else fails, so that it is never read as harmless.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html (2026)
 */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface Request {
  readonly action: string;
  readonly resource: string;
  /** Condition keys that the request carries, e.g. the tags of the resource. */
  readonly context?: Readonly<Record<string, string>>;
}

export type Verdict = 'allowed' | 'denied' | 'not allowed';

export function evaluate(statements: readonly Statement[], request: Request): Verdict {
  const matching = statements.filter((statement) => applies(statement, request));
  if (matching.some(({ Effect }) => Effect === 'Deny')) return 'denied';
  return matching.length > 0 ? 'allowed' : 'not allowed';
}

const KNOWN = new Set(['Sid', 'Effect', 'Action', 'Resource', 'Condition']);

function applies(statement: Statement, { action, resource, context = {} }: Request): boolean {
  const unknown = Object.keys(statement).filter((key) => !KNOWN.has(key));
  if (unknown.length > 0) throw new Error(`cannot evaluate ${unknown.join(', ')}`);
  const isMet = Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => meets(operator, listOf(wanted), context[key])),
  );
  return (
    listOf(statement.Action).some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
    listOf(statement.Resource).some((pattern) => matches(resolve(pattern), resource)) &&
    isMet
  );
}

function meets(operator: string, wanted: readonly unknown[], given: string | undefined): boolean {
  const values = wanted.map(resolve);
  switch (operator) {
    case 'StringEquals':
      return given !== undefined && values.includes(given);
    case 'ArnEquals':
      return given !== undefined && values.some((pattern) => matches(pattern, given));
    case 'ForAllValues:StringLike':
      // A request without the key has no value that fails.
      return given === undefined || values.some((pattern) => matches(pattern, given));
    case 'Null':
      return values.includes(String(given === undefined));
    default:
      throw new Error(`cannot evaluate the condition operator ${operator}`);
  }
}

/** `*` and `?` as IAM has them; everything else is literal. */
function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

export function listOf<Value>(value: Value | readonly Value[]): readonly Value[] {
  return Array.isArray(value) ? value : [value as Value];
}

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'eu-west-1',
  'AWS::AccountId': '111122223333',
};

/** What CloudFormation would fill in; `arn-of:<logical id>` for the ARN of a resource of the stack. */
export function resolve(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[name, argument] = []] = Object.entries(value as object);
  switch (name) {
    case 'Ref':
      return PSEUDO[String(argument)] ?? `ref-of:${String(argument)}`;
    case 'Fn::GetAtt':
      return `arn-of:${(argument as readonly string[])[0]}`;
    case 'Fn::Join': {
      const [separator, parts] = argument as readonly [string, readonly unknown[]];
      return parts.map(resolve).join(separator);
    }
    default:
      throw new Error(`cannot resolve ${JSON.stringify(value)}`);
  }
}

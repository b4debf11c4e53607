/** An item as it goes over the wire: `{ name: { S: 'text' } }`, `{ N: '1' }`, ... */
export type WireItem = Readonly<
  Record<string, { readonly S?: string; readonly N?: string; readonly B?: string }>
>;

/**
 * Evaluates the subset of DynamoDB's condition expressions that the store uses: AND, OR, parentheses,
 * attribute_exists, attribute_not_exists, begins_with, and the comparators. A comparison with an absent attribute is false.
 */
export function holds(
  expression: string | undefined,
  item: WireItem | undefined,
  values: WireItem | undefined,
): boolean {
  if (expression === undefined) return true;
  const tokens = expression.match(/[A-Za-z_]+|:[A-Za-z_]+|<=|>=|<>|[=<>(),]/g) ?? [];
  if (tokens.join('') !== expression.replaceAll(' ', '')) throw new Error(`cannot read: ${expression}`);
  let position = 0;
  const peek = () => tokens[position] ?? '';
  const next = () => tokens[position++] ?? '';
  const expect = (token: string) => {
    if (next() !== token) throw new Error(`${token} expected in: ${expression}`);
  };
  const operand = () => {
    const name = next();
    const value = name.startsWith(':') ? values?.[name] : item?.[name];
    if (name.startsWith(':') && value === undefined)
      throw new Error(`${name} has no value in: ${expression}`);
    return value?.N === undefined ? value?.S : Number(value.N);
  };

  const primary = (): boolean => {
    if (peek() === '(') {
      next();
      const inner = or();
      expect(')');
      return inner;
    }
    if (tokens[position + 1] === '(') {
      const name = next();
      expect('(');
      const result = call(name);
      expect(')');
      return result;
    }
    const left = operand();
    const comparator = next();
    return compare(left, comparator, operand());
  };
  const call = (name: string): boolean => {
    const attribute = name.startsWith('attribute_') ? next() : '';
    if (name === 'attribute_exists') return item?.[attribute] !== undefined;
    if (name === 'attribute_not_exists') return item?.[attribute] === undefined;
    if (name === 'begins_with') {
      const text = operand();
      expect(',');
      return typeof text === 'string' && text.startsWith(String(operand()));
    }
    throw new Error(`unknown function ${name}`);
  };
  const and = (): boolean => {
    let result = primary();
    while (peek() === 'AND') {
      next();
      const right = primary();
      result = result && right;
    }
    return result;
  };
  const or = (): boolean => {
    let result = and();
    while (peek() === 'OR') {
      next();
      const right = and();
      result = result || right;
    }
    return result;
  };

  const result = or();
  if (position !== tokens.length) throw new Error(`cannot read the end of: ${expression}`);
  return result;
}

function compare(
  left: string | number | undefined,
  comparator: string,
  right: string | number | undefined,
): boolean {
  if (left === undefined || right === undefined || typeof left !== typeof right) return false;
  switch (comparator) {
    case '=':
      return left === right;
    case '<>':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    default:
      throw new Error(`unknown comparator ${comparator}`);
  }
}

/** What an expression may ask of the metrics of one period. */
export interface Operands {
  /** Value of a metric in the period; NaN: no datapoint. */
  value(id: string): number;
  periodSeconds(id: string): number;
}

export type Expression = (operands: Operands) => number;

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|([-+*/(),]))/y;

/**
 * CloudWatch metric math as far as alarms of the peers use it: the four operations, `FILL(metric, number)` and
 * `PERIOD(metric)`. Where an operand has no datapoint, or a divisor is zero, the result has none.
 * @throws {RangeError} names what it cannot read, so that no alarm is quietly taken for another.
 * @see docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function parseExpression(text: string): Expression {
  const tokens = tokensOf(text);
  let at = 0;
  const peek = () => tokens[at];
  const take = (expected?: string): string => {
    const token = tokens[at++];
    if (token === undefined || (expected !== undefined && token !== expected))
      throw new RangeError(
        `metric math ${text}: ${expected ?? 'a value'} expected, found ${token ?? 'the end'}`,
      );
    return token;
  };

  function sum(): Expression {
    let left = product();
    while (peek() === '+' || peek() === '-') left = binary(take(), left, product());
    return left;
  }

  function product(): Expression {
    let left = factor();
    while (peek() === '*' || peek() === '/') left = binary(take(), left, factor());
    return left;
  }

  function factor(): Expression {
    const token = take();
    if (token === '(') {
      const inner = sum();
      take(')');
      return inner;
    }
    if (/^\d/.test(token)) return () => Number(token);
    if (peek() === '(') return call(token);
    if (!/^[a-z]/.test(token)) throw new RangeError(`metric math ${text}: cannot read ${token}`);
    return (operands) => operands.value(token);
  }

  function call(name: string): Expression {
    take('(');
    const id = take();
    if (name === 'PERIOD') {
      take(')');
      return (operands) => operands.periodSeconds(id);
    }
    if (name !== 'FILL') throw new RangeError(`metric math ${text}: unknown function ${name}`);
    take(',');
    const filler = Number(take());
    take(')');
    return (operands) => {
      const value = operands.value(id);
      return Number.isNaN(value) ? filler : value;
    };
  }

  const result = sum();
  if (peek() !== undefined) throw new RangeError(`metric math ${text}: unexpected ${peek()}`);
  return result;
}

function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  const pattern = new RegExp(TOKEN);
  const trimmed = text.trimEnd();
  while (pattern.lastIndex < trimmed.length) {
    const from = pattern.lastIndex;
    const found = pattern.exec(trimmed);
    if (found === null) throw new RangeError(`metric math ${text}: cannot read ${trimmed.slice(from)}`);
    tokens.push(found[1] ?? found[2] ?? found[3] ?? '');
  }
  return tokens;
}

function binary(operator: string, left: Expression, right: Expression): Expression {
  return (operands) => {
    const [a, b] = [left(operands), right(operands)];
    if (operator === '+') return a + b;
    if (operator === '-') return a - b;
    if (operator === '*') return a * b;
    return b === 0 ? Number.NaN : a / b;
  };
}

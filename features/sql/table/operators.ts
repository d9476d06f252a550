import {
  BOOLEAN,
  decimal,
  isFloating,
  isIntegral,
  isNumeric,
  sameType,
  type SqlType,
  VOID,
} from '../types.ts';
import { adjusted, asDecimal, widerNumber } from '../wider-type.ts';
import { type Entry, type PrintedCall, signature } from './entry.ts';
import { orderKey } from './order-key.ts';
import { wrapped } from './wrapped.ts';

const MOMENTS = ['date', 'timestamp', 'timestamp_ntz'];

/** Spark's common type of two sides of a comparison (`TypeCoercion.findCommonTypeForBinaryComparison`). */
function comparable(a: SqlType, b: SqlType): SqlType | undefined {
  if (sameType(a, b)) return a.kind === 'map' ? undefined : a;
  if (a.kind === 'void') return b;
  if (b.kind === 'void') return a;
  if (isNumeric(a) && isNumeric(b)) return widerNumber(a, b);
  const [first, second] = [a, b].toSorted((x, y) => (x.kind === 'string' ? -1 : y.kind === 'string' ? 1 : 0));
  if (first?.kind === 'string' && second !== undefined) return besideText(second);
  if (!MOMENTS.includes(a.kind) || !MOMENTS.includes(b.kind)) return undefined;
  return [a.kind, b.kind].includes('timestamp') ? { kind: 'timestamp' } : { kind: 'timestamp_ntz' };
}

/** A text beside a number or a moment is read as one; beside a decimal both become doubles. */
function besideText(other: SqlType): SqlType | undefined {
  if (other.kind === 'decimal') return { kind: 'double' };
  return isNumeric(other) || MOMENTS.includes(other.kind) || other.kind === 'boolean' ? other : undefined;
}

function bothAs(common: (a: SqlType, b: SqlType) => SqlType | undefined) {
  return ([a, b]: readonly SqlType[]): readonly SqlType[] | undefined => {
    const type = a === undefined || b === undefined ? undefined : common(a, b);
    return type === undefined ? undefined : [type, type];
  };
}

function comparison(name: string, duckdb = name): Entry {
  return {
    name,
    kind: 'scalar',
    signatures: [
      signature(
        'any, any',
        BOOLEAN,
        ([a = '', b = ''], { types: [type = VOID] }) => {
          const isOrder = name.startsWith('<') || name.startsWith('>');
          const [left, right] =
            isOrder && !name.endsWith('>') ? [orderKey(a, type), orderKey(b, type)] : [a, b];
          return `(${left} ${duckdb} ${right})`;
        },
        { convert: bothAs(comparable) },
      ),
    ],
  };
}

/** With ANSI mode off, `+`, `-` and `*` of integers wrap around as in Java. */
function integerArithmetic(operator: string) {
  return signature(
    'integral, integral',
    ([a]) => a ?? { kind: 'int' },
    ([a, b], call) => wrapped(`${a} ${operator} ${b}`, [a, b], operator, call),
    {
      convert: bothAs((a, b) => (isIntegral(a) && isIntegral(b) ? widerNumber(a, b) : undefined)),
    },
  );
}

function floatingArithmetic(operator: string) {
  return signature(
    'numeric, numeric',
    ([a]) => a ?? { kind: 'double' },
    ([a, b]) => `(${a} ${operator} ${b})`,
    {
      convert: bothAs((a, b) => {
        const type = widerNumber(a, b);
        return isFloating(type) ? type : undefined;
      }),
    },
  );
}

type Decimal = SqlType & { readonly kind: 'decimal' };

const DECIMAL_RESULTS: Readonly<Record<string, (a: Decimal, b: Decimal) => SqlType>> = {
  '+': (a, b) => {
    const scale = Math.max(a.scale, b.scale);
    return adjusted(Math.max(a.precision - a.scale, b.precision - b.scale) + scale + 1, scale);
  },
  '*': (a, b) => adjusted(a.precision + b.precision + 1, a.scale + b.scale),
};

/** Spark, `DecimalPrecision`: an operand that is an integer becomes a decimal of its digits. */
function decimalArithmetic(operator: '+' | '-' | '*') {
  const resultOf = DECIMAL_RESULTS[operator === '-' ? '+' : operator];
  return signature(
    'numeric, numeric',
    ([a, b]) => {
      if (a?.kind !== 'decimal' || b?.kind !== 'decimal' || resultOf === undefined) return decimal(38, 18);
      return resultOf(a, b);
    },
    ([a, b], call) => exactDecimal(operator, a ?? '', b ?? '', call),
    {
      convert: ([a, b]) => {
        if (a === undefined || b === undefined || (a.kind !== 'decimal' && b.kind !== 'decimal'))
          return undefined;
        const [left, right] = [asDecimal(a), asDecimal(b)];
        return left === undefined || right === undefined ? undefined : [left, right];
      },
    },
  );
}

/** Exact as long as no digit has to be cut off; Spark's rounding beyond 38 digits is not proven. */
function exactDecimal(
  operator: string,
  a: string,
  b: string,
  { types, result, refuse }: PrintedCall,
): string {
  const [left, right] = types;
  if (left?.kind !== 'decimal' || right?.kind !== 'decimal' || result.kind !== 'decimal')
    throw new TypeError('A decimal operator has decimal operands.');
  const scale = operator === '*' ? left.scale + right.scale : Math.max(left.scale, right.scale);
  if (result.scale !== scale)
    return refuse(
      `${operator} of decimals with more than 38 digits together`,
      'cast one side to a decimal of fewer digits or to double',
    );
  const type = `DECIMAL(${result.precision}, ${result.scale})`;
  if (operator === '*') return `TRY(CAST(${a} * ${b} AS ${type}))`;
  return `TRY(CAST(${a} AS ${type}) ${operator} CAST(${b} AS ${type}))`;
}

const LOGIC: readonly Entry[] = [
  {
    name: 'AND',
    kind: 'scalar',
    signatures: [signature('boolean, boolean', BOOLEAN, ([a, b]) => `(${a} AND ${b})`)],
  },
  {
    name: 'OR',
    kind: 'scalar',
    signatures: [signature('boolean, boolean', BOOLEAN, ([a, b]) => `(${a} OR ${b})`)],
  },
  { name: 'NOT', kind: 'scalar', signatures: [signature('boolean', BOOLEAN, ([a]) => `(NOT ${a})`)] },
  { name: 'IS NULL', kind: 'scalar', signatures: [signature('any', BOOLEAN, ([a]) => `(${a} IS NULL)`)] },
  {
    name: 'IN',
    kind: 'scalar',
    signatures: [
      signature('orderable', BOOLEAN, ([a, ...items]) => `(${a} IN (${items.join(', ')}))`, {
        rest: 'orderable',
      }),
    ],
  },
];

/** Operators by their sign or keyword, as the parser names them. */
export const OPERATORS: readonly Entry[] = [
  ...LOGIC,
  comparison('='),
  comparison('<>'),
  comparison('<'),
  comparison('<='),
  comparison('>'),
  comparison('>='),
  comparison('<=>', 'IS NOT DISTINCT FROM'),
  ...(['+', '-', '*'] as const).map((name): Entry => ({
    name,
    kind: 'scalar',
    signatures: [integerArithmetic(name), decimalArithmetic(name), floatingArithmetic(name)],
  })),
  {
    name: '/',
    kind: 'scalar',
    signatures: [
      // With ANSI mode off, a division by zero gives NULL.
      signature('double, double', 'double', ([a, b]) => `(${a} / nullif(${b}, 0))`),
    ],
  },
  {
    name: 'NEGATE',
    kind: 'scalar',
    signatures: [
      signature(
        'floating',
        ([a]) => a ?? { kind: 'double' },
        ([a]) => `(-${a})`,
      ),
    ],
  },
];

import { isNumeric, type SqlType } from '../../types.ts';
import { asDecimal, widerNumber } from '../../wider-type.ts';
import type { Constants } from '../entry.ts';

type Pair = readonly [SqlType, SqlType];
type Decimal = SqlType & { readonly kind: 'decimal' };

/**
 * Both operands of an arithmetic operator as numbers (Spark, `PromoteStrings` with ANSI mode off): a text becomes a double,
 * and a bare NULL takes the type of the other side. Undefined if one of them is not a number.
 */
export function numbers([a, b]: readonly SqlType[]): Pair | undefined {
  if (a === undefined || b === undefined) return undefined;
  const left = numeric(a.kind === 'void' ? b : a);
  const right = numeric(b.kind === 'void' ? a : b);
  return left === undefined || right === undefined ? undefined : [left, right];
}

function numeric(type: SqlType): SqlType | undefined {
  if (type.kind === 'string' || type.kind === 'void') return { kind: 'double' };
  return isNumeric(type) ? type : undefined;
}

/** Both operands as a common type, if the type is one that `fits`. */
export function common(args: readonly SqlType[], fits: (type: SqlType) => boolean): Pair | undefined {
  const pair = numbers(args);
  if (pair === undefined) return undefined;
  const type = widerNumber(...pair);
  return fits(type) ? [type, type] : undefined;
}

/**
 * Both operands as decimals, if one of them is a decimal and the other one a decimal or an integer (Spark,
 * `DecimalPrecision`). An integer in the query becomes a decimal of as many digits as it has; other integers one of as many as
 * their type may have.
 */
export function decimals(
  args: readonly SqlType[],
  { constants }: Constants,
): readonly [Decimal, Decimal] | undefined {
  const pair = numbers(args);
  if (pair === undefined || pair.every(({ kind }) => kind !== 'decimal')) return undefined;
  const [left, right] = pair.map((type, index) => digitsOf(type, constants[index]) ?? asDecimal(type));
  return left === undefined || right === undefined ? undefined : [left, right];
}

function digitsOf({ kind }: SqlType, constant: Constants['constants'][number]): Decimal | undefined {
  if (kind === 'decimal' || typeof constant !== 'string' || !/^-?\d+$/.test(constant)) return undefined;
  const precision = constant.replace(/^-/, '').replace(/^0+(?=\d)/, '').length;
  return { kind: 'decimal', precision, scale: 0 };
}

import { arrayOf, isIntegral, isNumeric, sameType, type SqlType } from '../../types.ts';
import { asDecimal, widerNumber } from '../../wider-type.ts';
import { elementOf } from './elements.ts';

/**
 * Spark's `findTightestCommonType`, by which functions of arrays convert elements: unlike elsewhere, nothing becomes a text,
 * and a decimal stays as it is.
 */
export function tightest(a: SqlType, b: SqlType): SqlType | undefined {
  if (sameType(a, b) || b.kind === 'void') return a;
  if (a.kind === 'void') return b;
  if (a.kind === 'array' && b.kind === 'array') {
    const element = tightest(a.element, b.element);
    return element === undefined ? undefined : arrayOf(element);
  }
  if (a.kind === 'struct' && b.kind === 'struct') return tightestStruct(a, b);
  if (!isNumeric(a) || !isNumeric(b)) return undefined;
  if (a.kind !== 'decimal' && b.kind !== 'decimal') return widerNumber(a, b);
  if (a.kind === 'decimal' && isIntegral(b)) return holds(a, b) ? a : undefined;
  return b.kind === 'decimal' && isIntegral(a) && holds(b, a) ? b : undefined;
}

type Struct = SqlType & { readonly kind: 'struct' };

function tightestStruct(a: Struct, b: Struct): SqlType | undefined {
  if (a.fields.length !== b.fields.length) return undefined;
  const fields = a.fields.map(({ name, type }, index) => {
    const other = b.fields[index];
    const both = other?.name.toLowerCase() === name.toLowerCase() ? tightest(type, other.type) : undefined;
    return both === undefined ? undefined : { name, type: both };
  });
  return fields.every((field) => field !== undefined) ? { kind: 'struct', fields } : undefined;
}

function holds(wide: SqlType & { readonly kind: 'decimal' }, integer: SqlType): boolean {
  const digits = asDecimal(integer)?.precision ?? Number.POSITIVE_INFINITY;
  return wide.precision - wide.scale >= digits;
}

/** An array and a value as one of its elements, at its place among the arguments. */
export function withElement(place: number) {
  return (args: readonly SqlType[]): readonly SqlType[] | undefined => {
    const [array] = args;
    const value = args[place];
    if (array?.kind !== 'array' || value === undefined) return undefined;
    const type = tightest(array.element, value);
    if (type === undefined) return undefined;
    return args.map((arg, index) => (index === 0 ? arrayOf(type) : index === place ? type : arg));
  };
}

/** Two arrays of one type. */
export function bothArrays([a, b]: readonly SqlType[]): readonly SqlType[] | undefined {
  if (a?.kind !== 'array' || b?.kind !== 'array') return undefined;
  const type = tightest(elementOf(a), elementOf(b));
  return type === undefined ? undefined : [arrayOf(type), arrayOf(type)];
}

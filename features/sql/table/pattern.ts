import {
  isFloating,
  isIntegral,
  isInterval,
  isNested,
  isNumeric,
  isOrderable,
  sameType,
  type SimpleKind,
  type SqlType,
} from '../types.ts';
import { widerType } from '../wider-type.ts';

/** Types that the capital letters of a signature stand for. */
export type Bindings = Map<string, SqlType>;

const MOMENTS: readonly string[] = ['date', 'timestamp', 'timestamp_ntz'];

/** Classes of types, with the type that a bare NULL or a text becomes where the class is expected. */
const CLASSES: Readonly<
  Record<string, { readonly has: (type: SqlType) => boolean; readonly default?: SqlType }>
> = {
  any: { has: (type) => !isInterval(type) },
  simple: { has: (type) => !isNested(type) && !isInterval(type) },
  orderable: { has: (type) => isOrderable(type) && !isInterval(type) },
  numeric: { has: isNumeric, default: { kind: 'double' } },
  number: { has: (type) => isNumeric(type) || type.kind === 'void', default: { kind: 'double' } },
  integral: { has: isIntegral },
  small: { has: (type) => isIntegral(type) && type.kind !== 'bigint' },
  text: { has: ({ kind }) => kind === 'string' },
  floating: { has: isFloating, default: { kind: 'double' } },
  decimal: { has: ({ kind }) => kind === 'decimal' },
  moment: { has: ({ kind }) => MOMENTS.includes(kind) },
  timestamps: { has: ({ kind }) => kind === 'timestamp' || kind === 'timestamp_ntz' },
  span: { has: ({ kind }) => kind === 'interval_day' || kind === 'interval_days' },
  array: { has: ({ kind }) => kind === 'array' },
  map: { has: ({ kind }) => kind === 'map' },
  struct: { has: ({ kind }) => kind === 'struct' },
};

export interface Match {
  readonly type: SqlType;
  /** 0 for the type itself; more for a conversion that loses more. */
  readonly cost: number;
}

/** The type to which an argument is converted to fit a pattern, or undefined if it does not fit. */
export function matchPattern(pattern: string, type: SqlType, bindings: Bindings): Match | undefined {
  if (/^[A-Z]$/.test(pattern)) return bind(pattern, type, bindings);
  const of = CLASSES[pattern];
  if (of !== undefined) return matchClass(of, type);
  const inner = /^(array|map)<(.*)>$/.exec(pattern);
  if (inner !== null) return matchNested(inner[1] ?? '', inner[2] ?? '', type, bindings);
  return convertible(type, namedType(pattern));
}

function matchClass(of: NonNullable<(typeof CLASSES)[string]>, type: SqlType): Match | undefined {
  if (of.has(type)) return { type, cost: 0 };
  if (type.kind === 'void') return { type: of.default ?? type, cost: 0 };
  return of.default !== undefined && type.kind === 'string' ? { type: of.default, cost: 6 } : undefined;
}

function bind(letter: string, type: SqlType, bindings: Bindings): Match | undefined {
  const bound = bindings.get(letter);
  const both = bound === undefined ? type : widerType(bound, type);
  if (both === undefined || isInterval(both)) return undefined;
  bindings.set(letter, both);
  return { type: both, cost: bound === undefined || sameType(bound, type) ? 0 : 1 };
}

function matchNested(kind: string, inner: string, type: SqlType, bindings: Bindings): Match | undefined {
  if (type.kind === 'void') return { type, cost: 0 };
  if (kind === 'array' && type.kind === 'array') {
    const element = matchPattern(inner, type.element, bindings);
    return element === undefined
      ? undefined
      : { type: { kind: 'array', element: element.type }, cost: element.cost };
  }
  const [key = '', value = ''] = inner.split(', ');
  if (kind !== 'map' || type.kind !== 'map') return undefined;
  const keys = matchPattern(key, type.key, bindings);
  const values = matchPattern(value, type.value, bindings);
  if (keys === undefined || values === undefined) return undefined;
  return { type: { kind: 'map', key: keys.type, value: values.type }, cost: keys.cost + values.cost };
}

/** The type that a pattern names once its letters are bound, for results. */
export function boundType(pattern: string, bindings: Bindings): SqlType {
  const letter = bindings.get(pattern);
  if (letter !== undefined) return letter;
  const inner = /^(array|map)<(.*)>$/.exec(pattern);
  if (inner === null) return namedType(pattern);
  if (inner[1] === 'array') return { kind: 'array', element: boundType(inner[2] ?? '', bindings) };
  const [key = '', value = ''] = (inner[2] ?? '').split(', ');
  return { kind: 'map', key: boundType(key, bindings), value: boundType(value, bindings) };
}

function namedType(name: string): SqlType {
  const found = /^decimal\((\d+), ?(\d+)\)$/.exec(name);
  if (found !== null) return { kind: 'decimal', precision: Number(found[1]), scale: Number(found[2]) };
  return { kind: name as SimpleKind };
}

/**
 * Spark's implicit conversions of arguments (`ImplicitTypeCasts`, ANSI mode off): a number to another number, text to
 * numbers and moments, moments to each other, and everything simple to text.
 */
function convertible(from: SqlType, to: SqlType): Match | undefined {
  const match = (cost: number): Match => ({ type: to, cost });
  if (sameType(from, to) || from.kind === 'void') return match(0);
  if (isNested(from) || isNested(to) || isInterval(from) || isInterval(to)) return undefined;
  if (isNumeric(from) && isNumeric(to)) return match(numberCost(from, to));
  if (MOMENTS.includes(from.kind) && MOMENTS.includes(to.kind)) return match(to.kind === 'date' ? 4 : 2);
  if (from.kind === 'string' && to.kind !== 'boolean') return match(6);
  if (to.kind === 'string' && from.kind !== 'binary') return match(8);
  return undefined;
}

const WIDTHS = ['tinyint', 'smallint', 'int', 'bigint', 'decimal', 'float', 'double'];

function numberCost(from: SqlType, to: SqlType): number {
  const step = WIDTHS.indexOf(to.kind) - WIDTHS.indexOf(from.kind);
  return step >= 0 ? 1 + step / 10 : 5 - step / 10;
}

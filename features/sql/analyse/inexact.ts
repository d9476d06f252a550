import type { Typed } from '../typed.ts';
import { isFloating, type SqlType } from '../types.ts';
import { partsOf } from './parts.ts';

/** Functions that give a double fewer digits, so that the last ones no longer show. */
const ROUND = new Set(['bround', 'ceil', 'floor', 'rint', 'round', 'sign']);

/**
 * True if a value holds floats whose last digits may not be Spark's, such as a logarithm. They are equal as a model sees them,
 * but not as texts.
 */
export function isInexact(value: Typed): boolean {
  const known = KNOWN.get(value) ?? inexact(value);
  KNOWN.set(value, known);
  return known;
}

/** An alias makes one expression part of many. */
const KNOWN = new WeakMap<Typed, boolean>();

function inexact(value: Typed): boolean {
  if (!holdsFloats(value.type)) return false;
  if (value.kind === 'column') return value.inexact === true;
  if (value.kind === 'scalar_query') return value.query.columns.some((column) => column.inexact === true);
  if (value.kind === 'apply' && value.entry.inexact === true) return true;
  if (value.kind === 'apply' && ROUND.has(value.entry.name)) return false;
  return partsOf(value).some(isInexact);
}

function holdsFloats(type: SqlType): boolean {
  if (type.kind === 'array') return holdsFloats(type.element);
  if (type.kind === 'map') return holdsFloats(type.key) || holdsFloats(type.value);
  if (type.kind === 'struct') return type.fields.some((field) => holdsFloats(field.type));
  return isFloating(type);
}

/** True if a conversion makes texts of the floats that a type holds. */
export function makesTexts(from: SqlType, to: SqlType): boolean {
  if (isFloating(from)) return to.kind === 'string';
  if (from.kind === 'array' && to.kind === 'array') return makesTexts(from.element, to.element);
  if (from.kind === 'map' && to.kind === 'map')
    return makesTexts(from.key, to.key) || makesTexts(from.value, to.value);
  if (from.kind !== 'struct' || to.kind !== 'struct') return holdsFloats(from) && to.kind === 'string';
  return from.fields.some(({ type }, index) => {
    const other = to.fields[index]?.type;
    return other !== undefined && makesTexts(type, other);
  });
}

import { unproven } from '../fault.ts';
import { isCastable } from '../table/casts.ts';
import type { Typed } from '../typed.ts';
import { isInexact, makesTexts } from './inexact.ts';
import { sameType, type SqlType, typeName } from '../types.ts';

/** The value as another type. Throws `SQL_NOT_TRANSLATABLE` for a conversion that is not in the table of casts. */
export function convert(value: Typed, to: SqlType, at: number, attempt = false): Typed {
  if (sameType(value.type, to)) return value;
  if (value.kind === 'literal' && value.value === null) return { kind: 'literal', type: to, value: null };
  if (value.type.kind !== 'void') {
    const refusal = isCastable(value.type, to);
    if (refusal !== undefined)
      throw unproven(`A conversion from ${typeName(value.type)} to ${typeName(to)}`, refusal, at);
    if (makesTexts(value.type, to) && isInexact(value))
      throw unproven(
        'A text of a double that has no certain last digit',
        'round it or cast it to a decimal first',
        at,
      );
  }
  return { kind: 'cast', type: to, of: value, attempt, at };
}

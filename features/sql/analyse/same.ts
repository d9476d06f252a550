import { createHash } from 'node:crypto';
import type { Typed } from '../typed.ts';
import { typeName } from '../types.ts';

/** An alias makes one expression part of many. */
const KNOWN = new WeakMap<Typed, string>();

let others = 0;

/**
 * Two expressions of one query have the same key if they are the same computation on the same columns. Its length does not
 * depend on the size of the expression, so that expressions of any size are compared at once.
 */
export function keyOf(value: Typed): string {
  const known = KNOWN.get(value);
  if (known !== undefined) return known;
  const text = shapeOf(value, keyOf);
  const key = text === undefined ? `#${(others += 1)}` : createHash('sha256').update(text).digest('base64');
  KNOWN.set(value, key);
  return key;
}

export function keysOf(values: readonly Typed[]): Set<string> {
  return new Set(values.map(keyOf));
}

/** Undefined for a subquery, a lambda or a window, which is the same only as itself. */
function shapeOf(value: Typed, of: (inner: Typed) => string): string | undefined {
  const type = typeName(value.type);
  switch (value.kind) {
    case 'column':
      return `column ${value.relation}.${value.column}`;
    case 'literal':
      return `literal ${JSON.stringify([type, value.value])}`;
    case 'interval':
      return `${type} ${value.months} ${value.microseconds}`;
    case 'variable':
      return `variable ${value.name}`;
    case 'apply':
      if (
        value.over !== undefined ||
        value.filter !== undefined ||
        value.args.some(({ kind }) => kind === 'lambda')
      )
        return undefined;
      return `${value.entry.name}${value.distinct ? ' distinct' : ''}(${value.args.map(of).join(',')})`;
    case 'cast':
      return `${value.attempt ? 'try_' : ''}cast(${of(value.of)} as ${type})`;
    case 'case': {
      const branches = value.branches.map(({ when, result }) => `${of(when)}?${of(result)}`);
      return `case(${branches.join(';')}:${value.otherwise === undefined ? '' : of(value.otherwise)})`;
    }
    case 'field':
      return `field(${of(value.of)}, ${JSON.stringify(value.name)})`;
    default:
      return undefined;
  }
}

import type { Typed } from '../typed.ts';
import { typeName } from '../types.ts';

const SHAPES = new WeakMap<object, string>();

/** Whether two expressions of one query are the same computation on the same columns. */
export function sameKeys(a: Typed, b: Typed): boolean {
  return a === b || shape(a) === shape(b);
}

function shape(value: Typed): string {
  const known = SHAPES.get(value);
  if (known !== undefined) return known;
  const made = shapeOf(value);
  SHAPES.set(value, made);
  return made;
}

function shapeOf(value: Typed): string {
  const of = typeName(value.type);
  switch (value.kind) {
    case 'column':
      return `${value.relation}.${value.column}`;
    case 'literal':
      return JSON.stringify([of, value.value]);
    case 'interval':
      return `${of} ${value.months} ${value.microseconds}`;
    case 'variable':
      return value.name;
    case 'apply':
      return value.over === undefined && value.filter === undefined
        ? `${value.entry.name}${value.distinct ? ' distinct' : ''}(${value.args.map(shape).join(',')})`
        : unique(value);
    case 'cast':
      return `${value.attempt ? 'try_' : ''}cast(${shape(value.of)} as ${of})`;
    case 'case':
      return `case(${value.branches.map(({ when, result }) => `${shape(when)}?${shape(result)}`).join(';')}:${value.otherwise === undefined ? '' : shape(value.otherwise)})`;
    case 'field':
      return `field(${shape(value.of)}, ${JSON.stringify(value.name)})`;
    default:
      return unique(value);
  }
}

let next = 0;

/** Subqueries, lambdas and windows are the same only if they are the same node. */
function unique(_value: object): string {
  next += 1;
  return `#${next}`;
}

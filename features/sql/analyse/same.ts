import type { Typed } from '../typed.ts';
import { typeName } from '../types.ts';

/** Numbers of shapes. Equal shapes have equal numbers, so that expressions of any size are compared at once. */
export interface Shapes {
  readonly byExpression: Map<Typed, number>;
  /** By what a shape is made of: its own parts and the numbers of those below. */
  readonly byText: Map<string, number>;
}

export function noShapes(): Shapes {
  return { byExpression: new Map(), byText: new Map() };
}

/** Two expressions of one query have the same number if they are the same computation on the same columns. */
export function shape(value: Typed, shapes: Shapes): number {
  const known = shapes.byExpression.get(value);
  if (known !== undefined) return known;
  const text = shapeOf(value, (of) => shape(of, shapes)) ?? `#${shapes.byText.size}`;
  const number = shapes.byText.get(text) ?? shapes.byText.size;
  shapes.byText.set(text, number);
  shapes.byExpression.set(value, number);
  return number;
}

/** Whether two expressions of one query are the same computation on the same columns. */
export function sameKeys(a: Typed, b: Typed): boolean {
  const shapes = noShapes();
  return a === b || shape(a, shapes) === shape(b, shapes);
}

/** Undefined for a subquery, a lambda or a window, which is the same only as itself. */
function shapeOf(value: Typed, of: (inner: Typed) => number): string | undefined {
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

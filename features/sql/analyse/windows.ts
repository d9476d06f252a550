import { invalid } from '../fault.ts';
import type { Expression, OrderItem, WindowSpec } from '../syntax.ts';
import type { Typed, TypedOrder, TypedWindow } from '../typed.ts';
import { isOrderable, typeName } from '../types.ts';
import { typedFrame } from './frames.ts';
import type { Context } from './scope.ts';
import { unorderedIn } from './unordered.ts';

type Analyse = (expression: Expression, context: Context) => Typed;

export function window(
  over: WindowSpec | string,
  context: Context,
  at: number,
  analyse: Analyse,
): { readonly spec: WindowSpec; readonly window: TypedWindow; readonly orderBy: TypedOrder[] } {
  const spec = typeof over === 'string' ? named(over, context, at) : merged(over, context);
  const inside: Context = { ...context, noWindows: 'in the definition of a window' };
  const partitionBy = spec.partitionBy.map((by) => analyse(by, inside));
  if (partitionBy.some((by) => unorderedIn(by) !== undefined))
    throw invalid('Rows cannot be grouped by an array whose order is left to chance.', at);
  const orderBy = order(spec.orderBy, inside, analyse);
  const frame = spec.frame === undefined ? undefined : typedFrame(spec.frame, orderBy, inside, analyse);
  return { spec, orderBy, window: { partitionBy, orderBy, frame } };
}

function named(name: string, { scope }: Context, at: number): WindowSpec {
  const found = scope.windows.get(name.toLowerCase());
  if (found === undefined) throw invalid(`There is no window "${name}".`, at);
  return found;
}

function merged(spec: WindowSpec, context: Context): WindowSpec {
  if (spec.base === undefined) return spec;
  if (spec.partitionBy.length + spec.orderBy.length > 0 || spec.frame !== undefined)
    throw invalid('A named window cannot be extended; write it out.', spec.at);
  return named(spec.base, context, spec.at);
}

export function order(items: readonly OrderItem[], context: Context, analyse: Analyse): TypedOrder[] {
  return items.map(({ of, descending, nullsFirst }) => {
    const typed = analyse(of, context);
    if (!isOrderable(typed.type))
      throw invalid(`Values of type ${typeName(typed.type)} have no order.`, of.at);
    if (unorderedIn(typed) !== undefined)
      throw invalid('Rows cannot be ordered by an array whose own order is left to chance.', of.at);
    return { of: typed, descending, nullsFirst };
  });
}

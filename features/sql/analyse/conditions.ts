import type { Expression } from '../syntax.ts';
import { operatorNamed } from '../table/table.ts';
import type { Typed } from '../typed.ts';
import { apply } from './calls.ts';
import { analyse, truth } from './expressions.ts';
import { type Analysis, type Context, plainContext, resolve, type Scope } from './scope.ts';

/**
 * Resolves a WHERE. In a subquery used as a value it decides that value, so the columns it reads are among the value's origins
 * (`Scope.deciding`), except for the columns that join the subquery to the query outside.
 */
export function condition(where: Expression, scope: Scope, analysis: Analysis): Typed {
  const typed = conjuncts(where).map((one) => {
    const context = plainContext(analysis, scope, 'in WHERE', true);
    const value = analyse(one, context);
    if (scope.deciding !== undefined && !isJoin(one, context))
      for (const origin of context.uses) scope.deciding.add(origin);
    return value;
  });
  const [first, ...more] = typed;
  if (first === undefined) throw new TypeError('A condition has a part.');
  const all = more.reduce(
    (left, right) => apply(operatorNamed('AND'), [left, right], { at: where.at }),
    first,
  );
  return truth(all, where.at);
}

function conjuncts(where: Expression): Expression[] {
  const parts: Expression[] = [];
  const left = [where];
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    if (one.kind === 'operation' && one.operator === 'AND') left.push(...one.args.toReversed());
    else parts.push(one);
  }
  return parts;
}

/** Whether a raw column of the subquery is compared with a raw column of the query outside. */
function isJoin(one: Expression, context: Context): boolean {
  if (one.kind !== 'operation' || one.operator !== '=') return false;
  const columns = one.args.flatMap((arg) => (arg.kind === 'name' ? [resolve(arg, context).column] : []));
  const own = columns.map((column) =>
    context.scope.relations.some((relation) => relation.columns.includes(column)),
  );
  return columns.length === 2 && own[0] !== own[1] && columns.every(({ origins }) => origins.size > 0);
}

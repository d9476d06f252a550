import { invalid, unproven } from '../fault.ts';
import type { Expression, Lambda } from '../syntax.ts';
import type { Entry } from '../table/entry.ts';
import type { Typed } from '../typed.ts';
import { VOID } from '../types.ts';
import { partsOf } from './parts.ts';
import type { Context } from './scope.ts';

type Analyse = (expression: Expression, context: Context) => Typed;

/** A lambda as an argument of a function, whose other arguments give the types of its parameters. */
export function lambdaOf(
  { parameters, body, at }: Lambda,
  { name, signatures, closed }: Entry,
  index: number,
  before: readonly (Typed | undefined)[],
  context: Context,
  analyse: Analyse,
): Typed {
  const found = signatures
    .filter(({ params }) => params.length === before.length)
    .map(({ lambdas, binding }) => ({ binding, types: lambdas?.(before.map((arg) => arg?.type))[index] }))
    .find(({ types }) => types?.length === parameters.length);
  if (found?.types === undefined)
    throw invalid(`${name}(…) takes no lambda of ${parameters.length} parameters here.`, at);
  const { types, binding } = found;
  const names = parameters.map(() => context.analysis.unique('x'));
  const bound = binding?.(names) ?? { parameters: names, values: names };
  const variables = parameters.map((parameter, position) => ({
    parameter: parameter.toLowerCase(),
    variable: {
      kind: 'variable' as const,
      name: bound.values[position] ?? '',
      type: types[position] ?? VOID,
    },
  }));
  const scope = {
    ...context.scope,
    variables: new Map([
      ...context.scope.variables,
      ...variables.map(({ parameter, variable }) => [parameter, variable] as const),
    ]),
  };
  const typed = analyse(body, { ...context, scope, noAggregates: 'in a lambda', noWindows: 'in a lambda' });
  if (closed === index && isCapturing(typed, new Set(bound.parameters)))
    throw unproven(
      `A lambda of ${name}(…) that reads something from outside`,
      'put it into the array first, as in transform(a, x -> named_struct(…))',
      at,
    );
  return {
    kind: 'lambda',
    type: typed.type,
    parameters: bound.parameters,
    body: typed,
  };
}

/** Whether a lambda reads a column, or a variable of another lambda around it. */
function isCapturing(value: Typed, parameters: ReadonlySet<string>): boolean {
  if (value.kind === 'column') return true;
  // A variable may be a field of a parameter, such as `x1.r`.
  if (value.kind === 'variable') return !parameters.has(value.name.split('.', 1)[0] ?? '');
  const inside = value.kind === 'lambda' ? new Set([...parameters, ...value.parameters]) : parameters;
  return partsOf(value).some((part) => isCapturing(part, inside));
}

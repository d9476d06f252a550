import { invalid, unproven } from '../fault.ts';
import type {
  Case,
  Cast,
  Expression,
  Field,
  InList,
  InQuery,
  Name,
  Operation,
  Subscript,
} from '../syntax.ts';
import { findOperator, operatorNamed } from '../table/table.ts';
import type { Typed } from '../typed.ts';
import { BOOLEAN, isInterval, isNumeric, sameType, type SqlType, typeName, STRING } from '../types.ts';
import { widestType } from '../wider-type.ts';
import { apply, call, known } from './calls.ts';
import { convert } from './convert.ts';
import { type Context, resolve } from './scope.ts';

/** Resolves and types an expression. Throws `SqlFault`. */
export function analyse(expression: Expression, context: Context): Typed {
  switch (expression.kind) {
    case 'literal':
    case 'interval':
      return expression;
    case 'name':
      return column(expression, context);
    case 'call':
      return call(expression, context, analyse);
    case 'operation':
      return operation(expression, context);
    case 'cast':
      return cast(expression, context);
    case 'case':
      return caseOf(expression, context);
    case 'in_list':
      return inList(expression, context);
    case 'in_query':
      return inQuery(expression, context);
    case 'subscript':
      return subscript(expression, context);
    case 'field':
      return fieldOf(analyse(expression.of, context), expression, context);
    case 'exists':
    case 'scalar_query':
      return subquery(expression, context);
    case 'star':
      throw invalid('A * may stand only in a select list or in COUNT(*).', expression.at);
    case 'lambda':
      throw invalid(
        'A lambda may stand only as an argument of a function such as transform(…).',
        expression.at,
      );
  }
}

function column(name: Name, context: Context): Typed {
  const variable = context.scope.variables.get((name.parts[0] ?? '').toLowerCase());
  if (variable !== undefined) return fields(variable, name, 1, context);
  const { column: found, parts } = resolve(name, context);
  for (const origin of found.origins) {
    context.uses.add(origin);
    context.analysis.used.add(origin);
  }
  return fields(found.value, name, parts, context);
}

function fields(of: Typed, { parts, at }: Name, taken: number, context: Context): Typed {
  return parts.slice(taken).reduce<Typed>((value, name) => fieldOf(value, { at, name }, context), of);
}

/** A field of a struct or of every struct of an array, or the value of a key of a map. */
function fieldOf(of: Typed, { name, at }: Pick<Field, 'name' | 'at'>, context: Context): Typed {
  const { type } = of;
  if (type.kind === 'map') {
    const key: Typed = { kind: 'literal', type: STRING, value: name };
    return apply(operatorNamed('[]'), [of, key], { at });
  }
  if (type.kind === 'array') {
    const element: Typed = { kind: 'variable', type: type.element, name: context.analysis.unique('x') };
    const body = fieldOf(element, { name, at }, context);
    const lambda: Typed = { kind: 'lambda', type: body.type, parameters: [element.name], body };
    return apply(known('transform', at), [of, lambda], { at });
  }
  if (type.kind !== 'struct')
    throw invalid(`"${name}" cannot be read from a value of type ${typeName(type)}.`, at);
  const found = type.fields.find((field) => field.name.toLowerCase() === name.toLowerCase());
  if (found === undefined)
    throw invalid(
      `The struct has no field "${name}"; it has ${type.fields.map((field) => field.name).join(', ')}.`,
      at,
    );
  return { kind: 'field', of, name: found.name, type: found.type };
}

function operation({ operator, args, at }: Operation, context: Context): Typed {
  const typed = args.map((arg) => analyse(arg, context));
  const [only] = typed;
  if ((operator === 'PLAIN' || operator === 'PLUS') && only !== undefined) return only;
  const negative = operator === 'NEGATE' ? negated(only) : undefined;
  if (negative !== undefined) return negative;
  if (operator === 'NOT' && only?.kind === 'in_query') return { ...only, negated: !only.negated };
  if (operator === 'BETWEEN') return between(typed, at);
  const entry = findOperator(operator);
  if (entry === undefined) throw unproven(`The operator ${operator}`, 'write a function for it', at);
  return apply(entry, typed, { at });
}

/** A negative number is a constant too. */
function negated(of: Typed | undefined): Typed | undefined {
  if (of?.kind !== 'literal' || typeof of.value !== 'string' || !isNumeric(of.type)) return undefined;
  return { ...of, value: of.value.startsWith('-') ? of.value.slice(1) : `-${of.value}` };
}

function between([of, low, high]: readonly Typed[], at: number): Typed {
  if (of === undefined || low === undefined || high === undefined)
    throw new TypeError('BETWEEN has three operands.');
  const bounds = [
    apply(operatorNamed('>='), [of, low], { at }),
    apply(operatorNamed('<='), [of, high], { at }),
  ];
  return apply(operatorNamed('AND'), bounds, { at });
}

function cast({ of, to, at, attempt }: Cast, context: Context): Typed {
  return convert(analyse(of, context), to, at, attempt);
}

function caseOf({ subject, branches, otherwise, at }: Case, context: Context): Typed {
  const of = subject === undefined ? undefined : analyse(subject, context);
  const typed = branches.map(({ when, result }) => {
    const condition = analyse(when, context);
    return {
      when:
        of === undefined
          ? truth(condition, when.at)
          : apply(operatorNamed('='), [of, condition], { at: when.at }),
      result: analyse(result, context),
    };
  });
  const last = otherwise === undefined ? undefined : analyse(otherwise, context);
  const type = commonType(
    [...typed.map(({ result }) => result), ...(last === undefined ? [] : [last])],
    'The branches of a CASE',
    at,
  );
  return {
    kind: 'case',
    type,
    branches: typed.map(({ when, result }) => ({ when, result: convert(result, type, at) })),
    otherwise: last === undefined ? undefined : convert(last, type, at),
  };
}

export function commonType(values: readonly Typed[], what: string, at: number): SqlType {
  const type = widestType(values.map((value) => value.type));
  if (type === undefined || isInterval(type))
    throw invalid(
      `${what} have no common type: ${[...new Set(values.map(({ type: of }) => typeName(of)))].join(', ')}.`,
      at,
    );
  return type;
}

export function truth(value: Typed, at: number): Typed {
  if (value.type.kind !== 'boolean' && value.type.kind !== 'void')
    throw invalid(`A condition must be a boolean; this one is ${typeName(value.type)}.`, at);
  return convert(value, BOOLEAN, at);
}

function inList({ of, items, at }: InList, context: Context): Typed {
  const typed = [of, ...items].map((item) => analyse(item, context));
  const type = commonType(typed, 'The items of IN', at);
  return apply(
    operatorNamed('IN'),
    typed.map((item) => convert(item, type, at)),
    { at },
  );
}

function inQuery({ of, query, at }: InQuery, context: Context): Typed {
  const value = analyse(of, context);
  const { query: inside } = nested(query, context);
  const [only, ...more] = inside.columns;
  if (only === undefined || more.length > 0) throw invalid('The query of IN must give one column.', at);
  const type = commonType([value, { kind: 'literal', type: only.type, value: null }], 'The sides of IN', at);
  if (!sameType(type, only.type))
    throw unproven(
      `IN between ${typeName(value.type)} and a query of ${typeName(only.type)}`,
      `select CAST(… AS ${typeName(type)}) in the query`,
      at,
    );
  for (const origin of only.origins) context.uses.add(origin);
  return { kind: 'in_query', type: BOOLEAN, of: convert(value, type, at), query: inside, negated: false };
}

function subquery(
  expression: Extract<Expression, { kind: 'exists' | 'scalar_query' }>,
  context: Context,
): Typed {
  const { query, rows } = nested(expression.query, context);
  for (const { origins } of query.columns) for (const origin of origins) context.uses.add(origin);
  if (expression.kind === 'exists') {
    for (const origin of rows) context.uses.add(origin);
    return { kind: 'exists', type: BOOLEAN, query };
  }
  const [only, ...more] = query.columns;
  if (only === undefined || more.length > 0)
    throw invalid('A subquery used as a value must give one column.', expression.at);
  return { kind: 'scalar_query', type: only.type, query };
}

function nested(query: InQuery['query'], { analysis, scope, uses }: Context) {
  if (scope.variables.size > 0) throw invalid('A subquery cannot stand in a lambda.', query.at);
  return analysis.query(query, { ...scope, outer: scope, deciding: uses });
}

function subscript({ of, index, at }: Subscript, context: Context): Typed {
  return apply(operatorNamed('[]'), [analyse(of, context), analyse(index, context)], { at });
}

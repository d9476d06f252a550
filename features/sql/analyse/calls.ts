import { didYouMean } from '#configs/did-you-mean.ts';
import { constantOf } from '../constant.ts';
import { invalid, unproven } from '../fault.ts';
import type { Edit } from '../spark-text.ts';
import type { Call, Expression } from '../syntax.ts';
import type { Entry, Signature } from '../table/entry.ts';
import { matchSignature } from '../table/match.ts';
import { BY_CHANCE, NOT_REPEATABLE, REFUSED } from '../table/refused.ts';
import { entryNamed, names } from '../table/table.ts';
import type { Apply, Typed, TypedWindow } from '../typed.ts';
import { BOOLEAN, fieldNames, type SqlType } from '../types.ts';
import { convert } from './convert.ts';
import { lambdaOf } from './lambda.ts';
import { type Context, describeTypes } from './scope.ts';
import { needOf } from './ties.ts';
import { unorderedIn } from './unordered.ts';
import { window } from './windows.ts';

type Analyse = (expression: Expression, context: Context) => Typed;

export function call(expression: Call, context: Context, analyse: Analyse): Typed {
  const { name, at } = expression;
  const entry = known(name, at);
  if (entry.kind === 'generator')
    throw invalid(`${name}(…) makes rows; it may stand alone in a select list or in LATERAL VIEW.`, at);
  assertPlace(entry, expression, context);
  const inside =
    entry.kind === 'aggregate' || entry.kind === 'window' ? insideOf(expression, context) : context;
  const args = argumentsOf(expression, entry, inside, analyse);
  const filter = expression.filter === undefined ? undefined : analyse(expression.filter, inside);
  if (filter !== undefined && filter.type.kind !== 'boolean')
    throw invalid('The condition of FILTER must be a boolean.', at);
  const over = expression.over === undefined ? undefined : window(expression.over, inside, at, analyse);
  assertFrame(entry, expression, over?.window);
  const applied = apply(entry, args, {
    at,
    filter,
    over: over?.window,
    distinct: expression.distinct,
    ignoreNulls: expression.ignoreNulls,
  });
  if (entry.breaksTies === true) context.analysis.edits.push(tieEdit(expression));
  const needs = needOf(applied);
  if (over !== undefined && needs !== undefined)
    context.scope.rowsRead?.windows.push({ call: expression, ...over, needs });
  return applied;
}

/** Among rows with the same `y`, `max_by(x, y)` takes one by chance; this takes the one with the greatest `x`. */
function tieEdit({ argSpans: [x, y] }: Call): Edit {
  if (x === undefined || y === undefined) throw new TypeError('A function of two arguments has two.');
  return {
    ...y,
    parts: ['CASE WHEN (', y, ") IS NOT NULL THEN named_struct('y', (", y, "), 'x', (", x, ')) END'],
  };
}

function assertFrame({ noFrame, noOrder }: Entry, { name, at }: Call, over: TypedWindow | undefined): void {
  if (over === undefined) return;
  if ((noFrame ?? noOrder) === true && over.frame !== undefined)
    throw invalid(`The window of ${name}(…) takes no frame.`, at);
  if (noOrder === true && over.orderBy.length > 0)
    throw invalid(`The window of ${name}(…) takes no ORDER BY.`, at);
}

export function known(name: string, at: number): Entry {
  const entry = entryNamed(name);
  if (entry !== undefined) return entry;
  if (NOT_REPEATABLE.has(name))
    throw invalid(`${name}() gives another answer each time; use {{ ds }} for the partition's date.`, at, {
      function: name,
    });
  if (BY_CHANCE.has(name)) throw byChance(name, at);
  const instead = REFUSED[name];
  if (instead !== undefined) throw unproven(`The function ${name}`, instead, at, { function: name });
  const close = didYouMean(name, names());
  throw unproven(
    `The function ${name}`,
    close === undefined ? 'docs/features.md lists those that are' : `did you mean ${close}`,
    at,
    { function: name },
  );
}

function byChance(name: string, at: number): Error {
  return invalid(`${name}() takes a row by chance; use MIN, MAX, max_by or a window with an order.`, at, {
    function: name,
  });
}

function assertPlace(
  entry: Entry,
  { name, at, over, filter, distinct, ignoreNulls, within }: Call,
  context: Context,
): void {
  const windowed = over !== undefined;
  if (entry.kind === 'window' && !windowed && BY_CHANCE.has(name)) throw byChance(name, at);
  if (distinct && entry.noDistinct === true)
    throw unproven(`DISTINCT in ${name}`, 'select distinct rows in a subquery', at);
  if (ignoreNulls && entry.takesNulls !== true) throw invalid(`${name}(…) takes no IGNORE NULLS.`, at);
  if (within.length > 0 !== (entry.within === true))
    throw invalid(
      entry.within === true
        ? `${name}(…) needs WITHIN GROUP (ORDER BY …).`
        : `${name}(…) takes no WITHIN GROUP.`,
      at,
    );
  if (entry.kind === 'window' && !windowed) throw invalid(`${name}(…) needs OVER (…).`, at);
  if (entry.kind === 'scalar' && (windowed || filter !== undefined || distinct))
    throw invalid(`${name}(…) is not an aggregate, so it takes no OVER, FILTER or DISTINCT.`, at);
  if (windowed) {
    if (entry.ofKeys === true) throw invalid(`${name}(…) takes no OVER.`, at);
    if (context.noWindows !== undefined)
      throw invalid(`A window function may not stand ${context.noWindows}.`, at);
    if (distinct) throw unproven('DISTINCT in a window function', 'count distinct values in a subquery', at);
    context.found.window = true;
    if (filter !== undefined) throw unproven('FILTER of a window function', 'use a CASE in its argument', at);
  } else if (entry.kind === 'aggregate') {
    if (context.noAggregates !== undefined)
      throw invalid(`An aggregate may not stand ${context.noAggregates}.`, at);
    context.found.aggregate = true;
  }
}

/** The context of the arguments of an aggregate or a window function. */
function insideOf({ over }: Call, context: Context): Context {
  // Spark takes no alias of the same select list there.
  const inside = { ...context, scope: { ...context.scope, aliases: new Map() } };
  return over === undefined
    ? { ...inside, noAggregates: 'in another aggregate', noWindows: 'in an aggregate' }
    : { ...inside, noWindows: 'in another window function' };
}

/** Lambdas come last, because the types of their parameters follow from the other arguments. */
function argumentsOf(
  { name, at, args, distinct, within: order }: Call,
  entry: Entry,
  context: Context,
  analyse: Analyse,
): Typed[] {
  const [first, ...more] = args;
  if (name === 'count' && first === undefined) throw invalid('count() needs an argument, such as *.', at);
  if (name === 'count' && first?.kind === 'star' && more.length === 0) {
    if (first.of === undefined && first.except.length === 0 && !distinct) return [];
    throw unproven('COUNT of several columns', 'count the rows of a SELECT DISTINCT', first.at);
  }
  const typed: (Typed | undefined)[] = args.map((arg) =>
    arg.kind === 'lambda' ? undefined : analyse(arg, context),
  );
  for (const [index, arg] of args.entries())
    if (arg.kind === 'lambda') typed[index] = lambdaOf(arg, entry, index, typed, context, analyse);
  const [by, ...others] = order;
  if (by !== undefined) {
    if (others.length > 0) throw invalid(`${name}(…) is of one expression.`, by.of.at);
    typed.push(analyse(by.of, context), { kind: 'literal', type: BOOLEAN, value: by.descending });
  }
  return typed.filter((arg) => arg !== undefined);
}

export interface Applied {
  readonly at: number;
  readonly filter?: Typed | undefined;
  readonly over?: TypedWindow | undefined;
  readonly distinct?: boolean;
  readonly ignoreNulls?: boolean;
}

/** In Spark, whether IN (query) may be NULL depends on what stands around it. */
const MAY_TAKE_IN_QUERY = new Set(['AND', 'OR', 'if']);

/** Conditions that hold one, because an alias makes one expression part of many. */
const HOLD_IN_QUERY = new WeakMap<Typed, boolean>();

function holdsInQuery(value: Typed): boolean {
  if (value.kind === 'in_query') return true;
  if (value.kind !== 'apply' || (value.entry.name !== 'AND' && value.entry.name !== 'OR')) return false;
  const holds = HOLD_IN_QUERY.get(value) ?? value.args.some(holdsInQuery);
  HOLD_IN_QUERY.set(value, holds);
  return holds;
}

/** Applies an entry of the table to arguments, each converted to the type that the signature asks for. */
export function apply(entry: Entry, args: readonly Typed[], applied: Applied): Apply {
  const { at } = applied;
  const types = args.map(({ type }) => type);
  const constants = args.map(constantOf);
  const found = matchSignature(entry, types, { constants });
  if (found === undefined) throw notProven(entry, args, at);
  if (fieldNames(found.result).some((fields) => fields.some((name) => name.includes('\0'))))
    throw invalid('A name cannot hold the character U+0000.', at);
  assertOrdered(entry, found.signature, args, applied);
  if (!MAY_TAKE_IN_QUERY.has(entry.name) && args.some(holdsInQuery))
    throw unproven(`IN (SELECT …) inside of ${entry.name}`, 'use it with AND, OR, NOT IN or CASE', at);
  return {
    kind: 'apply',
    at,
    entry,
    signature: found.signature,
    type: found.result,
    args: args.map((arg, index) =>
      arg.kind === 'lambda'
        ? lambdaTo(arg, found.args[index] ?? arg.type, at)
        : convert(arg, found.args[index] ?? arg.type, at),
    ),
    distinct: applied.distinct ?? false,
    ignoreNulls: applied.ignoreNulls ?? false,
    filter: applied.filter,
    over: applied.over,
  };
}

function lambdaTo(lambda: Extract<Typed, { kind: 'lambda' }>, to: SqlType, at: number): Typed {
  return { ...lambda, type: to, body: convert(lambda.body, to, at) };
}

function notProven({ name, kind, signatures }: Entry, args: readonly Typed[], at: number): Error {
  const accepted = signatures.map(({ params, rest }) => {
    const shown = params.map(({ type, constant }) => (constant === true ? `constant ${type}` : type));
    return `(${[...shown, ...(rest === undefined ? [] : [`${rest.type}, …`])].join(', ')})`;
  });
  const of = kind === 'scalar' && /^[^a-z]/.test(name) ? `The operator ${name}` : name;
  return unproven(
    `${of} of (${describeTypes(args)})`,
    `it takes ${[...new Set(accepted)].slice(0, 6).join(' or ')}`,
    at,
    { function: name },
  );
}

/** Refuses what takes rows in an order that no one gave. */
function assertOrdered(
  entry: Entry,
  { ordered = false }: Signature,
  args: readonly Typed[],
  { at, over }: Applied,
): void {
  if (entry.needsOrder === true && over !== undefined && over.orderBy.length === 0)
    throw invalid(`${entry.name}(…) takes rows in the order of its window, which has no ORDER BY.`, at, {
      function: entry.name,
    });
  if (!ordered && (entry.orderless === true || entry.keepsOrder === true)) return;
  for (const arg of args) {
    const collected = unorderedIn(arg);
    if (collected !== undefined)
      throw invalid(
        `The order of ${collected.entry.name}(…) is left to chance, and ${entry.name}(…) depends on it; write sort_array(${collected.entry.name}(…)).`,
        collected.at,
        { function: collected.entry.name },
      );
  }
}

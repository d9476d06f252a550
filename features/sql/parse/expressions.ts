import { unproven } from '../fault.ts';
import type { Expression, Operation } from '../syntax.ts';
import { BOOLEAN } from '../types.ts';
import type { Cursor } from './cursor.ts';
import { primary } from './primary.ts';

/** Levels of binary operators, loosest first (Spark 4.0, `valueExpression` in SqlBaseParser.g4). All bind to the left. */
const LEVELS: readonly (readonly string[])[] = [
  ['=', '==', '<=>', '<>', '!=', '<', '<=', '>', '>='],
  ['|'],
  ['^'],
  ['&'],
  ['<<', '>>', '>>>'],
  ['+', '-', '||'],
  ['*', '/', '%', 'DIV'],
];

const SAME: Readonly<Record<string, string>> = { '==': '=', '!=': '<>' };

export function expression(cursor: Cursor): Expression {
  return chain(cursor, 'OR', both);
}

function both(cursor: Cursor): Expression {
  return chain(cursor, 'AND', negation);
}

function chain(cursor: Cursor, operator: 'AND' | 'OR', test: (cursor: Cursor) => Expression): Expression {
  const tests = [test(cursor)];
  const places: number[] = [];
  for (let { at } = cursor; cursor.skip(operator); at = cursor.at) {
    places.push(at);
    tests.push(cursor.beside(() => test(cursor)));
  }
  return balanced(tests, operator, places);
}

function negation(cursor: Cursor): Expression {
  const { at } = cursor;
  if (cursor.skip('NOT') || cursor.skip('!'))
    return operation('NOT', at, [cursor.deeper(() => negation(cursor))]);
  return predicate(cursor);
}

function predicate(cursor: Cursor): Expression {
  const of = value(cursor);
  const { at } = cursor;
  if (cursor.skip('IS')) return isPredicate(cursor, of, at);
  const negated =
    cursor.is('NOT') && ['BETWEEN', 'IN', 'LIKE', 'ILIKE', 'RLIKE', 'REGEXP'].includes(cursor.peek(1).upper);
  if (negated) cursor.take();
  return quantified(cursor, of, at, negated) ?? single(cursor, of, at, negated);
}

function single(cursor: Cursor, of: Expression, at: number, negated: boolean): Expression {
  const found = comparison(cursor, of, at);
  if (found === undefined) return of;
  return negated ? operation('NOT', at, [found]) : found;
}

function comparison(cursor: Cursor, of: Expression, at: number): Expression | undefined {
  if (cursor.skip('BETWEEN')) {
    const low = value(cursor);
    cursor.expect('AND');
    return operation('BETWEEN', at, [of, low, value(cursor)]);
  }
  if (cursor.skip('IN')) return membership(cursor, of, at);
  if (cursor.skip('RLIKE') || cursor.skip('REGEXP')) return operation('RLIKE', at, [of, value(cursor)]);
  for (const like of ['LIKE', 'ILIKE'])
    if (cursor.skip(like)) {
      const pattern = value(cursor);
      return operation(like, at, cursor.skip('ESCAPE') ? [of, pattern, value(cursor)] : [of, pattern]);
    }
  return undefined;
}

/** `LIKE ANY ('a%', 'b%')` is a chain of ORs, `LIKE ALL` of ANDs; a NOT before it belongs to each LIKE. */
function quantified(cursor: Cursor, of: Expression, at: number, negated: boolean): Expression | undefined {
  const like = cursor.token.upper;
  const quantifier = cursor.peek(1).upper;
  if (!['LIKE', 'ILIKE'].includes(like) || !['ANY', 'SOME', 'ALL'].includes(quantifier)) return undefined;
  if (cursor.peek(2).upper !== '(') return undefined;
  cursor.expect(like, quantifier);
  const patterns = cursor.bracketed(() => cursor.list(() => value(cursor)));
  const tests = patterns
    .map((pattern): Expression => operation(like, at, [of, pattern]))
    .map((found) => (negated ? operation('NOT', at, [found]) : found));
  return balanced(
    tests,
    quantifier === 'ALL' ? 'AND' : 'OR',
    tests.map(() => at),
  );
}

/** AND and OR join halves to each other, so that any number of tests makes few levels of the tree. */
function balanced(tests: readonly Expression[], operator: string, places: readonly number[]): Expression {
  const [only] = tests;
  if (only === undefined) throw new TypeError('A chain has a first test.');
  if (tests.length === 1) return only;
  const half = Math.ceil(tests.length / 2);
  return operation(operator, places[half - 1] ?? only.at, [
    balanced(tests.slice(0, half), operator, places.slice(0, half - 1)),
    balanced(tests.slice(half), operator, places.slice(half)),
  ]);
}

function membership(cursor: Cursor, of: Expression, at: number): Expression {
  return cursor.bracketed(() =>
    cursor.isOneOf(['SELECT', 'WITH', 'VALUES'])
      ? { kind: 'in_query', at, of, query: cursor.query() }
      : { kind: 'in_list', at, of, items: cursor.list(() => cursor.expression()) },
  );
}

function isPredicate(cursor: Cursor, of: Expression, at: number): Expression {
  const negated = cursor.skip('NOT');
  const wrap = (found: Expression): Expression => (negated ? operation('NOT', at, [found]) : found);
  if (cursor.skip('NULL')) return wrap(operation('IS NULL', at, [of]));
  if (cursor.skip('UNKNOWN')) return wrap(operation('IS NULL', at, [of]));
  if (cursor.skip('TRUE')) return wrap(operation('<=>', at, [of, truth(true, at)]));
  if (cursor.skip('FALSE')) return wrap(operation('<=>', at, [of, truth(false, at)]));
  if (cursor.skip('DISTINCT', 'FROM')) {
    const same = operation('<=>', at, [of, value(cursor)]);
    return negated ? same : operation('NOT', at, [same]);
  }
  throw cursor.unexpected('NULL, TRUE, FALSE or DISTINCT FROM');
}

function truth(value: boolean, at: number): Expression {
  return { kind: 'literal', at, type: BOOLEAN, value };
}

/** An expression without AND, OR, NOT and predicates, as the bounds of BETWEEN need it. */
export function value(cursor: Cursor): Expression {
  return binary(cursor, 0);
}

function binary(cursor: Cursor, level: number): Expression {
  const operators = LEVELS[level];
  if (operators === undefined) return unary(cursor);
  let left = binary(cursor, level + 1);
  while (cursor.isOneOf(operators) && cursor.token.kind !== 'quoted') {
    const { at, upper, isSplit = false } = cursor.take();
    if (isSplit)
      throw unproven(`${upper} after array, map or struct`, 'use shiftright(…) or shiftrightunsigned(…)', at);
    left = operation(SAME[upper] ?? upper, at, [left, cursor.onto(() => binary(cursor, level + 1))]);
  }
  return left;
}

function unary(cursor: Cursor): Expression {
  const { at } = cursor;
  // A minus directly before a number is part of the literal, so that `-9223372036854775808` is in range.
  if (cursor.is('-') && cursor.peek(1).kind === 'number') return primary(cursor);
  if (cursor.skip('-')) return operation('NEGATE', at, [cursor.deeper(() => unary(cursor))]);
  if (cursor.skip('+')) return operation('PLUS', at, [cursor.deeper(() => unary(cursor))]);
  if (cursor.skip('~')) return operation('~', at, [cursor.deeper(() => unary(cursor))]);
  return primary(cursor);
}

export function operation(operator: string, at: number, args: readonly Expression[]): Operation {
  return { kind: 'operation', operator, at, args };
}

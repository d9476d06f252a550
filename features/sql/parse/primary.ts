import { invalid, unproven } from '../fault.ts';
import type { Case, Expression } from '../syntax.ts';
import { BOOLEAN, STRING, VOID } from '../types.ts';
import { call } from './calls.ts';
import type { Cursor } from './cursor.ts';
import { intervalLiteral, isInterval } from './intervals.ts';
import { numberLiteral, typedLiteral } from './literals.ts';
import { isName, name, names } from './names.ts';
import { typeOf } from './type-names.ts';

/** An operand with everything that binds tighter than an operator: `.field`, `[index]`, `::type`. */
export function primary(cursor: Cursor): Expression {
  let of = operand(cursor);
  for (;;) {
    const { at } = cursor;
    if (cursor.skip('[')) {
      const index = cursor.onto(() => cursor.expression());
      cursor.expect(']');
      of = { kind: 'subscript', at, of, index };
    } else if (cursor.skip('::'))
      of = { kind: 'cast', at, of, to: cursor.onto(() => typeOf(cursor)), attempt: false };
    else if (cursor.is('.') && of.kind !== 'star') of = field(cursor, of);
    else return of;
  }
}

function field(cursor: Cursor, of: Expression): Expression {
  const { at } = cursor.take();
  if (cursor.skip('*')) throw unproven('A star of a struct', 'name its fields', at);
  const next = cursor.onto(() => name(cursor, 'a field'));
  return of.kind === 'name' ? { ...of, parts: [...of.parts, next] } : { kind: 'field', at, of, name: next };
}

function operand(cursor: Cursor): Expression {
  const { token } = cursor;
  if (token.kind === 'number') return numberLiteral(cursor.take());
  if (cursor.is('-') && cursor.peek(1).kind === 'number') {
    cursor.take();
    return numberLiteral(cursor.take(), { negative: true });
  }
  if (token.kind === 'string')
    return { kind: 'literal', at: token.at, type: STRING, value: cursor.take().text };
  if (token.kind === 'symbol') return symbol(cursor);
  if (token.kind === 'word') {
    const special = keyword(cursor);
    if (special !== undefined) return special;
  }
  if (
    cursor.peek(1).text === '(' &&
    cursor.peek(1).kind === 'symbol' &&
    (isName(cursor) || cursor.isOneOf(CALLABLE))
  )
    return call(cursor);
  const { at } = token;
  const first = name(cursor, 'an expression');
  if (cursor.is('.', '*')) {
    cursor.expect('.', '*');
    return { kind: 'star', at, of: first, except: except(cursor) };
  }
  if (cursor.is('->')) return lambda(cursor, [first], at);
  return { kind: 'name', at, parts: [first] };
}

/** Keywords that are functions too when a bracket follows. */
const CALLABLE = ['LEFT', 'RIGHT', 'LIKE', 'ILIKE', 'RLIKE', 'REGEXP', 'ANY', 'SOME', 'IN', 'EXISTS', 'DIV'];

function symbol(cursor: Cursor): Expression {
  const { at } = cursor;
  if (cursor.skip('*')) return { kind: 'star', at, of: undefined, except: except(cursor) };
  if (!cursor.skip('(')) throw cursor.unexpected('an expression');
  if (cursor.isOneOf(['SELECT', 'WITH', 'VALUES'])) {
    const query = cursor.query();
    cursor.expect(')');
    return { kind: 'scalar_query', at, query };
  }
  const parameters = cursor.attempt(() => lambdaParameters(cursor));
  if (parameters !== undefined) return lambda(cursor, parameters, at);
  const items = cursor.list(() => cursor.expression());
  cursor.expect(')');
  const [only, ...more] = items;
  if (only === undefined || more.length > 0) throw unproven('A row in brackets', 'use named_struct(…)', at);
  // A name in brackets stays whole: `(t.a).b` reads a field of `t.a`.
  return only.kind === 'name' && cursor.is('.')
    ? field(cursor, { kind: 'operation', operator: 'PLAIN', at, args: [only] })
    : only;
}

function lambdaParameters(cursor: Cursor): string[] | undefined {
  const found: string[] = [];
  do {
    if (!isName(cursor)) return undefined;
    found.push(cursor.take().text);
  } while (cursor.skip(','));
  return cursor.skip(')') && cursor.is('->') ? found : undefined;
}

function lambda(cursor: Cursor, parameters: readonly string[], at: number): Expression {
  cursor.expect('->');
  return { kind: 'lambda', at, parameters, body: cursor.expression() };
}

function except(cursor: Cursor): { kind: 'name'; at: number; parts: string[] }[] {
  if (!cursor.is('EXCEPT', '(')) return [];
  cursor.take();
  const { at } = cursor;
  return names(cursor).map((of) => ({ kind: 'name', at, parts: [of] }));
}

function keyword(cursor: Cursor): Expression | undefined {
  const { upper, at } = cursor.token;
  const next = cursor.peek(1);
  if (upper === 'NULL') {
    cursor.take();
    return { kind: 'literal', at, type: VOID, value: null };
  }
  if ((upper === 'TRUE' || upper === 'FALSE') && next.text !== '(') {
    cursor.take();
    return { kind: 'literal', at, type: BOOLEAN, value: upper === 'TRUE' };
  }
  if (upper === 'CASE') return caseOf(cursor);
  if (
    upper === 'EXISTS' &&
    next.text === '(' &&
    ['SELECT', 'WITH', 'VALUES'].includes(cursor.peek(2).upper)
  ) {
    cursor.take();
    return cursor.bracketed(() => ({ kind: 'exists', at, query: cursor.query() }));
  }
  if ((upper === 'CAST' || upper === 'TRY_CAST') && next.text === '(') return cast(cursor);
  if (isInterval(cursor)) return intervalLiteral(cursor);
  if (['DATE', 'TIMESTAMP', 'TIMESTAMP_NTZ', 'TIMESTAMP_LTZ', 'X'].includes(upper) && next.kind === 'string')
    return typedLiteral(cursor);
  return undefined;
}

function cast(cursor: Cursor): Expression {
  const { at, upper } = cursor.take();
  return cursor.bracketed(() => {
    const of = cursor.expression();
    cursor.expect('AS');
    return { kind: 'cast', at, of, to: typeOf(cursor), attempt: upper === 'TRY_CAST' };
  });
}

function caseOf(cursor: Cursor): Case {
  const { at } = cursor.take();
  const subject = cursor.is('WHEN') ? undefined : cursor.expression();
  const branches: { when: Expression; result: Expression }[] = [];
  while (cursor.skip('WHEN')) {
    const when = cursor.expression();
    cursor.expect('THEN');
    branches.push({ when, result: cursor.expression() });
  }
  if (branches.length === 0) throw invalid('A CASE needs a WHEN.', at);
  const otherwise = cursor.skip('ELSE') ? cursor.expression() : undefined;
  cursor.expect('END');
  return { kind: 'case', at, subject, branches, otherwise };
}

import { unproven } from '../fault.ts';
import type { Call, Expression, Frame, FrameBound, OrderItem, Span, WindowSpec } from '../syntax.ts';
import { STRING, VOID } from '../types.ts';
import type { Cursor } from './cursor.ts';
import { name } from './names.ts';
import type { Token } from './tokens.ts';

/** `f(a, b)` with DISTINCT, FILTER, WITHIN GROUP, IGNORE NULLS and OVER. */
export function call(cursor: Cursor): Expression {
  const { at, text } = cursor.take();
  const of = text.toLowerCase();
  cursor.expect('(');
  const special = SPECIAL[of]?.(cursor, at);
  if (special !== undefined) return special;
  const distinct = cursor.skip('DISTINCT');
  if (!distinct) cursor.skip('ALL');
  const first = cursor.token;
  const argSpans: Span[] = [];
  const oneArgument = (): Expression => {
    const from = cursor.at;
    const found = argument(cursor);
    argSpans.push({ from, to: cursor.lastEnd });
    return found;
  };
  const args = cursor.is(')') ? [] : unitFirst(cursor.list(oneArgument), of, first);
  const inside = nulls(cursor);
  cursor.expect(')');
  const within = cursor.skip('WITHIN', 'GROUP') ? cursor.bracketed(() => orderBy(cursor)) : [];
  const filter = cursor.is('FILTER', '(')
    ? (cursor.take(),
      cursor.bracketed(() => {
        cursor.expect('WHERE');
        return cursor.expression();
      }))
    : undefined;
  const ignoreNulls = nulls(cursor) ?? inside ?? false;
  const isOver = cursor.skip('OVER');
  const overAt = cursor.at;
  const over = isOver ? window(cursor) : undefined;
  return {
    kind: 'call',
    at,
    name: of,
    args,
    argSpans,
    distinct,
    filter,
    over,
    overSpan: { from: overAt, to: cursor.lastEnd },
    ignoreNulls,
    within,
    end: cursor.lastEnd,
  };
}

function argument(cursor: Cursor): Expression {
  if (cursor.peek(1).text === '=>') throw unproven('A named argument', 'use the position', cursor.at);
  return cursor.expression();
}

/** Functions that take a unit of time before two other arguments, such as `datediff(MONTH, a, b)`. */
const WITH_UNIT = new Set(['datediff', 'date_diff', 'timestampdiff', 'dateadd', 'date_add', 'timestampadd']);

function unitFirst(args: Expression[], of: string, { kind, upper, at }: Token): Expression[] {
  if (!WITH_UNIT.has(of) || args.length !== 3 || kind !== 'word' || !UNITS.has(upper)) return args;
  return args[0]?.kind === 'name' && args[0].parts.length === 1
    ? [{ kind: 'literal', at, type: VOID, value: upper }, ...args.slice(1)]
    : args;
}

const UNITS = new Set(
  'MICROSECOND MILLISECOND SECOND MINUTE HOUR DAY DAYOFYEAR WEEK MONTH QUARTER YEAR'.split(' '),
);

/** Calls with a syntax of their own. Each begins after the bracket and ends with it. */
const SPECIAL: Readonly<Record<string, (cursor: Cursor, at: number) => Expression | undefined>> = {
  extract: (cursor, at) => {
    const unit = cursor.take();
    const part: Expression = { kind: 'literal', at: unit.at, type: STRING, value: unit.text };
    cursor.expect('FROM');
    return close(cursor, plain('date_part', at, [part, cursor.expression()]));
  },
  trim: (cursor, at) => {
    const side =
      cursor.isOneOf(['BOTH', 'LEADING', 'TRAILING']) && cursor.peek(1).text !== ')'
        ? cursor.take().upper
        : undefined;
    if (side === undefined) {
      const first = cursor.expression();
      if (cursor.skip('FROM')) return close(cursor, plain('btrim', at, [cursor.expression(), first]));
      const rest = cursor.skip(',') ? cursor.list(() => cursor.expression()) : [];
      return close(cursor, plain('trim', at, [first, ...rest]));
    }
    const of = { BOTH: 'btrim', LEADING: 'ltrim', TRAILING: 'rtrim' }[side] ?? 'btrim';
    if (cursor.skip('FROM')) return close(cursor, plain(of, at, [cursor.expression()]));
    const characters = cursor.expression();
    cursor.expect('FROM');
    const text = cursor.expression();
    return close(cursor, plain(of, at, of === 'btrim' ? [text, characters] : [characters, text]));
  },
  position: (cursor, at) => {
    const part = cursor.value();
    if (cursor.skip('IN')) return close(cursor, plain('locate', at, [part, cursor.expression()]));
    const rest = cursor.skip(',') ? cursor.list(() => cursor.expression()) : [];
    return close(cursor, plain('locate', at, [part, ...rest]));
  },
  overlay: (cursor, at) => {
    const args = [cursor.value()];
    if (cursor.skip('PLACING')) {
      args.push(cursor.value());
      cursor.expect('FROM');
      args.push(cursor.value());
      if (cursor.skip('FOR')) args.push(cursor.value());
    } else while (cursor.skip(',')) args.push(cursor.expression());
    return close(cursor, plain('overlay', at, args));
  },
  struct: (cursor, at) =>
    close(cursor, plain('named_struct', at, cursor.list(() => namedField(cursor)).flatMap(named))),
  substring: (cursor, at) => pieces(cursor, 'substring', at),
  substr: (cursor, at) => pieces(cursor, 'substring', at),
};

interface NamedField {
  readonly of: Expression;
  readonly name: string | undefined;
}

function namedField(cursor: Cursor): NamedField {
  const of = cursor.expression();
  return { of, name: cursor.skip('AS') ? name(cursor, 'a name') : ownName(of) };
}

/** A field without a name is called after its place, as in Spark. */
function named({ of, name: given }: NamedField, index: number): Expression[] {
  return [{ kind: 'literal', at: of.at, type: STRING, value: given ?? `col${index + 1}` }, of];
}

function ownName(of: Expression): string | undefined {
  if (of.kind === 'name') return of.parts.at(-1);
  return of.kind === 'field' ? of.name : undefined;
}

function pieces(cursor: Cursor, of: string, at: number): Expression {
  const args = [cursor.expression()];
  if (cursor.skip('FROM')) {
    args.push(cursor.expression());
    if (cursor.skip('FOR')) args.push(cursor.expression());
  } else while (cursor.skip(',')) args.push(cursor.expression());
  return close(cursor, plain(of, at, args));
}

function close(cursor: Cursor, made: Call): Call {
  cursor.expect(')');
  return { ...made, end: cursor.lastEnd };
}

export function plain(of: string, at: number, args: readonly Expression[]): Call {
  return {
    kind: 'call',
    at,
    name: of,
    args,
    argSpans: [],
    distinct: false,
    filter: undefined,
    over: undefined,
    overSpan: { from: at, to: at },
    ignoreNulls: false,
    within: [],
    end: at,
  };
}

function nulls(cursor: Cursor): boolean | undefined {
  if (cursor.skip('IGNORE', 'NULLS')) return true;
  return cursor.skip('RESPECT', 'NULLS') ? false : undefined;
}

export function orderBy(cursor: Cursor): OrderItem[] {
  cursor.expect('ORDER', 'BY');
  return cursor.list(() => {
    const of = cursor.expression();
    const descending = cursor.skip('DESC');
    if (!descending) cursor.skip('ASC');
    if (cursor.skip('NULLS', 'FIRST')) return { of, descending, nullsFirst: true };
    if (cursor.skip('NULLS', 'LAST')) return { of, descending, nullsFirst: false };
    return { of, descending, nullsFirst: !descending };
  });
}

function window(cursor: Cursor): WindowSpec | string {
  if (cursor.is('(')) return windowSpec(cursor);
  return name(cursor, 'a window');
}

export function windowSpec(cursor: Cursor): WindowSpec {
  const { at } = cursor;
  const spec = cursor.bracketed(() => {
    const isBase =
      cursor.token.kind === 'quoted' ||
      (cursor.token.kind === 'word' &&
        !cursor.isOneOf(['PARTITION', 'DISTRIBUTE', 'ORDER', 'SORT', 'ROWS', 'RANGE', 'CLUSTER']));
    const base = isBase ? name(cursor) : undefined;
    if (cursor.isOneOf(['DISTRIBUTE', 'SORT', 'CLUSTER']))
      throw unproven(`${cursor.token.upper} BY in a window`, 'use PARTITION BY and ORDER BY', cursor.at);
    const partitionBy = cursor.skip('PARTITION', 'BY') ? cursor.list(() => cursor.expression()) : [];
    const order = cursor.is('ORDER') ? orderBy(cursor) : [];
    const orderEnd = cursor.lastEnd;
    return { at, base, partitionBy, orderBy: order, frame: frame(cursor), orderEnd };
  });
  return { ...spec, end: cursor.lastEnd };
}

function frame(cursor: Cursor): Frame | undefined {
  if (!cursor.isOneOf(['ROWS', 'RANGE'])) return undefined;
  const { at, upper } = cursor.take();
  const unit = upper === 'ROWS' ? 'ROWS' : 'RANGE';
  if (!cursor.skip('BETWEEN'))
    return { at, unit, start: bound(cursor), end: { kind: 'CURRENT ROW', by: undefined } };
  const start = bound(cursor);
  cursor.expect('AND');
  return { at, unit, start, end: bound(cursor) };
}

function bound(cursor: Cursor): FrameBound {
  if (cursor.skip('CURRENT', 'ROW')) return { kind: 'CURRENT ROW', by: undefined };
  const by = cursor.skip('UNBOUNDED') ? undefined : cursor.value();
  const side = cursor.skip('PRECEDING') ? 'PRECEDING' : 'FOLLOWING';
  if (side === 'FOLLOWING') cursor.expect('FOLLOWING');
  return by === undefined ? { kind: `UNBOUNDED ${side}`, by } : { kind: side, by };
}

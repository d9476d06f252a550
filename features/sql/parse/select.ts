import { invalid, unproven } from '../fault.ts';
import type { Call, Expression, Grouping, LateralView, Select, Span, WindowSpec } from '../syntax.ts';
import { call, windowSpec } from './calls.ts';
import type { Cursor } from './cursor.ts';
import { item } from './item.ts';
import { isName, name } from './names.ts';
import { relations } from './relations.ts';

/** Most grouping sets that one GROUP BY may stand for. */
const MAX_SETS = 1_024;

export function select(cursor: Cursor): Select {
  const { at } = cursor;
  cursor.expect('SELECT');
  const distinct = cursor.skip('DISTINCT');
  if (!distinct) cursor.skip('ALL');
  if (cursor.is('TRANSFORM', '(') && isScript(cursor))
    throw unproven('SELECT TRANSFORM', 'use expressions', at);
  const itemsAt = cursor.at;
  const items = cursor.list(() => item(cursor));
  const itemsSpan = { from: itemsAt, to: cursor.lastEnd };
  const from = cursor.skip('FROM') ? relations(cursor) : undefined;
  const lateralViews: LateralView[] = [];
  while (cursor.is('LATERAL', 'VIEW')) lateralViews.push(cursor.onto(() => lateralView(cursor)));
  const where = cursor.skip('WHERE') ? cursor.expression() : undefined;
  const groupBy = cursor.skip('GROUP', 'BY') ? grouping(cursor) : undefined;
  const having = cursor.skip('HAVING') ? cursor.expression() : undefined;
  let qualify = qualification(cursor);
  const windows = cursor.skip('WINDOW') ? namedWindows(cursor) : new Map<string, WindowSpec>();
  qualify ??= qualification(cursor);
  return {
    kind: 'select',
    at,
    distinct,
    items,
    itemsSpan,
    from,
    lateralViews,
    where,
    groupBy,
    having,
    qualify: qualify?.of,
    qualifySpan: qualify?.span ?? { from: at, to: at },
    qualifyOfSpan: qualify?.ofSpan ?? { from: at, to: at },
    windows,
    end: cursor.lastEnd,
  };
}

function qualification(cursor: Cursor): { of: Expression; span: Span; ofSpan: Span } | undefined {
  const { at } = cursor;
  if (!cursor.skip('QUALIFY')) return undefined;
  const from = cursor.at;
  const of = cursor.expression();
  const to = cursor.lastEnd;
  return { of, span: { from: at, to }, ofSpan: { from, to } };
}

/** `SELECT TRANSFORM (a, b) USING 'script'`, unlike the function `transform(array, x -> …)`. */
function isScript(cursor: Cursor): boolean {
  for (let ahead = 2, depth = 1; depth > 0; ahead += 1) {
    const token = cursor.peek(ahead);
    if (token.kind === 'end') return false;
    if (token.text === '(' && token.kind === 'symbol') depth += 1;
    if (token.text === ')' && token.kind === 'symbol') depth -= 1;
    if (depth === 0) return cursor.peek(ahead + 1).upper === 'USING';
  }
  return false;
}

function lateralView(cursor: Cursor): LateralView {
  cursor.expect('LATERAL', 'VIEW');
  const outer = cursor.skip('OUTER');
  const { at } = cursor;
  const generator = call(cursor);
  if (generator.kind !== 'call') throw invalid('A LATERAL VIEW needs a function such as explode(…).', at);
  const table = isName(cursor) && !cursor.is('AS') ? name(cursor) : '';
  const columns = cursor.skip('AS') ? cursor.list(() => name(cursor)) : [];
  if (table === '' && columns.length === 0) throw cursor.unexpected('a name of the view');
  return { at, outer, generator: generator satisfies Call, table, columns };
}

function namedWindows(cursor: Cursor): ReadonlyMap<string, WindowSpec> {
  const found = cursor.list((): [string, WindowSpec] => {
    const of = name(cursor, 'a window').toLowerCase();
    cursor.expect('AS');
    return [of, windowSpec(cursor)];
  });
  return new Map(found);
}

/** GROUP BY with any mix of expressions, GROUPING SETS, ROLLUP and CUBE: their sets are combined with each other. */
function grouping(cursor: Cursor): Grouping {
  const { at } = cursor;
  if (cursor.skip('ALL')) return { at, by: [], all: true, sets: undefined };
  const by: Expression[] = [];
  const position = (of: Expression): number => by.push(of) - 1;
  let sets: number[][] = [[]];
  let hasSets = false;
  const combine = (alternatives: readonly number[][]): void => {
    assertSets(sets.length * alternatives.length, at);
    sets = sets.flatMap((left) => alternatives.map((right) => [...left, ...right]));
  };
  do {
    const special = groupingSets(cursor, position);
    if (special === undefined) {
      const key = position(cursor.expression());
      for (const set of sets) set.push(key);
    } else {
      hasSets = true;
      combine(special);
    }
  } while (cursor.skip(','));
  if (cursor.skip('WITH', 'ROLLUP')) return { at, by, all: false, sets: rollup(single(by), at) };
  if (cursor.skip('WITH', 'CUBE')) return { at, by, all: false, sets: cube(single(by), at) };
  if (cursor.is('GROUPING', 'SETS')) {
    const again = groupingSets(cursor, position) ?? [];
    return sameKeys(at, by, again);
  }
  return { at, by, all: false, sets: hasSets ? sets : undefined };
}

function groupingSets(cursor: Cursor, position: (of: Expression) => number): number[][] | undefined {
  const { at } = cursor;
  const group = (): number[] => {
    if (!cursor.skip('(')) return [position(cursor.expression())];
    if (cursor.skip(')')) return [];
    const positions = cursor.list(() => position(cursor.expression()));
    cursor.expect(')');
    return positions;
  };
  if (cursor.skip('GROUPING', 'SETS')) return cursor.bracketed(() => cursor.list(group));
  if (cursor.is('ROLLUP', '(')) {
    cursor.take();
    return rollup(
      cursor.bracketed(() => cursor.list(group)),
      at,
    );
  }
  if (cursor.is('CUBE', '(')) {
    cursor.take();
    return cube(
      cursor.bracketed(() => cursor.list(group)),
      at,
    );
  }
  return undefined;
}

/** `GROUP BY a, b GROUPING SETS ((a), (b))`: the sets repeat the keys, which `analyse` recognises as equal. */
function sameKeys(at: number, by: readonly Expression[], sets: number[][]): Grouping {
  return { at, by, all: false, sets };
}

function single(by: readonly Expression[]): number[][] {
  return by.map((_, index) => [index]);
}

/** The number is known before the sets are, of which CUBE makes twice as many with each key. */
function assertSets(count: number, at: number): void {
  if (count > MAX_SETS) throw invalid(`GROUP BY stands for more than ${MAX_SETS} grouping sets.`, at);
}

function rollup(groups: readonly number[][], at: number): number[][] {
  assertSets(groups.length + 1, at);
  return Array.from({ length: groups.length + 1 }, (_, left) => groups.slice(0, groups.length - left).flat());
}

function cube(groups: readonly number[][], at: number): number[][] {
  assertSets(2 ** groups.length, at);
  return groups.reduceRight<number[][]>(
    (sets, group) => [...sets.map((set) => [...group, ...set]), ...sets],
    [[]],
  );
}

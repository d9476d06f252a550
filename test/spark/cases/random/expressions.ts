import type { Entry, Param } from '#features/sql/table/entry.ts';
import { matchPattern } from '#features/sql/table/pattern.ts';
import { FUNCTIONS, OPERATORS } from '#features/sql/table/table.ts';
import type { SqlType } from '#features/sql/types.ts';
import type { Table } from '../../data/tables.ts';
import { compiledType, sqlType } from '../../translate.ts';
import { CONSTANTS, isLimited, isSize } from '../table/arguments.ts';
import { callSql } from '../table/expressions.ts';

/** An expression over the rows of a table. */
export interface TypedSql {
  readonly sql: string;
  readonly type: SqlType;
}

export interface Random {
  /** A number in [0, 1). */
  next(): number;
  of<T>(values: readonly T[]): T;
}

/** Functions on which both engines fail for many rows, unless what surrounds them leaves them out, which only DuckDB does. */
const FAILING = new Set(['map', 'map_concat', 'map_from_arrays']);

const ENTRIES: readonly { readonly entry: Entry; readonly isOperator: boolean }[] = [
  // Operators are few, but queries use them most.
  ...[1, 2, 3].flatMap(() => OPERATORS.map((entry) => ({ entry, isOperator: true }))),
  ...FUNCTIONS.filter(({ kind, name }) => kind === 'scalar' && !FAILING.has(name)).map((entry) => ({
    entry,
    isOperator: false,
  })),
];

/** Longer ones are hard to read when they differ. */
const LONGEST = 400;

export function columnsOfTable({ columns }: Table): readonly TypedSql[] {
  return columns.map(({ name, type }) => ({ sql: name, type: sqlType(type) }));
}

/** Nests calls around a column, `depth` at most, as the compiler accepts them. */
export function composed(random: Random, table: Table, depth: number): TypedSql {
  const leaves = columnsOfTable(table);
  let made = random.of(leaves);
  for (let level = 0, tries = 0; level < depth && tries < depth * 12; tries += 1) {
    const outer = around(random, made, leaves, table);
    if (outer === undefined || outer.sql.length > LONGEST) continue;
    made = outer;
    // The compiler fails on it, which is a case of its own.
    if (outer.type.kind === 'void') return made;
    level += 1;
  }
  return made;
}

/** An expression that has the type, or undefined if none is found soon. */
export function composedAs(
  random: Random,
  table: Table,
  depth: number,
  fits: (type: SqlType) => boolean,
): TypedSql | undefined {
  for (let tries = 0; tries < 40; tries += 1) {
    const made = composed(random, table, depth);
    if (fits(made.type)) return made;
  }
  return undefined;
}

/** A call with `inner` as one of its arguments. */
function around(
  random: Random,
  inner: TypedSql,
  leaves: readonly TypedSql[],
  table: Table,
): TypedSql | undefined {
  const { entry, isOperator } = random.of(ENTRIES);
  const { params, rest } = random.of(entry.signatures);
  const wanted = rest === undefined ? params : [...params, rest];
  const places = wanted.flatMap((param, index) =>
    !isSmall(entry.name, param) && accepts(random, param, inner) ? [index] : [],
  );
  if (places.length === 0) return undefined;
  const place = random.of(places);
  const small = leaves.filter(({ sql }) => ['n', 'qty', 'c_tinyint', 'd_smallint'].includes(sql));
  const tiny = small.filter(({ sql }) => sql === 'n' || sql === 'qty');
  const args = wanted.map((param, index) =>
    index === place
      ? inner.sql
      : argument(
          random,
          param,
          isSize(entry.name, param) ? tiny : isLimited(entry.name, param) ? small : leaves,
        ),
  );
  if (args.includes(undefined)) return undefined;
  const sql = callSql(
    entry,
    args.filter((arg) => arg !== undefined),
    isOperator,
  );
  const type = compiledType(sql, table);
  return type === undefined ? undefined : { sql, type };
}

function isSmall(name: string, param: Param): boolean {
  return isSize(name, param) || isLimited(name, param);
}

/** Implicit conversions are proven one by one; here they would crowd out what people write. */
const CONVERTED = 0.15;

function accepts(random: Random, param: Param, { type }: TypedSql): boolean {
  if (param.constant === true || param.type === 'unit' || param.type === 'lambda') return false;
  const match = matchPattern(param.type, type, new Map());
  return match !== undefined && (match.cost < 2 || random.next() < CONVERTED);
}

function argument(random: Random, param: Param, leaves: readonly TypedSql[]): string | undefined {
  const constants = param.samples ?? CONSTANTS[param.type] ?? [];
  if (param.constant === true || /^(unit|lambda|span|interval)/.test(param.type))
    return constants.length === 0 ? undefined : random.of(constants);
  const columns = leaves.filter((leaf) => accepts(random, param, leaf));
  return columns.length === 0 ? undefined : random.of(columns).sql;
}

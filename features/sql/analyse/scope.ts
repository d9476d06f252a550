import { didYouMean } from '#configs/did-you-mean.ts';
import { invalid, SqlFault } from '../fault.ts';
import type { ReadableRelation } from '../relation.ts';
import type { Name, Query, WindowSpec } from '../syntax.ts';
import { NOT_REPEATABLE } from '../table/refused.ts';
import type { Origins, OutputColumn, Typed, TypedQuery, TypedRelation, Variable } from '../typed.ts';
import type { Edit } from '../spark-text.ts';
import { typeName } from '../types.ts';
import type { OpenWindow } from './ties.ts';

export interface ScopeColumn {
  readonly name: string | undefined;
  readonly value: Typed;
  readonly origins: Origins;
  /** As in `OutputColumn`. */
  readonly text?: string | undefined;
  /** Reached only by its table's name, because USING has merged it. */
  readonly qualified?: boolean;
}

export interface ScopeRelation {
  readonly alias: string | undefined;
  readonly columns: readonly ScopeColumn[];
  readonly hidden: ReadonlyMap<string, string>;
  readonly rows: Origins;
  /** What identifies a row; undefined if that is not known. */
  readonly keys?: readonly Typed[] | undefined;
}

/** What the names in an expression can mean. Names are compared as Spark compares them: without case. */
export interface Scope {
  readonly relations: readonly ScopeRelation[];
  /** Columns of the first query outside, for a correlated subquery. */
  readonly outer: Scope | undefined;
  readonly ctes: ReadonlyMap<string, CteScope>;
  readonly variables: ReadonlyMap<string, Variable>;
  /** Items of the same SELECT by their alias. */
  readonly aliases: ReadonlyMap<string, ScopeColumn>;
  readonly windows: ReadonlyMap<string, WindowSpec>;
  /** Collects the origins of the conditions in a subquery used as a value. */
  readonly deciding?: Set<string>;
  /** What the same SELECT computes from its rows; undefined where rows are only chosen. */
  readonly rowsRead?: RowsRead | undefined;
}

export interface RowsRead {
  readonly columns: Set<ScopeColumn>;
  /** Windows whose ties are still to be broken. */
  readonly windows: OpenWindow[];
}

export interface CteScope {
  readonly sql: string;
  readonly columns: readonly OutputColumn[];
  readonly rows: Origins;
}

/** State of the analysis of one query. */
export interface Analysis {
  readonly relations: ReadonlyMap<string, ReadableRelation>;
  /** Raw columns that anything in the query reads, filters, joins, groups or orders by. */
  readonly used: Set<string>;
  /** Changes that turn the author's text into SQL that Spark accepts; see `spark-text.ts`. */
  readonly edits: Edit[];
  /** Counts the columns of one more table or SELECT. Throws `SQL_INVALID` if there are too many. */
  readonly count: (columns: number, at: number) => void;
  /** A name that is unique in the printed SQL. */
  readonly unique: (prefix: string) => string;
  readonly query: (query: Query, scope: Scope) => { readonly query: TypedQuery; readonly rows: Origins };
}

/** Where an expression stands, and what was found in it. */
export interface Context {
  readonly analysis: Analysis;
  readonly scope: Scope;
  /** Origins of the columns that the expression reads. */
  readonly uses: Set<string>;
  /** Why aggregates may not stand here; undefined where they may. */
  readonly noAggregates: string | undefined;
  readonly noWindows: string | undefined;
  /** Whether columns of the query outside may be read here. */
  readonly correlated: boolean;
  readonly found: { aggregate: boolean; window: boolean };
}

/** A resolved FROM clause. */
export interface FromClause {
  readonly relation: TypedRelation;
  /** What names can mean after it. */
  readonly visible: readonly ScopeRelation[];
}

/** An item of a select list. */
export interface AnalysedItem {
  readonly name: string | undefined;
  readonly value: Typed;
  readonly origins: Origins;
  readonly text: string | undefined;
  readonly found: Context['found'];
  readonly at: number;
}

/** The context of an expression that may hold no aggregate and no window function. */
export function plainContext(analysis: Analysis, scope: Scope, where: string, correlated = false): Context {
  return {
    analysis,
    scope,
    uses: new Set(),
    noAggregates: where,
    noWindows: where,
    correlated,
    found: { aggregate: false, window: false },
  };
}

/** Most columns that one table, join or SELECT may have, and that all of a query may have together. */
const MAX_COLUMNS = 10_000;
const MAX_ALL_COLUMNS = 200_000;

/** A counter of the columns of a query. */
export function columnCounter(): Analysis['count'] {
  let all = 0;
  return (columns, at) => {
    assertWidth(columns, at);
    all += columns;
    if (all > MAX_ALL_COLUMNS)
      throw invalid(`The tables and subqueries of the query have more than ${MAX_ALL_COLUMNS} columns.`, at, {
        columns: MAX_ALL_COLUMNS,
      });
  };
}

export function assertWidth(columns: number, at: number): void {
  if (columns > MAX_COLUMNS)
    throw invalid(`A table, a join or a SELECT has more than ${MAX_COLUMNS} columns.`, at, {
      columns: MAX_COLUMNS,
    });
}

interface Found {
  readonly column: ScopeColumn;
  /** Number of parts of the name that the column took; the rest are fields. */
  readonly parts: number;
}

/** The column that a name means. Throws `SQL_INVALID` if it means none or several, `FEATURE_FROM_SENSITIVE`. */
export function resolve(name: Name, context: Context): Found {
  const { scope } = context;
  const own = columnIn(scope, name, true);
  if (own !== undefined) {
    scope.rowsRead?.columns.add(own.column);
    return own;
  }
  for (let outer = scope.outer; outer !== undefined; outer = outer.outer) {
    const found = columnIn(outer, name, false);
    if (found === undefined) continue;
    outer.rowsRead?.columns.add(found.column);
    if (context.correlated) return found;
    throw invalid(
      `"${name.parts.join('.')}" is a column of the query outside; a subquery may use it only in WHERE.`,
      name.at,
    );
  }
  throw unknown(name, scope);
}

function columnIn(scope: Scope, name: Name, aliases: boolean): Found | undefined {
  const [first = '', second] = name.parts.map((part) => part.toLowerCase());
  if (second !== undefined) {
    const owners = scope.relations.filter(({ alias }) => alias?.toLowerCase() === first);
    const qualified = only(
      owners.flatMap((owner) => columnsNamed(owner, second, name)),
      name,
    );
    if (qualified !== undefined) return { column: qualified, parts: 2 };
  }
  const plain = only(
    scope.relations
      .flatMap((relation) => columnsNamed(relation, first, name))
      .filter(({ qualified }) => qualified !== true),
    name,
  );
  if (plain !== undefined) return { column: plain, parts: 1 };
  const alias = aliases ? scope.aliases.get(first) : undefined;
  return alias === undefined ? undefined : { column: alias, parts: 1 };
}

const BY_NAME = new WeakMap<readonly ScopeColumn[], ReadonlyMap<string, readonly ScopeColumn[]>>();

/** Columns of a relation by their names in lower case, sorted out once for all names of a query. */
export function byName(columns: readonly ScopeColumn[]): ReadonlyMap<string, readonly ScopeColumn[]> {
  const known = BY_NAME.get(columns);
  if (known !== undefined) return known;
  const named = columns.filter(({ name }) => name !== undefined);
  const made = Map.groupBy(named, ({ name }) => name?.toLowerCase() ?? '');
  BY_NAME.set(columns, made);
  return made;
}

function columnsNamed(
  { columns, hidden }: ScopeRelation,
  name: string,
  { at }: Name,
): readonly ScopeColumn[] {
  const found = byName(columns).get(name) ?? [];
  const raw = hidden.get(name);
  if (found.length === 0 && raw !== undefined)
    throw new SqlFault('FEATURE_FROM_SENSITIVE', `The query reads ${raw}, which is sensitive.`, at, {
      columns: [raw],
    });
  return found;
}

/** The same column may be reached twice, through USING. */
function only(columns: readonly ScopeColumn[], name: Name): ScopeColumn | undefined {
  const [first, ...more] = columns;
  if (more.some(({ value }) => value !== first?.value))
    throw invalid(`"${name.parts.join('.')}" could be several columns; write the table before it.`, name.at);
  return first;
}

function unknown(name: Name, scope: Scope): Error {
  const word = name.parts.join('.');
  // Spark reads `current_date` as a function even without brackets.
  if (NOT_REPEATABLE.has(word.toLowerCase()))
    return invalid(
      `${word} gives another answer each time; use {{ ds }} for the partition's date.`,
      name.at,
      {
        function: word.toLowerCase(),
      },
    );
  const names = scope.relations.flatMap(({ columns }) => columns.map((column) => column.name ?? ''));
  const wanted = name.parts.at(-1) ?? '';
  const close = didYouMean(
    wanted,
    names.filter((known) => known !== ''),
  );
  const hint = close === undefined ? '' : ` Did you mean "${close}"?`;
  return invalid(`There is no column "${name.parts.join('.')}".${hint}`, name.at, {
    column: name.parts.join('.'),
  });
}

/** A relation under an alias, from the output of a query. */
export function relationOf(
  alias: string | undefined,
  sql: string,
  columns: readonly OutputColumn[],
  rows: Origins,
): ScopeRelation {
  return {
    alias,
    rows,
    hidden: new Map(),
    columns: columns.map(({ name, type, sql: column, origins, text, inexact = false }) => ({
      name,
      origins,
      text,
      value: { kind: 'column', type, relation: sql, column, inexact },
    })),
  };
}

export function inner(scope: Scope, relations: readonly ScopeRelation[]): Scope {
  return {
    ...scope,
    relations,
    aliases: new Map(),
    variables: new Map(),
    windows: new Map(),
    rowsRead: undefined,
  };
}

export function describeTypes(types: readonly { readonly type: Typed['type'] }[]): string {
  return types.map(({ type }) => (type.kind === 'void' ? 'NULL' : typeName(type))).join(', ');
}

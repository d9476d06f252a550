import type { Entry, Signature } from './table/entry.ts';
import type { SqlType } from './types.ts';

/**
 * A query after analysis: every name is resolved to a column of a relation that the query may see, every function to an
 * entry of the table, every conversion is explicit, and every expression has a type. SQL for an engine is printed from
 * this alone, so that no name of the author ever reaches an engine as a name of a table, function or column.
 */
export type Typed =
  | TypedColumn
  | TypedLiteral
  | TypedInterval
  | Apply
  | TypedCast
  | TypedCase
  | TypedLambda
  | Variable
  | Subquery
  | TypedInQuery
  | FieldOf;

export interface TypedColumn {
  readonly kind: 'column';
  readonly type: SqlType;
  /** Names in the printed SQL. */
  readonly relation: string;
  readonly column: string;
  /** As in `OutputColumn`. */
  readonly inexact?: boolean;
}

export interface TypedLiteral {
  readonly kind: 'literal';
  readonly type: SqlType;
  readonly value: string | boolean | null;
}

export interface TypedInterval {
  readonly kind: 'interval';
  readonly type: SqlType;
  readonly months: number;
  readonly microseconds: bigint;
  readonly units: readonly string[];
}

/** A function, an operator, an aggregate or a window function. */
export interface Apply {
  readonly kind: 'apply';
  readonly type: SqlType;
  readonly entry: Entry;
  readonly signature: Signature;
  readonly args: readonly Typed[];
  readonly distinct: boolean;
  readonly ignoreNulls: boolean;
  readonly filter: Typed | undefined;
  readonly over: TypedWindow | undefined;
  readonly at: number;
}

export interface TypedWindow {
  readonly partitionBy: readonly Typed[];
  readonly orderBy: readonly TypedOrder[];
  readonly frame: TypedFrame | undefined;
}

export interface TypedFrame {
  readonly unit: 'ROWS' | 'RANGE';
  readonly start: TypedBound;
  readonly end: TypedBound;
}

export interface TypedBound {
  readonly kind: 'UNBOUNDED PRECEDING' | 'PRECEDING' | 'CURRENT ROW' | 'FOLLOWING' | 'UNBOUNDED FOLLOWING';
  readonly by: Typed | undefined;
}

export interface TypedOrder {
  readonly of: Typed;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

export interface TypedCast {
  readonly kind: 'cast';
  readonly type: SqlType;
  readonly of: Typed;
  /** `TRY_CAST`, which gives NULL for what does not fit, where CAST cuts off. */
  readonly attempt: boolean;
  readonly at: number;
}

export interface TypedCase {
  readonly kind: 'case';
  readonly type: SqlType;
  readonly branches: readonly { readonly when: Typed; readonly result: Typed }[];
  readonly otherwise: Typed | undefined;
}

/** Its type is that of its body. */
export interface TypedLambda {
  readonly kind: 'lambda';
  readonly type: SqlType;
  /** Names in the printed SQL. */
  readonly parameters: readonly string[];
  readonly body: Typed;
}

export interface Variable {
  readonly kind: 'variable';
  readonly type: SqlType;
  readonly name: string;
}

export interface Subquery {
  readonly kind: 'exists' | 'scalar_query';
  readonly type: SqlType;
  readonly query: TypedQuery;
}

export interface TypedInQuery {
  readonly kind: 'in_query';
  readonly type: SqlType;
  readonly of: Typed;
  readonly query: TypedQuery;
  readonly negated: boolean;
}

export interface FieldOf {
  readonly kind: 'field';
  readonly type: SqlType;
  readonly of: Typed;
  readonly name: string;
}

export interface OutputColumn {
  /** As a reader of the query names it; undefined for an expression without an alias. */
  readonly name: string | undefined;
  readonly type: SqlType;
  /** Its name in the printed SQL, unique in the whole query. */
  readonly sql: string;
  readonly origins: Origins;
  /** The author's expression that computes it, also behind subqueries that pass it on; undefined for a column of a relation. */
  readonly text: string | undefined;
  /** True if it holds floats whose last digits may not be Spark's. */
  readonly inexact?: boolean;
}

/** Raw columns, as `statements.amount`. */
export type Origins = ReadonlySet<string>;

export interface TypedQuery {
  readonly kind: 'query';
  readonly ctes: readonly { readonly name: string; readonly query: TypedQuery }[];
  readonly body: TypedBody;
  readonly columns: readonly OutputColumn[];
  readonly orderBy: readonly TypedOrder[];
  readonly limit: number | undefined;
  readonly offset: number | undefined;
}

export type TypedBody = TypedSelect | TypedSetOperation | TypedValues | TypedQuery;

export interface TypedSelect {
  readonly kind: 'select';
  readonly distinct: boolean;
  readonly items: readonly TypedItem[];
  readonly from: TypedRelation | undefined;
  readonly where: Typed | undefined;
  readonly groupBy: TypedGrouping | undefined;
  readonly having: Typed | undefined;
  readonly qualify: Typed | undefined;
  readonly columns: readonly OutputColumn[];
}

export interface TypedItem {
  readonly sql: string;
  readonly value: Typed;
}

export interface TypedGrouping {
  readonly keys: readonly Typed[];
  readonly sets: readonly (readonly number[])[] | undefined;
}

export interface TypedSetOperation {
  readonly kind: 'set_operation';
  readonly operator: 'UNION' | 'INTERSECT' | 'EXCEPT';
  readonly all: boolean;
  readonly left: TypedArm;
  readonly right: TypedArm;
  readonly columns: readonly OutputColumn[];
}

/** An arm with the types that its columns are converted to. */
export interface TypedArm {
  readonly body: TypedBody;
  readonly alias: string;
}

export interface TypedValues {
  readonly kind: 'values';
  readonly rows: readonly (readonly Typed[])[];
  readonly columns: readonly OutputColumn[];
}

export type TypedRelation = View | CteReference | DerivedTable | TypedJoin | Generate;

/** A relation that the query may read. */
export interface View {
  readonly kind: 'view';
  readonly name: string;
  readonly alias: string;
}

export interface CteReference {
  readonly kind: 'cte';
  readonly name: string;
  readonly alias: string;
}

export interface DerivedTable {
  readonly kind: 'derived';
  readonly query: TypedQuery;
  readonly alias: string;
  readonly lateral: boolean;
}

export interface TypedJoin {
  readonly kind: 'join';
  readonly type: 'INNER' | 'CROSS' | 'LEFT' | 'RIGHT' | 'FULL' | 'SEMI' | 'ANTI';
  readonly left: TypedRelation;
  readonly right: TypedRelation;
  readonly on: Typed | undefined;
}

/** Rows of `of`, each joined with the rows that a generator such as explode makes of it. */
export interface Generate {
  readonly kind: 'generate';
  readonly of: TypedRelation | undefined;
  readonly generator: Apply;
  readonly outer: boolean;
  readonly alias: string;
  readonly columns: readonly string[];
}

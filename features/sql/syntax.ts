import type { SqlType } from './types.ts';

/**
 * The syntax of the feature language: the part of Spark 4.0's SQL that queries of features may be written in. What has no
 * node here cannot be expressed. `at` is the offset of a node in the rendered query.
 */
export interface Placed {
  readonly at: number;
}

/** Characters of the rendered query. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export type Expression =
  | Literal
  | IntervalLiteral
  | Name
  | Star
  | Call
  | Operation
  | Cast
  | Case
  | InList
  | InQuery
  | Exists
  | ScalarQuery
  | Lambda
  | Subscript
  | Field;

/** `value` is the text of a number, string, date or timestamp; true, false or null otherwise. */
export interface Literal extends Placed {
  readonly kind: 'literal';
  readonly type: SqlType;
  readonly value: string | boolean | null;
}

export interface IntervalLiteral extends Placed {
  readonly kind: 'interval';
  readonly months: number;
  readonly microseconds: bigint;
  readonly type: SqlType;
  /** Fields that it is written with: of YEAR, MONTH, DAY, HOUR, MINUTE and SECOND. */
  readonly units: readonly string[];
}

/** `a`, `t.a` or `t.a.field`: which, only the scope tells. */
export interface Name extends Placed {
  readonly kind: 'name';
  readonly parts: readonly string[];
}

/** `*` or `t.*`, with `EXCEPT (a, b)`. */
export interface Star extends Placed {
  readonly kind: 'star';
  readonly of: string | undefined;
  readonly except: readonly Name[];
}

export interface Call extends Placed {
  readonly kind: 'call';
  /** Lower case. */
  readonly name: string;
  readonly args: readonly Expression[];
  readonly argSpans: readonly Span[];
  readonly distinct: boolean;
  readonly filter: Expression | undefined;
  readonly over: WindowSpec | string | undefined;
  readonly ignoreNulls: boolean;
  /** The definition or the name after OVER. */
  readonly overSpan: Span;
  /** `WITHIN GROUP (ORDER BY …)`. */
  readonly within: readonly OrderItem[];
  /** Offset after the call. */
  readonly end: number;
}

/** An operator by its name: `+`, `AND`, `NOT`, `IS NULL`, `BETWEEN`, `LIKE`, … */
export interface Operation extends Placed {
  readonly kind: 'operation';
  readonly operator: string;
  readonly args: readonly Expression[];
}

export interface Cast extends Placed {
  readonly kind: 'cast';
  readonly of: Expression;
  readonly to: SqlType;
  /** `TRY_CAST`. */
  readonly attempt: boolean;
}

export interface Case extends Placed {
  readonly kind: 'case';
  readonly subject: Expression | undefined;
  readonly branches: readonly { readonly when: Expression; readonly result: Expression }[];
  readonly otherwise: Expression | undefined;
}

export interface InList extends Placed {
  readonly kind: 'in_list';
  readonly of: Expression;
  readonly items: readonly Expression[];
}

export interface InQuery extends Placed {
  readonly kind: 'in_query';
  readonly of: Expression;
  readonly query: Query;
}

export interface Exists extends Placed {
  readonly kind: 'exists';
  readonly query: Query;
}

export interface ScalarQuery extends Placed {
  readonly kind: 'scalar_query';
  readonly query: Query;
}

export interface Lambda extends Placed {
  readonly kind: 'lambda';
  readonly parameters: readonly string[];
  readonly body: Expression;
}

export interface Subscript extends Placed {
  readonly kind: 'subscript';
  readonly of: Expression;
  readonly index: Expression;
}

export interface Field extends Placed {
  readonly kind: 'field';
  readonly of: Expression;
  readonly name: string;
}

export interface OrderItem {
  readonly of: Expression;
  readonly descending: boolean;
  /** Where nulls come; by default first when ascending and last when descending. */
  readonly nullsFirst: boolean;
}

export interface WindowSpec extends Placed {
  /** A named window that this one extends. */
  readonly base: string | undefined;
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly OrderItem[];
  readonly frame: Frame | undefined;
  /** Offset after the last item of ORDER BY. */
  readonly orderEnd: number;
  /** Offset after the closing bracket. */
  readonly end: number;
}

export interface Frame extends Placed {
  readonly unit: 'ROWS' | 'RANGE';
  readonly start: FrameBound;
  readonly end: FrameBound;
}

export interface FrameBound {
  readonly kind: 'UNBOUNDED PRECEDING' | 'PRECEDING' | 'CURRENT ROW' | 'FOLLOWING' | 'UNBOUNDED FOLLOWING';
  readonly by: Expression | undefined;
}

/** A query with its CTEs, order and limit. */
export interface Query extends Placed {
  readonly kind: 'query';
  readonly ctes: readonly Cte[];
  readonly body: Body;
  readonly orderBy: readonly OrderItem[];
  readonly limit: Expression | undefined;
  readonly offset: Expression | undefined;
  readonly orderEnd: number;
}

export interface Cte extends Placed {
  readonly name: string;
  readonly columns: readonly string[];
  readonly query: Query;
}

export type Body = Select | SetOperation | Values | Query;

export interface Select extends Placed {
  readonly kind: 'select';
  readonly distinct: boolean;
  readonly items: readonly SelectItem[];
  readonly from: Relation | undefined;
  readonly lateralViews: readonly LateralView[];
  readonly where: Expression | undefined;
  readonly groupBy: Grouping | undefined;
  readonly having: Expression | undefined;
  readonly qualify: Expression | undefined;
  readonly windows: ReadonlyMap<string, WindowSpec>;
  readonly itemsSpan: Span;
  /** QUALIFY and its condition, and the condition alone. */
  readonly qualifySpan: Span;
  readonly qualifyOfSpan: Span;
  readonly end: number;
}

export interface SelectItem extends Placed {
  readonly of: Expression;
  /** As the author wrote the expression. */
  readonly text: string;
  /** More than one for a generator of several columns. */
  readonly aliases: readonly string[];
  readonly end: number;
}

export interface Grouping extends Placed {
  readonly by: readonly Expression[];
  /** `GROUP BY ALL`: by every item that holds no aggregate. */
  readonly all: boolean;
  /** Each set by positions in `by`; undefined for a plain GROUP BY. */
  readonly sets: readonly (readonly number[])[] | undefined;
}

export interface SetOperation extends Placed {
  readonly kind: 'set_operation';
  readonly operator: 'UNION' | 'INTERSECT' | 'EXCEPT';
  readonly all: boolean;
  readonly left: Body;
  readonly right: Body;
}

export interface Values extends Placed {
  readonly kind: 'values';
  readonly rows: readonly (readonly Expression[])[];
}

export type Relation = TableName | Derived | Join | Pivot;

export interface TableName extends Placed {
  readonly kind: 'table';
  readonly parts: readonly string[];
  readonly alias: string | undefined;
  readonly columns: readonly string[];
}

export interface Derived extends Placed {
  readonly kind: 'derived';
  readonly query: Query;
  readonly alias: string | undefined;
  readonly columns: readonly string[];
  readonly lateral: boolean;
}

export interface Join extends Placed {
  readonly kind: 'join';
  readonly type: 'INNER' | 'CROSS' | 'LEFT' | 'RIGHT' | 'FULL' | 'SEMI' | 'ANTI';
  readonly left: Relation;
  readonly right: Relation;
  readonly on: Expression | undefined;
  /** Columns of USING; undefined for none, `natural` for all that both sides have. */
  readonly using: readonly string[] | 'natural' | undefined;
}

export interface Pivot extends Placed {
  readonly kind: 'pivot';
  readonly of: Relation;
  readonly aggregates: readonly SelectItem[];
  readonly on: Name;
  readonly values: readonly { readonly of: Expression; readonly alias: string | undefined }[];
  readonly alias: string | undefined;
}

export interface LateralView extends Placed {
  readonly outer: boolean;
  readonly generator: Call;
  readonly table: string;
  readonly columns: readonly string[];
}

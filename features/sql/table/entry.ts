import type { SqlType } from '../types.ts';

/**
 * What the feature language allows, row by row: a function, operator, aggregate or window function with the argument types
 * for which its DuckDB form is proven equal to Spark 4.0 with ANSI mode off in UTC. The table is the allow-list of the
 * compiler and the source of the parity suite, which runs every signature on both engines.
 */
export interface Entry {
  /** Spark's name in lower case; operators by their sign. */
  readonly name: string;
  readonly kind: 'scalar' | 'aggregate' | 'window' | 'generator';
  readonly signatures: readonly Signature[];
  /** Names that mean the same. */
  readonly aliases?: readonly string[];
  /**
   * The result depends on the order of rows, such as an array of collected values. Only a function that is in
   * `orderless` may take it.
   */
  readonly unordered?: boolean;
  /** The last digits of its floats may not be Spark's. */
  readonly inexact?: boolean;
  /** Position of a lambda that may read nothing but its parameters. */
  readonly closed?: number;
  /** The result does not depend on the order of an array argument. */
  readonly orderless?: boolean;
  /** The result holds elements of an array argument in its order. */
  readonly keepsOrder?: boolean;
  /** Window functions that need an ORDER BY to be repeatable. */
  readonly needsOrder?: boolean;
  /** Aggregates of rows with the same key: which of them counts, the compiler decides by the value; see `analyse/ties.ts`. */
  readonly breaksTies?: boolean;
  /** Its window takes no frame. */
  readonly noFrame?: boolean;
  /** Its window takes neither ORDER BY nor a frame. */
  readonly noOrder?: boolean;
  /** It takes IGNORE NULLS. */
  readonly takesNulls?: boolean;
  /** Its arguments are keys of GROUP BY with grouping sets. */
  readonly ofKeys?: boolean;
  /** It takes no DISTINCT. */
  readonly noDistinct?: boolean;
  /** It needs `WITHIN GROUP (ORDER BY …)`, whose expression and direction follow the other arguments. */
  readonly within?: boolean;
  /** Queries for the parity suite beyond those made from the signatures, over its tables. */
  readonly examples?: readonly (string | FailingExample)[];
}

/** A query for the parity suite that does not answer on both engines. */
export interface FailingExample {
  readonly sql: string;
  /** `stopped`: a form refuses a value while the query runs, although Spark answers. */
  readonly outcome: 'stopped' | 'both fail';
}

export interface Signature {
  readonly params: readonly Param[];
  /** Any number of further arguments. */
  readonly rest?: Param;
  /** A type, a pattern over the letters of the parameters, or a function of the converted argument types. */
  readonly result: SqlType | string | ((args: readonly SqlType[], call: Constants) => SqlType);
  /** Further conversion of the arguments that fit, such as of both sides to a common type; undefined if they do not fit. */
  readonly convert?: (args: readonly SqlType[], call: Constants) => readonly SqlType[] | undefined;
  /** Types of the parameters of lambda arguments, from the types of the arguments before them. */
  readonly lambdas?: (args: readonly (SqlType | undefined)[]) => readonly (readonly SqlType[] | undefined)[];
  readonly binding?: LambdaBinding;
  /** The result depends on the order of an array argument, other than the entry says. */
  readonly ordered?: boolean;
  /** DuckDB's form. `args` are printed expressions, each safe to stand inside brackets or beside an operator. */
  readonly duckdb: (args: readonly string[], call: PrintedCall) => string;
}

/** Parameters of a lambda in DuckDB, from unique names, and what Spark's parameters are in them; by default the same. */
export type LambdaBinding = (names: readonly string[]) => {
  readonly parameters: readonly string[];
  readonly values: readonly string[];
};

/**
 * A pattern of types: a type name; `numeric`, `number` (the same, and a bare NULL stays one), `integral`, `small` (an integer up to int), `text` (a string that nothing was converted to), `floating`, `decimal`, `moment` (date or timestamp), `span` (an
 * interval of days and shorter units), `simple`, `orderable`, `any`, `lambda`; `unit` (a unit of time such as DAY, which the
 * parser gives as a literal without a type); or a capital letter, which stands for one type wherever it occurs (`array<T>`).
 */
export interface Param {
  readonly type: string;
  /** The argument must be a constant, whose value `call.constants` gives. */
  readonly constant?: boolean;
  /** Values in SQL for the parity suite; needed for constants. */
  readonly samples?: readonly string[];
}

export interface Constants {
  /** Value of each argument that is a literal. */
  readonly constants: readonly (string | boolean | null | undefined)[];
}

export interface PrintedCall extends Constants {
  /** Argument types after conversion. */
  readonly types: readonly SqlType[];
  readonly result: SqlType;
  /** `DISTINCT ` or empty. */
  readonly distinct: string;
  /** FILTER and OVER of an aggregate, to be written directly after each aggregate call. */
  readonly suffix: string;
  /** True if it has an OVER. */
  readonly windowed: boolean;
  readonly ignoreNulls: boolean;
  /** Throws that the entry is not proven for these arguments. */
  readonly refuse: (what: string, instead: string) => never;
}

/** A parameter from a pattern; a trailing `!` means constant. */
export function param(pattern: string, samples?: readonly string[]): Param {
  const constant = pattern.endsWith('!');
  return {
    type: constant ? pattern.slice(0, -1) : pattern,
    ...(constant ? { constant } : {}),
    ...(samples === undefined ? {} : { samples }),
  };
}

/** `params` is a comma-separated list of patterns, such as `array<T>, T` (not within brackets of a type). */
export function signature(
  params: string,
  result: Signature['result'],
  duckdb: Signature['duckdb'],
  more: {
    readonly rest?: string;
    readonly samples?: Readonly<Record<number, readonly string[]>>;
    readonly lambdas?: Signature['lambdas'];
    readonly convert?: Signature['convert'];
    readonly binding?: LambdaBinding;
    readonly ordered?: boolean;
  } = {},
): Signature {
  const patterns = params === '' ? [] : params.split(/, (?![^<]*>)/);
  return {
    params: patterns.map((pattern, index) => param(pattern, more.samples?.[index])),
    ...(more.rest === undefined ? {} : { rest: param(more.rest) }),
    ...(more.lambdas === undefined ? {} : { lambdas: more.lambdas }),
    ...(more.binding === undefined ? {} : { binding: more.binding }),
    ...(more.ordered === undefined ? {} : { ordered: more.ordered }),
    ...(more.convert === undefined ? {} : { convert: more.convert }),
    result,
    duckdb,
  };
}

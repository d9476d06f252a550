/** Lineage of one feature, down to raw columns such as `payments.amount`. */
export interface ColumnLineage {
  readonly feature: string;
  readonly sources: readonly string[];
  /** The Spark SQL expression that computes it. */
  readonly expression: string;
}

/** A type as it was found: its Spark name if there is one (`bigint`, `double`, …), else a name of its own. */
export interface FoundColumn {
  readonly name: string;
  readonly type: string;
}

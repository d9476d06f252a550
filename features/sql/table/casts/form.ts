import type { SqlType } from '../../types.ts';

/** DuckDB's form of a conversion. `attempt`: of TRY_CAST, which gives NULL for what does not fit. */
export type Form = (sql: string, from: SqlType, to: SqlType, attempt: boolean) => string;

/** What a conversion is: its form, what to write instead of one that is not proven, or undefined if another file has it. */
export type Conversion = Form | string | undefined;

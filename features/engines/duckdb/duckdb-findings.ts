import { DuckDBTypeId, type DuckDBResultReader } from '@duckdb/node-api';
import type { Figures } from '../../checks/checks.ts';
import {
  findingsOf,
  findingsQuery,
  JUDGED_ROWS,
  type TableFindings,
  type TableRules,
} from '../../checks/findings.ts';
import { nameSql } from '../../sql/text-sql.ts';
import { sqlFailedAt } from './duckdb-error.ts';
import type { DuckDbSession } from './duckdb-session.ts';
import { selectAll } from './duckdb-select.ts';
import { platformSql } from './duckdb-views.ts';

const NUMERIC_TEXT = new Set<DuckDBTypeId>([
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.UHUGEINT,
  DuckDBTypeId.DECIMAL,
]);

/** Runs checks and counts over local files in one pass. Its `SQL_FAILED` has the place `checks`. */
export async function duckDbFindings(
  session: DuckDbSession,
  rules: TableRules,
  files: readonly string[],
  signal: AbortSignal | undefined,
): Promise<TableFindings> {
  try {
    // A relation may have this name, but the query no longer needs it.
    await session.all(`DROP VIEW IF EXISTS ${nameSql(JUDGED_ROWS)}`);
    await session.all(
      `CREATE TEMP VIEW ${nameSql(JUDGED_ROWS)} AS ${selectAll({ columns: rules.columns, files: [] }, files)}`,
      {
        signal,
      },
    );
    const { duckdb } = platformSql(findingsQuery(rules), JUDGED_ROWS, rules.columns);
    return findingsOf(rules, figuresOf(await session.all(duckdb, { signal })));
  } catch (error) {
    throw sqlFailedAt('checks', error);
  }
}

/** The one row of an aggregate query. Converts wide integers and decimals, which are text in JSON results, to numbers. */
function figuresOf(answer: DuckDBResultReader): Figures {
  const numbers = new Set(
    answer.columnNames().filter((_, index) => NUMERIC_TEXT.has(answer.columnTypeId(index))),
  );
  const [row = {}] = answer.getRowObjectsJson();
  return Object.fromEntries(
    Object.entries(row).map(([column, value]): [string, Figures[string]] => {
      if (value !== null && numbers.has(column)) return [column, Number(value)];
      return [column, typeof value === 'object' && value !== null ? JSON.stringify(value) : value];
    }),
  );
}

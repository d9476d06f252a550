import { constantOf } from '../constant.ts';
import type { Generate, Typed, TypedJoin, TypedQuery, TypedRelation } from '../typed.ts';
import { nameSql } from '../text-sql.ts';
import { bounded } from './bounded.ts';

interface Printers {
  readonly querySql: (query: TypedQuery) => string;
  readonly expressionSql: (value: Typed) => string;
}

/** DuckDB's FROM clause. */
export function relationSql(relation: TypedRelation, printers: Printers): string {
  return bounded(freshSql(relation, printers));
}

function freshSql(relation: TypedRelation, printers: Printers): string {
  switch (relation.kind) {
    case 'view':
      return `${nameSql(relation.name)} AS ${relation.alias}`;
    case 'cte':
      return `${relation.name} AS ${relation.alias}`;
    case 'derived':
      return `${relation.lateral ? 'LATERAL ' : ''}(${printers.querySql(relation.query)}) AS ${relation.alias}`;
    case 'join':
      return joinSql(relation, printers);
    case 'generate':
      return generateSql(relation, printers);
  }
}

function joinSql({ type, left, right, on }: TypedJoin, printers: Printers): string {
  const l = relationSql(left, printers);
  const r = relationSql(right, printers);
  const bracketed = right.kind === 'join' || right.kind === 'generate' ? `(${r})` : r;
  if (on === undefined && (type === 'CROSS' || type === 'INNER')) return `${l} CROSS JOIN ${bracketed}`;
  const condition = on === undefined ? 'TRUE' : printers.expressionSql(on);
  return `${l} ${type === 'CROSS' ? 'INNER' : type} JOIN ${bracketed} ON ${condition}`;
}

/** Each row of the relation with the rows that its array or map gives; OUTER keeps a row that gives none. */
function generateSql({ of, generator, outer, alias, columns }: Generate, printers: Printers): string {
  const args = generator.args.map(printers.expressionSql);
  const made = generator.signature.duckdb(args, {
    types: generator.args.map(({ type }) => type),
    constants: generator.args.map(constantOf),
    result: generator.type,
    distinct: '',
    suffix: '',
    windowed: false,
    ignoreNulls: false,
    refuse: (what) => {
      throw new TypeError(what);
    },
  });
  const rows = `LATERAL (SELECT ${made}) AS ${alias}(${columns.join(', ')})`;
  if (of === undefined)
    return outer
      ? `(SELECT 1) AS ${alias}_one LEFT JOIN ${rows} ON TRUE`
      : `(SELECT ${made}) AS ${alias}(${columns.join(', ')})`;
  const left = relationSql(of, printers);
  return outer ? `${left} LEFT JOIN ${rows} ON TRUE` : `${left} CROSS JOIN ${rows}`;
}

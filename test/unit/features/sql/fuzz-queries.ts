import * as fc from 'fast-check';

/** Relations by the names that a rendered template gives them, and names that no query may reach. */
const TABLES = ['source__accounts', 'source__payments'];
const FORBIDDEN = [
  'raw__accounts',
  'raw__payments',
  'secrets',
  'input',
  'duckdb_tables()',
  "read_parquet('canary.parquet')",
  '`canary.parquet`',
  'main.raw__payments',
];
const COLUMNS = ['account', 'credit', 'amount', 'paid_on', 'loaded_at'];
const HIDDEN = ['sex', 'SEX', '`sex`'];

const table = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...TABLES) },
  { weight: 1, arbitrary: fc.constantFrom(...FORBIDDEN) },
);
const column = fc.oneof(
  { weight: 14, arbitrary: fc.constantFrom(...COLUMNS) },
  { weight: 1, arbitrary: fc.constantFrom(...HIDDEN) },
);
const aliased = fc.constantFrom('a', 'b', 'c');

interface Grammar {
  readonly expression: string;
  readonly relation: string;
  readonly query: string;
}

const { expression, query } = fc.letrec<Grammar>(
  (tie: fc.LetrecTypedTie<Grammar>): fc.LetrecValue<Grammar> => {
    const expression = tie('expression');
    const relation = tie('relation');
    const inner = tie('query');
    const text = (...parts: readonly (string | fc.Arbitrary<string>)[]): fc.Arbitrary<string> =>
      fc
        .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
        .map((found) => found.join(''));
    return {
      expression: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        column,
        text(aliased, '.', column),
        fc.constantFrom('1', 'NULL', "'x'", 'TRUE', '2.5D', "DATE '2024-02-29'", '*', 'a', 'a.*'),
        text('coalesce(', expression, ', ', expression, ')'),
        text('(', expression, ' = ', expression, ')'),
        text('CASE WHEN ', expression, ' IS NULL THEN ', expression, ' ELSE ', expression, ' END'),
        text('max(', expression, ')'),
        text('count(', expression, ')'),
        text('count(*) FILTER (WHERE ', expression, ' IS NOT NULL)'),
        text('row_number() OVER (PARTITION BY ', expression, ' ORDER BY ', expression, ')'),
        text('CAST(', expression, ' AS ', fc.constantFrom('STRING', 'DOUBLE', 'BIGINT'), ')'),
        text('(', inner, ')'),
        text('EXISTS (', inner, ')'),
        text(expression, ' IN (', inner, ')'),
        text('struct(', expression, ', ', expression, ')'),
        text('collect_list(', expression, ')'),
        text('to_json(', expression, ')'),
      ),
      relation: fc.oneof(
        { maxDepth: 3 },
        text(table, ' ', aliased),
        table,
        text('(', inner, ') ', aliased),
        text(
          relation,
          fc.constantFrom(' JOIN ', ' LEFT JOIN ', ' FULL JOIN ', ' LEFT SEMI JOIN '),
          relation,
          ' ON ',
          expression,
        ),
        text(relation, ' CROSS JOIN ', relation),
        text(relation, ' JOIN ', relation, ' USING (', column, ')'),
        text('(', relation, ')'),
        text(relation, ', LATERAL (', inner, ') ', aliased),
        text('VALUES (1, 2) AS ', aliased, '(account, credit)'),
      ),
      query: fc.oneof(
        { maxDepth: 3 },
        text('SELECT ', expression, ' AS f FROM ', relation),
        text('SELECT * FROM ', relation),
        text(
          'SELECT ',
          expression,
          ' AS f, ',
          expression,
          ' AS account FROM ',
          relation,
          ' WHERE ',
          expression,
        ),
        text(
          'SELECT ',
          column,
          ', count(*) AS f FROM ',
          relation,
          ' GROUP BY ',
          column,
          ' HAVING ',
          expression,
          ' IS NOT NULL',
        ),
        text('WITH ', fc.constantFrom('q', 'raw__payments', 'source__payments'), ' AS (', inner, ') ', inner),
        text(inner, ' UNION ALL ', inner),
        text('SELECT * FROM (', inner, ') PIVOT (MAX(', column, ') FOR ', column, ' IN (1 AS one))'),
      ),
    };
  },
);

export const fuzzedQuery: fc.Arbitrary<string> = query;
export const fuzzedExpression: fc.Arbitrary<string> = expression;

/**
 * Queries that try to see what their set does not declare. `@` stands for what is tried; the same query with the harmless
 * twin in its place is accepted, so it is the try that is refused and not the form around it.
 */
export interface Attempts {
  readonly what: string;
  readonly twin: string;
  readonly tries: readonly string[];
  /** Forms around a try, each by what it shows. */
  readonly forms: readonly (readonly [where: string, sql: string])[];
}

const P = '{{ sources.payments }}';
const A = '{{ sources.accounts }}';

/** Every place where SQL can name a table. */
const TABLE_FORMS: Attempts['forms'] = [
  ['FROM', 'SELECT account, COUNT(*) AS f FROM @ GROUP BY account'],
  ['brackets', `SELECT s.account, COUNT(*) AS f FROM (@) s GROUP BY s.account`.replace('(@)', '@')],
  ['a comma', `SELECT s.account, COUNT(*) AS f FROM ${P} s, @ r GROUP BY s.account`],
  [
    'a join',
    `SELECT s.account, COUNT(*) AS f FROM ${P} s JOIN @ r ON r.account = s.account GROUP BY s.account`,
  ],
  [
    'a left join',
    `SELECT s.account, COUNT(*) AS f FROM ${P} s LEFT JOIN @ r ON r.account = s.account GROUP BY s.account`,
  ],
  [
    'a semi join',
    `SELECT s.account, COUNT(*) AS f FROM ${P} s LEFT SEMI JOIN @ r ON r.account = s.account GROUP BY s.account`,
  ],
  [
    'an anti join',
    `SELECT s.account, COUNT(*) AS f FROM ${P} s LEFT ANTI JOIN @ r ON r.account = s.account GROUP BY s.account`,
  ],
  [
    'a join with USING',
    `SELECT account, COUNT(*) AS f FROM ${P} s JOIN @ r USING (account) GROUP BY account`,
  ],
  ['a cross join', `SELECT s.account, COUNT(*) AS f FROM ${P} s CROSS JOIN @ r GROUP BY s.account`],
  [
    'a join in brackets',
    `SELECT s.account, COUNT(*) AS f FROM ${P} s JOIN (${P} q JOIN @ r ON r.account = q.account) ON q.account = s.account GROUP BY s.account`,
  ],
  [
    'brackets in brackets',
    `SELECT s.account, COUNT(*) AS f FROM ${P} s JOIN ((${P} q JOIN (@ r CROSS JOIN ${P} z) ON r.account = q.account)) ON q.account = s.account GROUP BY s.account`,
  ],
  ['a subquery', `SELECT s.account, COUNT(*) AS f FROM (SELECT * FROM @) s GROUP BY s.account`],
  ['a common table', `WITH c AS (SELECT * FROM @) SELECT account, COUNT(*) AS f FROM c GROUP BY account`],
  [
    'a common table of a common table',
    `WITH c AS (WITH d AS (SELECT * FROM @) SELECT * FROM d) SELECT account, COUNT(*) AS f FROM c GROUP BY account`,
  ],
  ['the first arm of a union', `SELECT account, 1L AS f FROM @ UNION ALL SELECT account, 2L FROM ${P}`],
  ['the second arm of a union', `SELECT account, 1L AS f FROM ${P} UNION ALL SELECT account, 2L FROM @`],
  ['an arm of EXCEPT', `SELECT account, 1L AS f FROM ${P} EXCEPT SELECT account, 1L FROM @`],
  [
    'an arm of INTERSECT in brackets',
    `(SELECT account, 1L AS f FROM ${P}) INTERSECT (SELECT account, 1L FROM @)`,
  ],
  ['a scalar subquery', `SELECT account, (SELECT COUNT(*) FROM @) AS f FROM ${P} GROUP BY account`],
  [
    'EXISTS',
    `SELECT account, COUNT(*) AS f FROM ${P} s WHERE EXISTS (SELECT 1 FROM @ r WHERE r.account = s.account) GROUP BY account`,
  ],
  [
    'NOT EXISTS',
    `SELECT account, COUNT(*) AS f FROM ${P} s WHERE NOT EXISTS (SELECT 1 FROM @ r WHERE r.account = s.account) GROUP BY account`,
  ],
  ['IN', `SELECT account, COUNT(*) AS f FROM ${P} WHERE account IN (SELECT account FROM @) GROUP BY account`],
  [
    'NOT IN',
    `SELECT account, COUNT(*) AS f FROM ${P} WHERE account NOT IN (SELECT account FROM @) GROUP BY account`,
  ],
  [
    'HAVING',
    `SELECT account, COUNT(*) AS f FROM ${P} GROUP BY account HAVING COUNT(*) <= (SELECT COUNT(*) FROM @)`,
  ],
  [
    'CASE',
    `SELECT account, MAX(CASE WHEN account IN (SELECT account FROM @) THEN 1L END) AS f FROM ${P} GROUP BY account`,
  ],
  [
    'the condition of a join',
    `SELECT s.account, COUNT(*) AS f FROM ${P} s JOIN ${P} u ON s.account = u.account AND s.account IN (SELECT account FROM @) GROUP BY s.account`,
  ],
  [
    'LATERAL',
    `SELECT s.account, COUNT(*) AS f FROM ${P} s, LATERAL (SELECT r.account FROM @ r WHERE r.account = s.account) x GROUP BY s.account`,
  ],
  [
    'a subquery of a subquery',
    `SELECT account, COUNT(*) AS f FROM ${P} WHERE account IN (SELECT account FROM ${P} WHERE account IN (SELECT account FROM @)) GROUP BY account`,
  ],
  ['PIVOT', `SELECT account, f FROM (SELECT account, 'x' AS k FROM @) PIVOT (COUNT(*) FOR k IN ('x' AS f))`],
  [
    'a name of a common table before it exists',
    `WITH z AS (SELECT * FROM @), y AS (SELECT 1 AS one) SELECT account, COUNT(*) AS f FROM z GROUP BY account`,
  ],
];

const TABLES: Attempts = {
  what: 'a table that the set does not declare',
  twin: P,
  tries: [
    'raw__payments',
    'source__defaults',
    'input',
    'parquet.`s3://lake/raw/payments/`',
    'information_schema.tables',
  ],
  forms: TABLE_FORMS,
};

const FEW_FORMS = TABLE_FORMS.filter(([where]) => ['FROM', 'a comma', 'a scalar subquery'].includes(where));

const MORE_TABLES: Attempts = {
  what: 'what engines know by name',
  twin: P,
  tries: [
    'judged_rows',
    'partition__behaviour',
    'features__behaviour',
    'source__payments_',
    'sqlite_master',
    'duckdb_tables',
    'pg_catalog.pg_tables',
    'system.tables',
    'default.payments',
    'spark_catalog.default.payments',
    'lake.payments',
    'temp.payments',
    'memory.main.payments',
    'main.source__payments',
    'csv.`/etc/passwd`',
    'json.`x.json`',
    'text.`/etc/hostname`',
    'orc.`x`',
    'avro.`x`',
    'delta.`s3://lake/x`',
    'iceberg.`x`',
    'binaryFile.`/etc/passwd`',
    '`s3://lake/raw/payments/part-0.parquet`',
    '`/etc/passwd`',
    '`payments.parquet`',
    '`../payments.csv`',
    'global_temp.payments',
    '`source__payments\u0000`',
  ],
  forms: FEW_FORMS,
};

const FUNCTIONS: Attempts = {
  what: 'a function in place of a table',
  twin: P,
  tries: [
    "read_parquet('s3://lake/raw/payments/*.parquet')",
    "read_csv('/etc/passwd')",
    "read_text('/etc/hostname')",
    "read_json('x')",
    "glob('/**')",
    'duckdb_secrets()',
    'duckdb_settings()',
    "query('SELECT 1 AS account')",
    "query_table('raw__payments')",
    'range(10)',
    'explode(array(1))',
    "TABLE(read_csv('x'))",
    "main.read_csv('x')",
    'pragma_version()',
    'sql_keywords()',
    "parquet_scan('x')",
    "sniff_csv('x')",
    'generate_series(1, 2)',
    "json_each('{}')",
    'stack(1, 2)',
    "read_files('s3://lake/')",
    'current_schema()',
  ],
  forms: [
    ['FROM', 'SELECT r.account, COUNT(*) AS f FROM @ AS r GROUP BY r.account'],
    [
      'a join',
      `SELECT s.account, COUNT(*) AS f FROM ${P} s JOIN @ AS r ON r.account = s.account GROUP BY s.account`,
    ],
  ],
};

/** Sensitive columns in every place where SQL can use a column. */
const COLUMNS: Attempts = {
  what: 'a sensitive column',
  twin: 'credit',
  tries: ['sex', 'SEX', '`Sex`'],
  forms: [
    ['a feature', `SELECT account, MAX(@) AS f FROM ${A} GROUP BY account`],
    ['its own name', `SELECT account, @ AS f FROM ${A}`],
    ['a condition', `SELECT account, COUNT(*) AS f FROM ${A} WHERE @ IS NOT NULL GROUP BY account`],
    ['CASE', `SELECT account, MAX(CASE WHEN @ IS NULL THEN 1 ELSE 0 END) AS f FROM ${A} GROUP BY account`],
    ['a join', `SELECT a.account, COUNT(*) AS f FROM ${A} a JOIN ${A} b ON a.@ = b.@ GROUP BY a.account`],
    ['USING', `SELECT a.account, COUNT(*) AS f FROM ${A} a JOIN ${A} b USING (@) GROUP BY a.account`],
    ['a key of GROUP BY', `SELECT account, COUNT(*) AS f FROM ${A} GROUP BY account, @`],
    ['ORDER BY', `SELECT account, 1 AS f FROM ${A} ORDER BY @`],
    ['HAVING', `SELECT account, COUNT(*) AS f FROM ${A} GROUP BY account HAVING MAX(@) IS NOT NULL`],
    ['FILTER', `SELECT account, COUNT(*) FILTER (WHERE @ IS NOT NULL) AS f FROM ${A} GROUP BY account`],
    [
      'the order of a window',
      `SELECT account, MAX(n) AS f FROM (SELECT account, ROW_NUMBER() OVER (PARTITION BY account ORDER BY @) AS n FROM ${A}) GROUP BY account`,
    ],
    [
      'the partition of a window',
      `SELECT account, MAX(n) AS f FROM (SELECT account, COUNT(*) OVER (PARTITION BY @) AS n FROM ${A}) GROUP BY account`,
    ],
    ['a subquery', `SELECT account, f FROM (SELECT account, @ AS f FROM ${A}) x`],
    ['a common table', `WITH c AS (SELECT account, @ AS f FROM ${A}) SELECT account, f FROM c`],
    ['a star', `SELECT x.account, x.@ AS f FROM (SELECT * FROM ${A}) x`],
    ['an alias of the table', `SELECT z.account, z.@ AS f FROM ${A} AS z`],
    [
      'EXISTS',
      `SELECT account, COUNT(*) AS f FROM ${A} a WHERE EXISTS (SELECT 1 FROM ${A} b WHERE b.@ IS NOT NULL AND b.account = a.account) GROUP BY account`,
    ],
    [
      'IN',
      `SELECT account, COUNT(*) AS f FROM ${A} WHERE account IN (SELECT account FROM ${A} WHERE @ IS NOT NULL) GROUP BY account`,
    ],
    ['a scalar subquery', `SELECT account, (SELECT MAX(@) FROM ${A}) AS f FROM ${A}`],
    ['DISTINCT', `SELECT account, COUNT(DISTINCT @) AS f FROM ${A} GROUP BY account`],
    [
      'the value of PIVOT',
      `SELECT account, f FROM (SELECT account, @ AS v, 'x' AS k FROM ${A}) PIVOT (MAX(v) FOR k IN ('x' AS f))`,
    ],
    ['a conversion', `SELECT account, COUNT(COALESCE(@, NULL)) AS f FROM ${A} GROUP BY account`],
    [
      'a name for it',
      `SELECT account, MAX(two) AS f FROM (SELECT account, @ AS one, one AS two FROM ${A}) GROUP BY account`,
    ],
  ],
};

/** Functions whose answer is not in the data. */
const CALLS: Attempts = {
  what: 'a function that looks outside the data',
  twin: 'coalesce(1, 2)',
  tries: [
    "reflect('java.lang.System', 'nanoTime')",
    "java_method('java.lang.System', 'getenv', 'PATH')",
    "try_reflect('java.lang.System', 'nanoTime')",
    'rand()',
    'randn()',
    'random()',
    '`random`()',
    'main.random()',
    'system.main.random()',
    'uuid()',
    'now()',
    'current_timestamp()',
    'current_timestamp',
    'current_date',
    'localtimestamp()',
    'current_localtimestamp()',
    'sysdate()',
    'curdate()',
    "getenv('PATH')",
    "current_setting('temp_directory')",
    "getvariable('x')",
    'current_query()',
    'current_user()',
    'session_user()',
    'user()',
    'current_database()',
    'current_catalog()',
    'input_file_name()',
    'input_file_block_start()',
    'monotonically_increasing_id()',
    'spark_partition_id()',
    'txid_current()',
    "nextval('s')",
    "currval('s')",
    'version()',
    "write_log('x')",
    "read_text('x')",
    'pi_()',
    "add_parquet_key('a', 'b')",
    "error('x')",
    'unnest(array(1))',
    "sql('SELECT 1')",
    'shuffle(array(1))',
    'randstr(3)',
    'uniform(1, 2)',
    'transaction_timestamp()',
    'pg_sleep(1)',
    "getbit('1', 1)",
    'duckdb_version()',
  ],
  forms: [['a feature', `SELECT account, MAX(@) AS f FROM ${P} GROUP BY account`]],
};

/** Rows as values: a name of a table is not a value. */
const ROWS: Attempts = {
  what: 'a whole row as a value',
  twin: 's.account',
  tries: ['s', 'source__accounts', 's.*'],
  forms: [
    ['a conversion', `SELECT account, MAX(CAST(@ AS BIGINT)) AS f FROM ${A} s GROUP BY account`],
    ['an aggregate', `SELECT account, MAX(@) AS f FROM ${A} s GROUP BY account`],
    ['a condition', `SELECT account, COUNT(*) AS f FROM ${A} s WHERE @ IS NOT NULL GROUP BY account`],
  ],
};

/** Statements that are not queries, and clauses that take rows by chance. The twin leaves them out. */
const STATEMENTS: Attempts = {
  what: 'another statement or a chance',
  twin: '',
  tries: [
    'EXPLAIN ',
    'DESCRIBE ',
    'SUMMARIZE ',
    'CREATE TABLE x AS ',
    'CREATE VIEW x AS ',
    'INSERT INTO x ',
    'CACHE TABLE x AS ',
    'PREPARE x AS ',
    'DROP TABLE x; ',
    'SET a = 1; ',
    "ATTACH 'x'; ",
    "COPY (SELECT 1) TO 'x'; ",
    'PRAGMA version; ',
    'INSTALL httpfs; ',
    'LOAD httpfs; ',
    'USE x; ',
    'CALL x(); ',
    'WITH RECURSIVE ',
    'BEGIN; ',
    '/*+ BROADCAST(s) */ ',
  ],
  forms: [['the beginning', `@SELECT account, COUNT(*) AS f FROM ${P} GROUP BY account`]],
};

const ENDS: Attempts = {
  what: 'a clause that takes rows by chance, or more than a query',
  twin: '',
  tries: [
    ' LIMIT 1',
    ' OFFSET 1',
    ' TABLESAMPLE (5 PERCENT)',
    '; SELECT 1',
    ') UNION SELECT 1, 2',
    " INTO OUTFILE 'x'",
    ' FOR UPDATE',
    ' USING SAMPLE 1',
    ' DISTRIBUTE BY account',
    ' SORT BY account',
    ' CLUSTER BY account',
    ' ORDER BY rand()',
    ' FETCH FIRST ROW ONLY',
    ' QUALIFY ROW_NUMBER() OVER (PARTITION BY account) = 1',
  ],
  forms: [['the end', `SELECT account, 1 AS f FROM ${P}@`]],
};

export const HOSTILE: readonly Attempts[] = [
  TABLES,
  MORE_TABLES,
  FUNCTIONS,
  COLUMNS,
  CALLS,
  ROWS,
  STATEMENTS,
  ENDS,
];

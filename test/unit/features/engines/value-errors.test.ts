import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { inspect } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { duckDbError } from '#features/engines/duckdb/duckdb-error.ts';

const instance = await DuckDBInstance.create(':memory:', { ieee_floating_point_ops: 'false' });
const connection = await instance.connect();
after(() => {
  connection.closeSync();
  instance.closeSync();
});

/** Parts of the values of the table; none of them is in the text of a query. */
const SECRETS = ['smith', '8123', '7.77', '1987', 'INT64 to DATE'];

await connection.run(`CREATE TABLE t (id BIGINT, name VARCHAR, day DATE, amount DOUBLE, price DECIMAL(6, 2));
INSERT INTO t VALUES
  (8123000000000008123, 'smith', DATE '1987-08-12', 7.77e299, 7777.77),
  (8123000000000008124, 'o''smith" INT64 to DATE', DATE '1987-08-13', -7.77, 8123.81)`);

const rows: readonly (readonly [expression: string, message: RegExp, near?: string])[] = [
  ['CAST(name AS INTEGER)', /cannot be converted to the type asked for \(INT32\)/, 'CAST(name AS INTEGER)'],
  ['CAST(id AS INTEGER)', /outside the range of the type asked for \(INT32\)/, 'CAST(id AS INTEGER)'],
  ['CAST(amount AS BIGINT)', /outside the range/, 'CAST(amount AS BIGINT)'],
  ['CAST(price * 1000 AS DECIMAL(3, 2))', /outside the range .*\(DECIMAL\(3,2\)\)/],
  ['CAST(name AS DATE)', /does not have the format of a date or time/],
  ['CAST(name AS TIMESTAMP)', /does not have the format of a date or time/],
  ['CAST(name AS BOOLEAN)', /cannot be converted/],
  ['CAST(name AS UUID)', /cannot be converted/],
  ['CAST(name AS INTERVAL)', /cannot be converted/],
  ['CAST(name AS DECIMAL(3, 1))', /cannot be converted/],
  ['CAST(name AS INTEGER[])', /cannot be converted/],
  ['CAST(name AS STRUCT(a INTEGER))', /cannot be converted/],
  ["CAST(name AS ENUM('a'))", /cannot be converted/],
  ["CAST(name || '\\x' AS BLOB)", /cannot be converted/],
  ['id * 2', /a product overflows its type \(INT64\)/],
  ['id + id', /a sum overflows its type \(INT64\)/],
  ['-id - id', /a difference overflows its type \(INT64\)/],
  ["strptime(name, '%Y')", /does not have the format/],
  ['date_trunc(name, day)', /a text names no part of a date/],
  ['date_part(name, day)', /a text names no part of a date/],
  ["regexp_matches('a', name || '(')", /a function got a value that it does not accept/],
  ['error(name)', /a function got a value that it does not accept/],
  ["error('millrace: a date is out of range')", /^The query failed: a date is out of range\.$/],
  ["json_extract(name, '$.a')", /a text is not JSON/],
  ['make_date(id, 1, 1)', /outside the range/],
  ['repeat(name, 100000000000)', /outside the range/],
  ['sqrt(-abs(amount))', /square root of a negative number/],
  ['ln(0 * amount)', /logarithm of zero/],
  ['ln(-abs(amount))', /logarithm of a negative number/],
  ['day + to_years(100000000)', /cannot be converted/],
  ["TIMESTAMP '2024-01-01' AT TIME ZONE name", /a text names no time zone/],
  ['from_base64(name)', /cannot be converted/],
  ['unhex(name)', /a function got a value/],
  ['range(id)', /a function got a value/],
  ['map([name, name], [1, 2])', /a map has the same key twice/],
  ['(SELECT name FROM t)', /a subquery in place of a value returns several rows/],
];

test('no value of a row reaches an error, and each error says what went wrong', async () => {
  for (const [expression, message, near] of rows) {
    const error: unknown = await connection.runAndReadAll(`SELECT ${expression} AS a FROM t`).then(
      () => assert.fail(`${expression} ran`),
      (reason: unknown) => reason,
    );
    const shown = duckDbError(error);
    assert.equal(shown.code, 'SQL_FAILED', expression);
    assert.match(shown.message, message, expression);
    const text = inspect(shown, { depth: 10 });
    for (const secret of SECRETS) assert.ok(!text.includes(secret), `${expression}: ${text}`);
    if (near !== undefined) assert.ok(String(shown.details['near']).startsWith(near), text);
  }
});

test('keeps the file of a fault that begins with it, and nothing behind it', () => {
  const { message } = duckDbError(
    new Error(
      `Conversion Error: In Parquet reader of file "s3://lake/raw/a.parquet": failed to cast column "x" from type VARCHAR to INTEGER: Could not convert string 'smith' to INT32`,
    ),
  );
  assert.equal(
    message,
    'The file s3://lake/raw/a.parquet cannot be read as Parquet of the declared columns.',
  );
  const magic = "Invalid Input Error: No magic bytes found at end of file 's3://lake/raw/b.parquet'";
  assert.match(duckDbError(new Error(magic)).message, /s3:\/\/lake\/raw\/b\.parquet/);
});

test('keeps nothing of what DuckDB says about a fault of its own or of an unknown class', () => {
  for (const text of ["INTERNAL Error: value 'smith' lost", 'FATAL Error: smith', 'Novel Error: smith'])
    assert.ok(!inspect(duckDbError(new Error(text))).includes('smith'), text);
  assert.equal(duckDbError(new Error('INTERNAL Error: x')).code, 'ENGINE_FAILED');
});

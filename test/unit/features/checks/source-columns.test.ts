import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceSchema } from '#configs/source.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { assertSourceColumns, type ColumnProblem } from '#features/checks/source-columns.ts';
import type { ReadFile } from '#features/sources/file-facts.ts';

const source = sourceSchema.parse({
  kind: 'Source',
  name: 'payments',
  owner: 'core',
  location: 'raw/payments/',
  keys: ['account'],
  known_time: 'loaded_at',
  columns: { account: 'bigint', amount: 'double', month: 'string', loaded_at: 'date' },
});

const COLUMNS = { account: 'bigint', amount: 'double', month: 'string', loaded_at: 'date' };

function file(
  name: string,
  columns: Readonly<Record<string, string>>,
  exact: readonly string[] = [],
): ReadFile {
  return {
    key: `raw/payments/${name}.parquet`,
    size: 1,
    etag: name,
    facts: {
      rows: 1,
      columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })),
      earliest: {},
      exact,
    },
  };
}

function problemOf(...files: readonly ReadFile[]): MillraceError {
  try {
    assertSourceColumns([{ source, files }], (key) => `s3://lake/${key}`);
  } catch (error) {
    assert.ok(error instanceof MillraceError);
    return error;
  }
  return assert.fail('the files fit');
}

function fits(...files: readonly ReadFile[]): void {
  assertSourceColumns([{ source, files }], (key) => key);
}

test('accepts files of other types that widen without loss, each by itself', () => {
  fits(file('a', { ...COLUMNS, account: 'int', amount: 'int', extra: 'binary' }));
  fits(file('a', { ...COLUMNS, amount: 'float' }), file('b', { ...COLUMNS, amount: 'decimal(10,2)' }));
  fits();
});

test('accepts 64-bit integers as doubles only in a file whose values are all exact, whatever the others hold', () => {
  const whole = { ...COLUMNS, amount: 'bigint' };
  fits(file('a', whole, ['amount']));
  fits(file('a', whole, ['amount']), file('b', COLUMNS));
  for (const others of [[], [file('b', COLUMNS)], [file('b', whole, ['amount'])]]) {
    const { code, details } = problemOf(file('a', whole), ...others);
    assert.equal(code, 'SOURCE_TYPE_DIFFERS');
    assert.deepEqual(
      (details['problems'] as ColumnProblem[]).map(({ found, files }) => [found, files]),
      [['bigint', ['s3://lake/raw/payments/a.parquet']]],
    );
  }
});

test('names every wrong column at once, with its file and a file that fits', () => {
  const { code, message, where } = problemOf(
    file('a', COLUMNS),
    file('b', { ...COLUMNS, amount: 'string', account: 'string' }),
    file('c', { account: 'bigint', sum: 'double', month: 'string', loaded_at: 'date' }),
    file('d', { ...COLUMNS, amount: 'string' }),
  );
  assert.equal(code, 'SOURCE_COLUMN_MISSING');
  assert.equal(where, 's3://lake/raw/payments/c.parquet');
  assert.equal(
    message,
    'Column "account" of source "payments" is declared as bigint; s3://lake/raw/payments/b.parquet holds string, while s3://lake/raw/payments/a.parquet holds bigint; ' +
      'Column "amount" of source "payments" is declared as double; s3://lake/raw/payments/b.parquet and 1 more files hold string, while s3://lake/raw/payments/a.parquet holds double; ' +
      'Column "amount" of source "payments" is missing in s3://lake/raw/payments/c.parquet; not declared there: sum.',
  );
});

test('takes columns from the names of folders, whose values are text', () => {
  const { month: _month, ...rest } = COLUMNS;
  fits(file('month=2005-09/a', rest));
  fits(file('loaded_at=2005-09-30/a', { ...COLUMNS, loaded_at: 'string' }));
  assert.equal(problemOf(file('loaded_at=latest/a', COLUMNS)).code, 'SOURCE_TYPE_DIFFERS');
  assert.equal(problemOf(file('account=x1/a', COLUMNS)).code, 'SOURCE_TYPE_DIFFERS');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SqlFault } from '#features/sql/fault.ts';
import { tokens } from '#features/sql/parse/tokens.ts';

const value = (sql: string): string | undefined => tokens(sql)[0]?.text;

test('reads string literals as Spark 4.0 does', () => {
  const cases: readonly (readonly [string, string])[] = [
    ["'a\\nb\\0\\Z'", 'a\nb\0\u001a'],
    ["'\\%\\_\\q'", '\\%\\_q'],
    ["'\\101\\1012\\400\\18'", 'AA240018'],
    ["'\\u00e9\\U0001F600\\uD83D\\uDE00'", 'é😀😀'],
    ["'\\u12\\x41'", 'u12x41'],
    ['"it\'s"', "it's"],
    ["r'\\d+\\'", '\\d+\\'],
    ["'a' \"b\" r'\\c'", 'ab\\c'],
    ["''", ''],
  ];
  for (const [sql, expected] of cases) assert.equal(value(sql), expected, sql);
});

test('rejects strings that Spark versions read in different ways or that are not text', () => {
  for (const sql of [
    "'it''s'",
    '"say ""hi"""',
    "''''",
    "'\\uD800'",
    "'\\U00110000'",
    "'open",
    "'${env:HOME}'",
    '/* ${x} */ 1',
  ])
    assert.throws(() => tokens(sql), SqlFault, sql);
});

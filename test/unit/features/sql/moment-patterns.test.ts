import assert from 'node:assert/strict';
import test from 'node:test';
import { formatted } from '#features/sql/table/dates/format.ts';
import { parsed } from '#features/sql/table/dates/parse.ts';
import { piecesOf } from '#features/sql/table/dates/patterns.ts';

test('splits a pattern into runs of letters and text', () => {
  const cases: readonly (readonly [string, ReturnType<typeof piecesOf>])[] = [
    ['', []],
    [
      'yyyyMM',
      [
        { letter: 'y', count: 4 },
        { letter: 'M', count: 2 },
      ],
    ],
    ["d'T'H", [{ letter: 'd', count: 1 }, { text: 'T' }, { letter: 'H', count: 1 }]],
    ["''", [{ text: "'" }]],
    ["'it''s'", [{ text: "it's" }]],
    ['年M', [{ text: '年' }, { letter: 'M', count: 1 }]],
    ["'open", undefined],
    ['[yyyy]', undefined],
    ['yyyy#', undefined],
  ];
  for (const [pattern, pieces] of cases) assert.deepEqual(piecesOf(pattern), pieces, pattern);
});

test('rejects a pattern for writing with a letter that is not proven', () => {
  for (const pattern of ['u', 'YYYY', 'ww', 'DD', 'MMMMM', 'aa', 'zzzz', 'n', 'SSSSSSSSSS', '[yyyy]'])
    assert.equal(formatted('x', pattern), undefined, pattern);
});

test('keeps signs of DuckDB and quotes in the text of a pattern as text', () => {
  assert.equal(formatted('x', 'HH%d'), `(strftime(x, '%H%%%-d'))`);
  assert.equal(formatted('x', `HH'''); DROP'`), `(strftime(x, '%H''); DROP'))`);
  assert.equal(formatted('x', ''), `CASE WHEN x IS NOT NULL THEN '' END`);
});

test('rejects a pattern for reading whose fields cannot be told apart, are given twice or do not fit together', () => {
  const refused = [
    '',
    'abc',
    'yyyyMMddHHmmssSSS',
    'yyyyM',
    'yMd',
    'yyyy yyyy',
    'yyyy yy',
    'MM MMM',
    'HH hh',
    'HH a',
    'a',
    'yyyy-DDD',
    'EEE dd',
    'kk',
    '[yyyy]',
  ];
  for (const pattern of refused) assert.equal(parsed('x', pattern), undefined, pattern);
});

test('reads by a regular expression in which the text of a pattern is only text', () => {
  assert.match(
    parsed('x', 'yyyyMMdd') ?? '',
    /\^\(-\?\[0-9\]\{4\}\|\[\+-\]\[0-9\]\{5,10\}\)\(\[0-9\]\{2\}\)\(\[0-9\]\{2\}\)\$/,
  );
  assert.match(parsed('x', "'(.*)'MM") ?? '', /\^\\\(\\\.\\\*\\\)\(/);
  assert.match(parsed('x', "MM'''x'") ?? '', /\)''x\$'/);
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { differences } from '#test/spark/compare.ts';
import type { Encoded, SparkType } from '#test/spark/encoded.ts';
import { isOrdered } from '#test/spark/ordered.ts';

const column = (type: SparkType, values: readonly Encoded[], name = 'x') => ({
  columns: [{ name, type }],
  rows: values.map((value) => [value]),
});

function equal(type: SparkType, spark: readonly Encoded[], duckdb: readonly Encoded[], ordered = false) {
  return differences(column(type, spark), column(type, duckdb), { ordered }).length === 0;
}

describe('comparison of two results', () => {
  const map: SparkType = { map: ['string', 'double'] };
  const struct: SparkType = { struct: [['a', 'float']] };
  for (const [what, type, spark, duckdb, expected] of [
    ['floats that differ beyond float32', 'double', [0.1], [0.1 + 2 ** -55], true],
    ['floats that differ within float32', 'double', [0.1], [0.100001], false],
    ['NaN and NaN', 'double', ['NaN'], ['NaN'], true],
    ['NaN and NULL', 'double', ['NaN'], [null], false],
    ['zeros of both signs', 'double', ['-0.0'], [0], true],
    ['infinity and the largest double', 'double', ['Infinity'], [1.7976931348623157e308], false],
    ['doubles beyond the range of float32', 'double', [1e300], [1.1e300], false],
    ['tiny doubles and zero', 'double', [1e-300], [0], false],
    ['decimals of another scale', 'decimal(10,2)', ['1.50'], ['1.5'], false],
    ['neighbours of 2^53', 'bigint', ['9007199254740993'], ['9007199254740992'], false],
    [
      'timestamps a microsecond apart',
      'timestamp',
      ['2024-01-01 00:00:00.000001'],
      ['2024-01-01 00:00:00'],
      false,
    ],
    ['an empty text and NULL', 'string', [''], [null], false],
    ['texts in another normal form', 'string', ['é'], ['e\u0301'], false],
    ['floats in an array', { array: 'double' }, [['NaN', 0.1]], [['NaN', 0.1 + 2 ** -55]], true],
    ['an array in another order', { array: 'int' }, [['1', '2']], [['2', '1']], false],
    [
      'a map in another order',
      map,
      [
        [
          ['a', 1],
          ['b', 'NaN'],
        ],
      ],
      [
        [
          ['b', 'NaN'],
          ['a', 1],
        ],
      ],
      true,
    ],
    ['a map with another value', map, [[['a', 1]]], [[['a', 2]]], false],
    ['floats in a struct', struct, [[0]], [['-0.0']], true],
    ['a row more', 'int', ['1', '1'], ['1'], false],
    ['another number of equal rows', 'int', ['1', '1', '2'], ['1', '2', '2'], false],
  ] as const satisfies readonly (readonly [string, SparkType, Encoded[], Encoded[], boolean])[]) {
    it(`finds ${what} ${expected ? 'equal' : 'different'}`, () => {
      assert.equal(equal(type, spark, duckdb), expected);
    });
  }

  it('compares the order of rows only when it counts', () => {
    assert.equal(equal('int', ['1', '2'], ['2', '1']), true);
    assert.equal(equal('int', ['1', '2'], ['2', '1'], true), false);
  });

  it('finds other types and other names different, also by case', () => {
    const unlike = (name: string, type: SparkType) =>
      differences(column('int', ['1']), column(type, ['1'], name), { ordered: false });
    assert.deepEqual(unlike('x', 'bigint'), ['x is int on Spark, bigint on DuckDB.']);
    assert.deepEqual(unlike('X', 'int'), ['Column 1 is x on Spark, X on DuckDB.']);
    assert.deepEqual(unlike('x', 'int'), []);
  });

  it('finds a type different that the compiler expected otherwise, and tells timestamps with a zone from those without', () => {
    const compiled = [{ name: 'x', type: 'timestamp_ntz' }];
    const spark = column('timestamp', []);
    const duckdb = column('timestamp_ntz', []);
    assert.deepEqual(differences(spark, duckdb, { ordered: false }), []);
    assert.deepEqual(differences(spark, duckdb, { ordered: false, compiled }), [
      'x is timestamp on Spark, timestamp_ntz for the compiler.',
    ]);
  });

  it('names the rows that only one engine returns', () => {
    const spark = column('int', ['1', '2', '2']);
    const duckdb = column('int', ['1', '2', '3']);
    assert.deepEqual(differences(spark, duckdb, { ordered: false }), [
      '1 of 3 rows only on Spark:',
      '  ["2"]',
      '1 of 3 rows only on DuckDB:',
      '  ["3"]',
    ]);
  });
});

describe('order of the outermost query', () => {
  for (const [sql, ordered] of [
    ['SELECT a FROM t ORDER BY a', true],
    ['SELECT a FROM t order\n by a LIMIT 1', true],
    ['SELECT a FROM (SELECT a FROM t ORDER BY a)', false],
    ['SELECT SUM(a) OVER (PARTITION BY b ORDER BY c) FROM t', false],
    ["SELECT ')' AS a, ' ORDER BY ' AS b FROM t", false],
    ['SELECT a -- ORDER BY a\nFROM t', false],
    ['SELECT a FROM t /* ORDER BY a */', false],
    ['SELECT `ORDER BY` FROM t', false],
  ] as const) {
    it(`${ordered ? 'counts' : 'does not count'} for ${JSON.stringify(sql)}`, () => {
      assert.equal(isOrdered(sql), ordered);
    });
  }
});

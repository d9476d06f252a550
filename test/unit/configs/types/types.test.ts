import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FILE_KINDS, type FileType, type SqlType, typeText } from '#configs/types/column-type.ts';
import { columnTypeSchema, PLAIN_TYPES } from '#configs/types/declared-type.ts';
import { parseFileType, parseType, TypeFault } from '#configs/types/parse-type.ts';

/** Types of at most three levels, with names of fields that need quotes. */
function typesOf<Kind extends string>(kinds: readonly Kind[]) {
  const { type } = fc.letrec<{ type: unknown }>((tie) => ({
    type: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constantFrom(...kinds).map((kind) => ({ kind })),
      fc
        .integer({ min: 1, max: 38 })
        .chain((precision) =>
          fc.integer({ min: 0, max: precision }).map((scale) => ({ kind: 'decimal', precision, scale })),
        ),
      tie('type').map((element) => ({ kind: 'array', element })),
      fc.tuple(tie('type'), tie('type')).map(([key, value]) => ({ kind: 'map', key, value })),
      fc
        .array(
          fc.record(
            { name: fc.string({ minLength: 1, maxLength: 5 }), type: tie('type') },
            { noNullPrototype: true },
          ),
          {
            minLength: 1,
            maxLength: 3,
          },
        )
        .map((fields) => ({ kind: 'struct', fields })),
    ),
  }));
  return type;
}

test('reads back every type that it writes', () => {
  fc.assert(
    fc.property(typesOf([...PLAIN_TYPES, 'binary'] as const), (type) => {
      assert.deepEqual(parseType(typeText(type as SqlType)), type);
    }),
  );
  fc.assert(
    fc.property(typesOf([...PLAIN_TYPES, 'binary', 'void', ...FILE_KINDS] as const), (type) => {
      assert.deepEqual(parseFileType(typeText(type as FileType)), type);
    }),
  );
});

test('never throws anything but a fault of the type, whatever the text', () => {
  const pieces = fc.constantFrom(
    'array',
    '<',
    '>',
    '(',
    ')',
    ',',
    ':',
    'int',
    'struct',
    '`',
    '1',
    ' ',
    'ß',
    'map',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(pieces).map((all) => all.join('')),
      ),
      (text) => {
        try {
          parseType(text);
        } catch (error) {
          assert.ok(error instanceof TypeFault);
        }
        columnTypeSchema.safeParse(text);
      },
    ),
  );
});

const ACCEPTED: readonly (readonly [written: string, stored: string])[] = [
  ['int', 'int'],
  [' timestamp_ntz ', 'timestamp_ntz'],
  ['decimal(38, 0)', 'decimal(38,0)'],
  ['array< string >', 'array<string>'],
  ['map<string, array<double>>', 'map<string,array<double>>'],
  ['struct<a: int, b: array<struct<c: date>>>', 'struct<a:int,b:array<struct<c:date>>>'],
  ['struct<`odd name`: int>', 'struct<`odd name`:int>'],
];

for (const [written, stored] of ACCEPTED)
  test(`stores ${JSON.stringify(written)} as ${stored}`, () => {
    assert.equal(columnTypeSchema.parse(written), stored);
    assert.equal(columnTypeSchema.parse(stored), stored);
  });

const REFUSED: readonly (readonly [written: string, message: RegExp, hint: RegExp])[] = [
  ['strin', /not allowed here/, /string/],
  ['text', /not allowed here/, /string/],
  ['decimal(39,0)', /precision is 1 to 38/, /./],
  ['decimal(5,6)', /scale at most the precision/, /./],
  ['decimal(12', /expected \), found its end/, /in quotes/],
  ['decimal', /not how the type is written/, /decimal\(10,0\)/],
  ['integer', /not how the type is written/, /int/],
  ['INT', /not how the type is written/, /int/],
  ['varchar(10)', /not supported; use string/, /./],
  ['binary', /no meaning in a query/, /string, which reads bytes as UTF-8/],
  ['array<binary>', /no meaning in a query/, /string/],
  ['struct<a: int, A: int>', /cannot tell the field A/, /./],
  ['array<map<string, int>>', /map inside another type/, /./],
  ['map<double, int>', /keys of a map cannot be double/, /./],
  ['map<array<int>, int>', /keys of a map cannot be array/, /./],
  [`${'array<'.repeat(9)}int${'>'.repeat(9)}`, /more than 8 levels/, /./],
  [`${'array<'.repeat(1_600)}int`, /more than 100 levels/, /./],
  [`struct<${'a'.repeat(10_001)}: int>`, /characters is too long/, /./],
];

for (const [written, message, hint] of REFUSED)
  test(`refuses ${written.slice(0, 40)} with what to write`, () => {
    const [issue] = columnTypeSchema.safeParse(written).error?.issues ?? [];
    assert.equal(issue?.code, 'custom');
    assert.match(issue.message, message);
    assert.match(JSON.stringify(issue.params), hint);
  });

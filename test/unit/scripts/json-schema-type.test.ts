import assert from 'node:assert/strict';
import { test } from 'node:test';
import { typeOf } from '#scripts/generate/json-schema-type.ts';

test('writes the type of what a schema accepts', () => {
  const cases = [
    [{ type: 'string', pattern: '^a' }, 'string'],
    [{ type: ['number', 'null'] }, 'number | null'],
    [{ type: 'string', enum: ['a', 'b'] }, '"a" | "b"'],
    [{ const: 1 }, '1'],
    [{}, 'unknown'],
    [{ anyOf: [{ type: 'integer' }, { $ref: '#/components/schemas/Run' }] }, 'number | Run'],
    [{ type: 'array', items: { type: 'string', enum: ['a', 'b'] } }, '("a" | "b")[]'],
    [{ type: 'object', additionalProperties: { type: 'boolean' } }, '{ readonly [name: string]: boolean; }'],
  ] as const;
  for (const [schema, type] of cases) assert.equal(typeOf(schema), type);
});

test('marks what may be left out and keeps descriptions', () => {
  const schema = {
    type: 'object',
    properties: { a: { type: 'string', description: 'First' }, b: { type: 'integer' } },
    required: ['a'],
    additionalProperties: false,
  };
  assert.equal(
    typeOf(schema).replaceAll('\n', ' '),
    '{ /** First */ readonly "a": string; readonly "b"?: number | undefined; }',
  );
});

test('rejects a keyword or a type it does not know', () => {
  assert.throws(() => typeOf({ type: 'object', patternProperties: {} }), /patternProperties/);
  assert.throws(() => typeOf({ type: 'tuple' }), /tuple/);
});

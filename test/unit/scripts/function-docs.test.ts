import assert from 'node:assert/strict';
import { test } from 'node:test';
import { names } from '#features/sql/table/table.ts';
import { REFUSED } from '#features/sql/table/refused.ts';
import { functionDocs } from '#scripts/generate/function-docs.ts';
import { readableSignature } from '#scripts/generate/readable-signature.ts';
import { FUNCTIONS, OPERATORS } from '#features/sql/table/table.ts';

test('names every function that a query may use, and every one that is refused with a replacement', () => {
  const page = functionDocs();
  const missing = [...names(), ...Object.keys(REFUSED)].filter((name) => !page.includes(`\`${name}\``));
  assert.deepEqual(missing, []);
});

test('shows no name that only the table knows', () => {
  const shown = [...FUNCTIONS, ...OPERATORS].flatMap(({ signatures }) => signatures.map(readableSignature));
  const internal = shown.filter((text) =>
    /\b(orderable|integral|small|numeric|interval_|timestamps)\b/.test(text),
  );
  assert.deepEqual(internal, []);
});

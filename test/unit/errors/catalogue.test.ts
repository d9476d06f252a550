import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CATALOGUE } from '#errors/catalogue.ts';

test('every error has a status of HTTP, a meaning and a remedy, each a sentence', () => {
  for (const [code, { status, meaning, remedy }] of Object.entries(CATALOGUE)) {
    assert.match(code, /^[A-Z][A-Z0-9_]+$/);
    assert.ok(status >= 400 && status < 600, code);
    assert.match(meaning, /[.]$/, code);
    assert.match(remedy, /[.]$/, code);
  }
});

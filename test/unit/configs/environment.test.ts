import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEnvironment } from '#configs/environment.ts';

test('rejects wrong variables with a code, and names each of them without its value', () => {
  const wrong = { MILLRACE_API_URL: 'secret-host', MILLRACE_API_PORT: 'secret-port' };
  assert.throws(
    () => readEnvironment(wrong),
    (error: Error & { code?: string }) => {
      assert.equal(error.code, 'ENVIRONMENT_INVALID');
      assert.match(error.message, /MILLRACE_API_PORT: .*; MILLRACE_API_URL: /);
      assert.doesNotMatch(error.message, /secret/);
      return true;
    },
  );
});

test('reads an empty environment as the defaults', () => {
  assert.equal(readEnvironment({}).MILLRACE_API_PORT, 8300);
});

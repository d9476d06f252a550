import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CATALOGUE } from '#errors/catalogue.ts';
import type { CatalogueEntry } from '#errors/catalogue-entry.ts';
import { cliErrors } from '#errors/cli.ts';
import { EXIT } from '#errors/exit-class.ts';

const entries = Object.entries<CatalogueEntry>(CATALOGUE);

test('every error has a code of its own, a meaning and a remedy, each a sentence', () => {
  for (const [code, { meaning, remedy }] of entries) {
    assert.match(code, /^[A-Z][A-Z0-9_]+$/);
    assert.match(meaning, /[.]$/, code);
    assert.match(remedy, /[.]$/, code);
  }
});

test('every error has a status of HTTP, except those of the command line', () => {
  for (const [code, { status }] of entries) {
    if (status === null) assert.ok(code in cliErrors, code);
    else assert.ok(status >= 400 && status < 600 && !(code in cliErrors), code);
  }
});

test('every error has an exit class that fits its status', () => {
  const byStatus: Readonly<Record<number, readonly number[]>> = {
    400: [EXIT.badInput],
    401: [EXIT.notAllowed],
    // The object store may refuse a training job, which has no key of ours.
    403: [EXIT.notAllowed, EXIT.failed],
    404: [EXIT.notFound, EXIT.failed],
    405: [EXIT.badInput],
    408: [EXIT.unreachable],
    409: [EXIT.failed],
    410: [EXIT.notFound],
    412: [EXIT.failed],
    413: [EXIT.badInput],
    415: [EXIT.badInput],
    422: [EXIT.badInput, EXIT.failed],
    428: [EXIT.badInput],
    431: [EXIT.badInput],
    500: [EXIT.failed],
    502: [EXIT.unreachable, EXIT.failed],
    503: [EXIT.unreachable, EXIT.failed],
    504: [EXIT.failed],
    507: [EXIT.failed],
  };
  for (const [code, { status, exit }] of entries)
    if (status !== null) assert.ok(byStatus[status]?.includes(EXIT[exit]), `${code}: ${status} ${exit}`);
});

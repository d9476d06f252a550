import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ROOT } from '#local/tools.ts';
import { importProblems } from '#scripts/generate/import-problems.ts';
import { withImportRules } from '#scripts/generate/lint-rules.ts';
import { ROOMS } from '#scripts/generate/rooms.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-lint-'));
after(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, '.oxlintrc.json'), withImportRules('{ "overrides": [] }'));

test('the import order has no cycle: each folder imports only folders above it in the table', () => {
  const names = ROOMS.map(({ room }) => room);
  for (const [index, { room, may }] of ROOMS.entries()) {
    const later = may.filter((name) => !names.slice(0, index).includes(name));
    assert.deepEqual(later, [], room);
  }
});

test('lint rejects an import against the order at any depth, and a value where types alone are allowed', async () => {
  assert.equal(await complaints('errors/a.ts', "import '#features/query/render.ts';"), 1);
  assert.equal(await complaints('errors/b.ts', "import '#configs/names.ts';"), 1);
  assert.equal(await complaints('workflows/a.ts', "import { x } from '#platform/jobs/x.ts'; x();"), 1);
  assert.equal(await complaints('registry/commands/a.ts', "import '#workers/host.ts';"), 1);
});

test('lint rejects an import against the order in every form: dynamic, re-exported, for a type, in an .mts file', async () => {
  assert.equal(await complaints('registry/b.ts', "export const x = () => import('#api/answers.ts');"), 1);
  assert.equal(await complaints('registry/c.ts', "export * from '#api/answers.ts';"), 1);
  assert.equal(await complaints('registry/d.ts', "export type { X } from '#api/answers.ts';"), 1);
  assert.equal(await complaints('registry/e.mts', "import '#api/answers.ts';"), 1);
});

test('rejects an import from another folder by a path, and code in a folder that the order does not name', () => {
  // Not spelled in an import here, because the check reads this file too.
  const around = '#registry/../api/answers.ts';
  const imports = [
    "import { x } from '../api/answers.ts';",
    "export * from './../api/answers.ts';",
    "import type { X } from '../registry/../api/answers.ts';",
    "const x = await import('../api/answers.ts');",
    "const x = createRequire(import.meta.url)('y'); require('../api/answers.ts');",
    `import { x } from '${around}';`,
  ];
  for (const line of imports) assert.equal(importProblems('registry/a.ts', line).length, 1, line);
  const deep = "import '../../api/answers.ts';";
  assert.equal(importProblems('registry/commands/a.ts', deep).length, 1);
  assert.equal(
    importProblems('registry/commands/deeper/a.ts', deep).length,
    0,
    'a folder of the same name within',
  );
  assert.equal(
    importProblems('registry/commands/a.ts', "import '../pair.ts'; import '#api/a.ts';").length,
    0,
  );
  assert.equal(importProblems('new-folder/a.ts', '').length, 1);
  assert.equal(importProblems('a.ts', '').length, 1);
});

test('lint accepts imports along the order, and types from rooms whose types may be imported', async () => {
  assert.equal(await complaints('features/query/a.ts', "import '#catalog/config-store.ts';"), 0);
  const types = "import type { X } from '#platform/jobs/x.ts'; export const a: X[] = [];";
  assert.equal(await complaints('workflows/b.ts', types), 0);
});

function complaints(path: string, text: string): Promise<number> {
  const file = join(folder, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  const args = ['--format=json', '-A', 'all', path];
  return new Promise((done, failed) => {
    execFile(join(ROOT, 'node_modules/.bin/oxlint'), args, { cwd: folder }, (_error, stdout) => {
      try {
        done((JSON.parse(stdout) as { diagnostics: unknown[] }).diagnostics.length);
      } catch (error) {
        failed(error);
      }
    });
  });
}

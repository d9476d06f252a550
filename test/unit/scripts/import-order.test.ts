import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ROOT } from '#local/tools.ts';
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

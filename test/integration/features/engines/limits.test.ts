import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readEnvironment } from '#configs/environment.ts';
import { createDuckDbEngine } from '#features/engines/duckdb/duckdb-engine.ts';
import type { InputRelation, TableBuild } from '#features/engines/engine.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { buildOf, BUILDS, failure, named, sourceTable } from '#test/support/engine-builds.ts';
import { putParquet } from '#test/support/parquet.ts';
import { freshBucket } from '#test/support/stores.ts';

const COLUMNS = named({ account: 'bigint', amount: 'double' });
const folder = await mkdtemp(join(tmpdir(), 'millrace-limits-'));
const disk = join(folder, 'disk');
const mounted = mountSmallDisk();
after(async () => {
  if (mounted) execFileSync('umount', [disk]);
  await rm(folder, { recursive: true, force: true });
});

/** A disk of 1 MiB; only root may mount one. */
function mountSmallDisk(): boolean {
  try {
    execFileSync('mkdir', [disk]);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function payments(objects: ObjectStore): Promise<InputRelation> {
  const rows = 'SELECT range AS account, CAST(hash(range) % 1000003 AS DOUBLE) AS amount FROM range(1000000)';
  return sourceTable('payments', COLUMNS, [await putParquet(objects, 'raw/payments/part-0.parquet', rows)]);
}

async function assertNothingLeft(objects: ObjectStore, root: string): Promise<void> {
  const keys: string[] = [];
  for await (const { key } of objects.list(BUILDS)) keys.push(key);
  assert.deepEqual([keys, await readdir(root)], [[], []]);
}

const everyPair: Pick<TableBuild, 'sql' | 'columns'> = {
  sql: 'SELECT a.account * 1000000 + b.account AS account, a.amount FROM payments a CROSS JOIN payments b',
  columns: COLUMNS,
};

for (const [what, limits, message] of [
  ['memory', { MILLRACE_DUCKDB_MEMORY: '40MB', MILLRACE_DUCKDB_DISK: '0GB' }, /needs more (memory|disk)/],
  ['disk', { MILLRACE_DUCKDB_MEMORY: '60MB', MILLRACE_DUCKDB_DISK: '10MB' }, /needs more disk/],
] as const)
  test(`stops a cross join at the limit of ${what}, and leaves nothing`, async () => {
    await using objects = await freshBucket();
    const root = join(folder, what);
    const engine = createDuckDbEngine({ env: { ...readEnvironment(), ...limits }, objects, folder: root });
    const error = await failure(engine, { ...everyPair, relations: [await payments(objects)] });
    assert.equal(error.code, 'ENGINE_OUT_OF_MEMORY');
    assert.match(error.message, message);
    assert.doesNotMatch(error.message, /SET |PRAGMA/);
    await assertNothingLeft(objects, root);
  });

test(
  'names a full disk, which is worth another try, and leaves nothing',
  mounted ? {} : { skip: 'needs root, to mount a small disk' },
  async () => {
    await using objects = await freshBucket();
    const engine = createDuckDbEngine({ env: readEnvironment(), objects, folder: disk });
    const relation = await payments(objects);
    const build = { sql: 'SELECT account, amount FROM payments', columns: COLUMNS };
    const unwritten = await failure(engine, { ...build, relations: [relation] });
    assert.deepEqual([unwritten.code, unwritten.entry.transient], ['ENGINE_DISK_FULL', true]);
    await assertNothingLeft(objects, disk);
    // A partition of another set is downloaded before the query runs.
    const [file] = relation.input.files;
    assert.ok(file);
    const { size, sha256 } = await objects.putFile('raw/copy.parquet', await localCopy(objects, file.uri));
    const files = [{ uri: objects.uri('raw/copy.parquet'), size, sha256 }];
    const upstream = { ...relation, input: { ...relation.input, files } };
    assert.equal((await failure(engine, { ...build, relations: [upstream] })).code, 'ENGINE_DISK_FULL');
    await assertNothingLeft(objects, disk);
    const few = { sql: 'SELECT account, amount FROM payments WHERE account < 10', columns: COLUMNS };
    assert.equal((await engine.build(buildOf({ ...few, relations: [relation] }))).outcome, 'built');
  },
);

async function localCopy(objects: ObjectStore, uri: string): Promise<string> {
  const path = join(folder, 'copy.parquet');
  await objects.getFile(objects.keyOf(uri), path);
  return path;
}

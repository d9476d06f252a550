import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NamedColumn } from '#catalog/feature-configs.ts';
import type { ColumnType } from '#configs/types/declared-type.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type {
  BuiltTable,
  EngineRun,
  FeatureEngine,
  InputRelation,
  TableBuild,
} from '#features/engines/engine.ts';
import { withScratchFolder } from '#platform/local-files.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { readParquet } from './parquet.ts';

export interface EngineOnStore {
  readonly engine: FeatureEngine;
  readonly objects: ObjectStore;
}

/** An engine and the table `payments` on its store. */
export interface EngineBench extends EngineOnStore {
  readonly payments: InputRelation;
}

export const PAYMENTS: readonly NamedColumn[] = named({
  account: 'bigint',
  day: 'date',
  amount: 'double',
  kind: 'string',
});

/** Builds below this prefix write their parts. */
export const BUILDS = 'builds/';

/** A source's relation of these objects. */
export function sourceTable(
  name: string,
  columns: readonly NamedColumn[],
  uris: readonly string[],
): InputRelation {
  return {
    name,
    input: {
      columns,
      from: { kind: 'source', name, location: `raw/${name}/` },
      files: uris.map((uri) => ({ uri, size: 0 })),
    },
  };
}

/** A build without checks, sorted by its first column, completed by what is given. */
export function buildOf(
  given: Pick<TableBuild, 'sql' | 'relations' | 'columns'> & Partial<TableBuild>,
): TableBuild {
  return {
    sortBy: given.columns.slice(0, 1).map(({ name }) => name),
    checks: [],
    output: { prefix: BUILDS, attempt: 'test' },
    ...given,
  };
}

/** Builds, and throws where the rows are refused. */
export async function mustBuild(
  engine: FeatureEngine,
  build: TableBuild,
  run?: EngineRun,
): Promise<BuiltTable> {
  const result = await engine.build(build, run);
  if (result.outcome === 'built') return result;
  throw new Error(`the rows were refused: ${JSON.stringify(result.findings)}`);
}

/** Rows of the parts in their order, as they are in the store; whole numbers of 64 bits come as text. */
export async function rowsOf(objects: ObjectStore, { parts }: BuiltTable): Promise<unknown[]> {
  return await withScratchFolder(join(tmpdir(), 'millrace-test'), async (folder) => {
    const rows: unknown[] = [];
    for (const [index, { key }] of parts.entries()) {
      const path = join(folder, `${index}.parquet`);
      await objects.getFile(key, path);
      rows.push(...(await readParquet(path)));
    }
    return rows;
  });
}

/** What a query gives, through the engine and back from the store. */
export async function answerTo(
  { engine, objects }: EngineOnStore,
  given: Pick<TableBuild, 'sql' | 'relations' | 'columns'>,
): Promise<unknown[]> {
  return await rowsOf(objects, await mustBuild(engine, buildOf(given)));
}

/** What a build that must fail fails with. */
export async function failure(
  engine: FeatureEngine,
  given: Pick<TableBuild, 'sql' | 'relations' | 'columns'>,
): Promise<MillraceError> {
  const error: unknown = await engine.build(buildOf(given)).then(
    () => assert.fail('it was built'),
    (problem: unknown) => problem,
  );
  if (!(error instanceof MillraceError)) throw error;
  return error;
}

/** Columns by name, in the order given. */
export function named(types: Readonly<Record<string, ColumnType>>): NamedColumn[] {
  return Object.entries(types).map(([name, type]) => ({ name, type }));
}

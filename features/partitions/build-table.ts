import type { NamedColumn } from '#catalog/feature-configs.ts';
import type { SourceConfig } from '#configs/source.ts';
import { sourceColumns } from '#configs/source-columns.ts';
import { typeText } from '#configs/types/column-type.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { removeStrays } from '#platform/objects/remove-strays.ts';
import type {
  BuiltTable,
  ColumnInFiles,
  EngineRun,
  FeatureEngine,
  InputTable,
  RefusedTable,
  TableBuild,
} from '../engines/engine.ts';
import { assertSourceColumns } from '../checks/source-columns.ts';
import { heldColumn } from '../sources/file-columns.ts';
import type { ReadFile } from '../sources/file-facts.ts';
import { layoutOf } from '../sources/layout.ts';
import { type InputStores, snapshotSource, type SourceSnapshot } from './inputs.ts';
import { partitionPrefix, type PartitionManifest } from './partition.ts';

export interface BuildDeps extends InputStores {
  readonly engine: FeatureEngine;
}

/** A source's files. */
export function sourceInput(objects: ObjectStore, { source, files }: SourceSnapshot): InputTable {
  const laid = files.map((file) => ({ file, layout: layoutOf(file) }));
  const layouts = new Map(laid.map(({ file, layout }) => [layout, file]));
  return {
    columns: sourceColumns(source).map(({ name, type }) => ({ name, type })),
    from: { kind: 'source', name: source.name, location: source.location },
    layouts: Object.fromEntries([...layouts].map(([layout, file]) => [layout, columnsIn(file, source)])),
    files: laid.map(({ file, layout }) => ({ uri: objects.uri(file.key), size: file.size, layout })),
  };
}

/** The files were compared with the declared columns before, so each of them is there. */
function columnsIn(file: ReadFile, source: SourceConfig): Record<string, ColumnInFiles> {
  const found = sourceColumns(source).flatMap((column): [string, ColumnInFiles][] => {
    const held = heldColumn(file, column);
    if (held === undefined || held.in === 'doubt') return [];
    const type = held.in === 'file' ? typeText(held.type) : null;
    return [[column.name, { column: held.name, type }]];
  });
  return Object.fromEntries(found);
}

/** A committed partition, or only the columns that the query reads. */
export function partitionInput(
  objects: ObjectStore,
  columns: readonly NamedColumn[],
  manifest: PartitionManifest,
): InputTable {
  return {
    columns,
    from: { kind: 'partition', name: manifest.feature_set, location: partitionPrefix(manifest) },
    files: manifest.parts.map(({ key, size, sha256 }) => ({ uri: objects.uri(key), size, sha256 })),
  };
}

/**
 * Checks that the sources' files hold the declared columns, builds a table with the engine, then checks that the sources are
 * still the same; if one changed, throws `SOURCE_CHANGED`, also in place of an error of the engine. Removes the parts if that
 * check fails. Other errors are those of the checks and of the engine.
 */
export async function buildTable(
  { engine, objects }: BuildDeps,
  build: TableBuild,
  sources: readonly SourceSnapshot[],
  run: EngineRun,
): Promise<BuiltTable | RefusedTable> {
  assertSourceColumns(sources, (key) => objects.uri(key));
  const result = await engine.build(build, run).catch(async (error: unknown) => {
    if (run.signal?.aborted !== true) await assertUnchanged(objects, sources);
    throw error;
  });
  if (result.outcome === 'refused') return result;
  try {
    await assertUnchanged(objects, sources);
    return result;
  } catch (error) {
    const keys = result.parts.map(({ key }) => key);
    await removeStrays(objects, keys);
    throw error;
  }
}

async function assertUnchanged(objects: ObjectStore, sources: readonly SourceSnapshot[]): Promise<void> {
  const changed = await changedSource(objects, sources);
  if (changed === undefined) return;
  throw new MillraceError('SOURCE_CHANGED', `Files of "${changed.name}" changed during the build.`, {
    where: changed.location,
    details: { source: changed.name },
  });
}

async function changedSource(
  objects: ObjectStore,
  sources: readonly SourceSnapshot[],
): Promise<SourceSnapshot['source'] | undefined> {
  const now = await Promise.all(sources.map(({ source, at }) => snapshotSource({ objects }, source, at)));
  return sources.find(({ snapshot }, index) => now[index]?.snapshot.digest !== snapshot.digest)?.source;
}

import { join } from 'node:path';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { downloadVerified } from '#platform/objects/verified-object.ts';
import { assertSourceColumns } from '../checks/source-columns.ts';
import type { InputTable } from '../engines/engine.ts';
import { partitionInput, sourceInput } from '../partitions/build-table.ts';
import { snapshotSource } from '../partitions/inputs.ts';
import type { PartitionManifest } from '../partitions/partition.ts';
import type { QueryRelation } from '../query/feature-query.ts';
import { sourceRelation } from '../query/render.ts';
import type { ReadFile } from '../sources/file-facts.ts';
import type { StepFiles } from './compute-steps.ts';
import type { SetStep } from './set-steps.ts';

interface Place {
  readonly objects: ObjectStore;
  /** Local folder for parts of partitions. */
  readonly folder: string;
  /** Shared by all steps, as in `InputStores`. */
  readonly listed: Map<string, Promise<readonly ReadFile[]>>;
}

/**
 * The files that steps read: of sources those that may hold rows known on the step's date, in place; of partitions copies that
 * were verified. Throws `SOURCE_…`, `PART_DIGEST_MISMATCH`.
 */
export async function stepFiles(
  { objects, folder }: Omit<Place, 'listed'>,
  steps: readonly SetStep[],
): Promise<StepFiles> {
  const place: Place = { objects, folder, listed: new Map() };
  const files = new Map<SetStep, ReadonlyMap<string, InputTable>>();
  for (const step of steps)
    files.set(step, new Map([...(await sourcesOf(place, step)), ...(await partitionsOf(place, step))]));
  return files;
}

async function sourcesOf(
  { objects, listed }: Place,
  { inputs, dt, time_zone }: SetStep,
): Promise<Map<string, InputTable>> {
  const sources = [...inputs.values()].flatMap((input) => (input.kind === 'source' ? [input.source] : []));
  const at = { date: dt, zone: time_zone };
  const snapshots = await Promise.all(
    sources.map((source) => snapshotSource({ objects, listed }, source, at)),
  );
  assertSourceColumns(snapshots, (key) => objects.uri(key));
  return new Map(
    snapshots.map((snapshot) => [sourceRelation(snapshot.source.name), sourceInput(objects, snapshot)]),
  );
}

async function partitionsOf(place: Place, step: SetStep): Promise<Map<string, InputTable>> {
  const tables = new Map<string, InputTable>();
  for (const relation of step.query.relations) {
    const input = step.inputs.get(relation.name);
    if (input?.kind === 'partition')
      tables.set(relation.name, await localPartition(place, relation, input.manifest));
  }
  return tables;
}

async function localPartition(
  { objects, folder }: Place,
  { columns }: QueryRelation,
  manifest: PartitionManifest,
): Promise<InputTable> {
  const files: { readonly uri: string; readonly size: number }[] = [];
  for (const [index, part] of manifest.parts.entries()) {
    const uri = join(folder, `${manifest.feature_set}-${manifest.dt}-${index}.parquet`);
    await downloadVerified(objects, part, uri, { differs: 'PART_DIGEST_MISMATCH' });
    files.push({ uri, size: part.size });
  }
  return { ...partitionInput(objects, columns, manifest), files };
}

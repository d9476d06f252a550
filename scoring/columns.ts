import { entityColumns } from '#configs/entity.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { PartitionManifest } from '#features/partitions/partition.ts';
import type { Signature } from './signature.ts';

/**
 * Rejects a partition that the model cannot score, before any row is read: `SCORE_PARTITION_EMPTY`,
 * `SCORE_COLUMN_MISSING` (all missing columns at once), `SCORE_COLUMN_TYPE`.
 */
export function checkPartition(manifest: PartitionManifest, signature: Signature): void {
  const where = `${manifest.feature_set} ${manifest.dt} r${manifest.revision}`;
  if (manifest.rows === 0)
    throw new MillraceError('SCORE_PARTITION_EMPTY', `The partition ${where} has no rows.`, { where });
  const types = new Map(manifest.schema.map(({ name, type }) => [name, type]));
  refuseMissing(signature, (name) => types.has(name), where);
  const changed = signature.features.filter(({ name, type }) => types.get(name) !== type);
  if (changed.length === 0) return;
  const list = changed.map(({ name, type }) => `${name} is ${types.get(name)}, trained on ${type}`);
  throw new MillraceError('SCORE_COLUMN_TYPE', list.join('; '), { where, details: { columns: list } });
}

/** Throws `SCORE_COLUMN_MISSING` with all names for which `has` is false. */
export function refuseMissing(signature: Signature, has: (name: string) => boolean, where: string): void {
  const wanted = [...entityColumns(signature), ...signature.features.map(({ name }) => name)];
  const missing = wanted.filter((name) => !has(name));
  if (missing.length === 0) return;
  throw new MillraceError('SCORE_COLUMN_MISSING', `The partition ${where} lacks ${missing.join(', ')}.`, {
    where,
    details: { missing },
  });
}

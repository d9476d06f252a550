import { join } from 'node:path';
import type { Environment } from '#configs/environment.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { downloadVerified } from '#platform/objects/verified-object.ts';
import type { CheckResult } from '../checks/checks.ts';
import { plainCheck } from '../checks/plain-check.ts';
import { unexpectedRowsSql } from '../checks/unexpected-rows.ts';
import { duckDbFindings } from '../engines/duckdb/duckdb-findings.ts';
import { openDuckDb } from '../engines/duckdb/duckdb-session.ts';
import type { PartitionManifest } from './partition.ts';

/** A check of a committed partition, with a query for DuckDB that selects its unexpected rows, if there are such. */
export type PartitionCheck = CheckResult & { readonly duckdb_query?: string };

export interface CheckDeps {
  readonly env: Environment;
  readonly objects: ObjectStore;
  /** Empty local folder for the parts while they are read. */
  readonly folder: string;
}

/**
 * Runs the checks that a set declares now on the rows of a committed partition, which stays as it is. Throws
 * `PART_DIGEST_MISMATCH` and the errors of a DuckDB.
 */
export async function checkPartition(
  { env, objects, folder }: CheckDeps,
  { checks }: Pick<FeatureSetConfig, 'checks'>,
  { parts, schema }: Pick<PartitionManifest, 'parts' | 'schema'>,
): Promise<PartitionCheck[]> {
  if (checks.length === 0) return [];
  const uris = parts.map(({ key }) => objects.uri(key));
  const files = parts.map((_, index) => join(folder, `part-${index}.parquet`));
  for (const [index, part] of parts.entries())
    await downloadVerified(objects, part, files[index] ?? '', { differs: 'PART_DIGEST_MISMATCH' });
  await using session = await openDuckDb({ env, folder, files });
  const findings = await duckDbFindings(session, { columns: schema, checks }, files, undefined);
  return findings.checks.map((result, index) => {
    const check = checks[index];
    const sql =
      check === undefined || result.success ? undefined : unexpectedRowsSql(plainCheck(check, schema), uris);
    return sql === undefined ? result : { ...result, duckdb_query: sql };
  });
}

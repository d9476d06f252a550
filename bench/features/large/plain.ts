/** The same compiled SQL over the same objects in plain DuckDB, sorted, to a local Parquet file. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { entityColumns } from '#configs/entity.ts';
import { readEnvironment } from '#configs/environment.ts';
import { featureSetNamed } from '#catalog/feature-configs.ts';
import { openDuckDb } from '#features/engines/duckdb/duckdb-session.ts';
import { location, tableSelect } from '#features/engines/duckdb/duckdb-select.ts';
import { createView } from '#features/engines/duckdb/duckdb-tables.ts';
import { compileSql } from '#features/query/compile-sql.ts';
import { featureQuery } from '#features/query/feature-query.ts';
import { createS3ObjectStore } from '#platform/objects/s3-object-store.ts';
import { tell } from './cost.ts';
import { DATE, SET, statementConfigs } from './statements.ts';

const [folder = '', threads = '1'] = process.argv.slice(2);
const env = readEnvironment();
const objects = createS3ObjectStore(env);
const configs = statementConfigs();
const set = featureSetNamed(configs, SET);
const query = featureQuery(set, configs, DATE);
const [relation] = query.relations;
if (relation?.rows === undefined) throw new TypeError('The query reads one source.');
const files: string[] = [];
for await (const { key } of objects.list('raw/statements/')) files.push(objects.uri(key));
const path = join(folder, 'plain.parquet');
// DuckDB replaces a file by way of another one, which it may not write here.
rmSync(path, { force: true });

await tell(async () => {
  await using session = await openDuckDb({ env, folder, files: [...files, path], threads: Number(threads) });
  const { name, columns, rows } = relation;
  const input = {
    columns,
    from: { kind: 'source', name: relation.of, location: '' } as const,
    files: files.map((uri) => ({ uri, size: 0 })),
  };
  const readable = await createView(session, { name, input, ...(rows && { rows }), files }, {});
  const { duckdb } = compileSql(query.sql, [readable]);
  await session.all(
    `COPY (${tableSelect(duckdb, { columns: query.columns, sortBy: entityColumns(set) })}) TO ${location(path)} (FORMAT parquet, COMPRESSION zstd)`,
  );
});
process.exit();

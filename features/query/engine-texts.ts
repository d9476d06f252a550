import { entityColumns } from '#configs/entity.ts';
import { sourceColumns } from '#configs/source-columns.ts';
import { type FeatureConfigs, featureSetNamed, sourceNamed } from '#catalog/feature-configs.ts';
import { definitionDigest } from '../definition.ts';
import { type ColumnInFiles, INPUT, type InputTable } from '../engines/engine.ts';
import { selectAll, tableSelect } from '../engines/duckdb/duckdb-select.ts';
import { duckDbView } from '../engines/duckdb/duckdb-views.ts';
import { partitionFolder } from '../partitions/partition.ts';
import { upstreamDateOf } from '../partitions/upstream-date.ts';
import { compileSql } from './compile-sql.ts';
import type { FeatureQuery, QueryRelation } from './feature-query.ts';
import { identifier } from './sql-literal.ts';

/** A statement that makes one relation of a query. */
export interface RelationText {
  /** By which the query reads it. */
  readonly name: string;
  readonly kind: QueryRelation['kind'];
  /** The source's or the feature set's name. */
  readonly of: string;
  readonly sql: string;
}

/** What an engine runs: first the statements of the relations, then the query over them. */
export interface EngineText {
  readonly relations: readonly RelationText[];
  readonly query: string;
}

export interface EngineTexts {
  readonly duckdb: EngineText;
  readonly spark: EngineText;
}

export interface TextsFor {
  readonly set: string;
  readonly dt: string;
  readonly configs: FeatureConfigs;
  /** Where the lake is. */
  readonly bucket: string;
}

/**
 * A query with its relations as each engine gets them. The files stand there as one pattern for each input; a build names
 * each file that may hold rows known on the date. Throws what `compileSql` does, and `UPSTREAM_PARTITION_MISSING`.
 */
export function engineTexts({ sql, relations, columns }: FeatureQuery, at: TextsFor): EngineTexts {
  const sortBy = entityColumns(featureSetNamed(at.configs, at.set));
  const views = relations.map((relation) => {
    const input = inputOf(relation, at);
    const files = input.files.map(({ uri }) => uri);
    const { name, rows, keys } = relation;
    return {
      relation,
      files,
      ...duckDbView({ name, input, keys, ...(rows && { rows }) }, selectAll(input, files)),
    };
  });
  const { duckdb } = compileSql(
    sql,
    views.map(({ readable }) => readable),
  );
  return {
    duckdb: {
      relations: views.map(({ relation, sql: view }) => textOf(relation, view)),
      query: tableSelect(duckdb, { columns, sortBy }),
    },
    spark: {
      relations: views.map(({ relation, files }) => textOf(relation, sparkView(relation, files, at))),
      query: sql.trim(),
    },
  };
}

function textOf({ name, kind, of }: QueryRelation, sql: string): RelationText {
  return { name, kind, of, sql };
}

function inputOf({ kind, of, columns }: QueryRelation, at: TextsFor): InputTable {
  const location = kind === 'source' ? sourceNamed(at.configs, of).location : partitionLocation(of, at);
  const read = { columns, from: { kind, name: of, location } };
  const file = { uri: `s3://${at.bucket}/${location}*.parquet`, size: 0 };
  if (kind !== 'source') return { ...read, files: [file] };
  // Files of another type are converted; which they are is not looked up here.
  const held = sourceColumns(sourceNamed(at.configs, of)).map(
    ({ name, column, type }): [string, ColumnInFiles] => [name, { column, type }],
  );
  return {
    ...read,
    layouts: { declared: Object.fromEntries(held) },
    files: [{ ...file, layout: 'declared' }],
  };
}

function partitionLocation(name: string, { configs, dt }: TextsFor): string {
  const set = featureSetNamed(configs, name);
  const date = upstreamDateOf(set, dt);
  return `${partitionFolder({ feature_set: name, definition_digest: definitionDigest(set, configs), dt: date })}r<newest>/`;
}

function sparkView(
  { name, kind, of: source, columns, rows }: QueryRelation,
  files: readonly string[],
  { configs }: TextsFor,
): string {
  const raw = kind === 'source' ? sourceColumns(sourceNamed(configs, source)) : [];
  const list = columns.map((column) => {
    const held = raw.find((one) => one.name === column.name)?.column ?? column.name;
    return `CAST(${identifier(held)} AS ${column.type}) AS ${identifier(column.name)}`;
  });
  const read = `SELECT ${list.join(', ')} FROM ${files.map((file) => `parquet.${identifier(file)}`).join(', ')}`;
  const create = `CREATE TEMPORARY VIEW ${name} AS`;
  return rows === undefined ? `${create} ${read}` : `${create} WITH ${INPUT} AS (${read}) ${rows}`;
}

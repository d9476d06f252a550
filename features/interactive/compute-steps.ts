import type { Environment } from '#configs/environment.ts';
import { assertOutputColumns } from '../checks/output-columns.ts';
import type { InputTable } from '../engines/engine.ts';
import { selectAll, tableSelect } from '../engines/duckdb/duckdb-select.ts';
import { type DuckDbSession, openDuckDb } from '../engines/duckdb/duckdb-session.ts';
import { type FileRelation, unreadableFile } from '../engines/duckdb/duckdb-tables.ts';
import { duckDbView } from '../engines/duckdb/duckdb-views.ts';
import { compileSql, outputColumns } from '../query/compile-sql.ts';
import { withPlace } from '../query/sql-place.ts';
import type { ReadableRelation } from '../sql/relation.ts';
import { nameSql } from '../sql/text-sql.ts';
import { givenSelect } from './given-rows.ts';
import { lastStep, type SetStep } from './set-steps.ts';

/** Where steps are computed; the environment limits memory and disk. */
export interface ComputePlace {
  readonly env: Environment;
  readonly folder: string;
}

/** The files of each relation that is read from files, by step and relation. */
export type StepFiles = ReadonlyMap<SetStep, ReadonlyMap<string, InputTable>>;

/**
 * Computes the steps in one DuckDB that can open these files and no others, and calls `read` with a SELECT of the last step's
 * rows, sorted by entity. Rows of the other steps are temporary tables, so its limits of memory and disk hold for them too.
 * Throws the errors of a DuckDB and of `compileSql`, with a place in the template.
 */
export async function computeSteps<T>(
  { env, folder }: ComputePlace,
  steps: readonly SetStep[],
  files: StepFiles,
  read: (session: DuckDbSession, select: string) => Promise<T>,
): Promise<T> {
  const tables = [...files.values()].flatMap((relations) => [...relations.values()]);
  const uris = tables.flatMap((input) => input.files.map(({ uri }) => uri));
  await using session = await openDuckDb({ env, folder, files: uris });
  const last = lastStep(steps);
  for (const step of steps.slice(0, -1))
    await inViews(session, step, files, async (select) => {
      await session.all(`CREATE TEMP TABLE ${tableOf(step.key)} AS ${select}`);
    });
  return await inViews(session, last, files, (select) => read(session, select));
}

async function inViews<T>(
  session: DuckDbSession,
  step: SetStep,
  files: StepFiles,
  work: (select: string) => Promise<T>,
): Promise<T> {
  const relations = step.query.relations.map(({ name, columns, rows, keys, kind, of }): Relation => {
    const read = files.get(step)?.get(name);
    const input = read ?? { columns, from: { kind, name: of, location: '' }, files: [] };
    const uris = input.files.map(({ uri }) => uri);
    const select = read === undefined ? selectOf(step, name) : selectAll(input, uris);
    return { name, input, files: uris, select, keys, ...(rows !== undefined && { rows }) };
  });
  try {
    const select = await createViews(session, step, relations);
    return await work(select);
  } catch (error) {
    throw withPlace(await unreadableFile(session, relations, error, undefined), step.query.rendered);
  } finally {
    for (const { name } of relations) await session.all(`DROP VIEW IF EXISTS ${nameSql(name)}`);
  }
}

interface Relation extends FileRelation {
  /** DuckDB SQL that gives the rows of the input. */
  readonly select: string;
}

/** Returns a SELECT of the step's rows over the views. */
async function createViews(
  session: DuckDbSession,
  { query: { sql, columns }, entity }: SetStep,
  relations: readonly Relation[],
): Promise<string> {
  const readable: ReadableRelation[] = [];
  for (const relation of relations) {
    const view = duckDbView(relation, relation.select);
    await session.all(view.sql);
    readable.push(view.readable);
  }
  const compiled = compileSql(sql, readable);
  assertOutputColumns(columns, outputColumns(compiled));
  return tableSelect(compiled.duckdb, { columns, sortBy: entity });
}

function selectOf({ inputs }: SetStep, relation: string): string {
  const input = inputs.get(relation);
  if (input?.kind === 'step') return `SELECT * FROM ${tableOf(input.key)}`;
  if (input?.kind === 'given') return givenSelect(input.rows);
  throw new TypeError(`The files of ${relation} are not known.`);
}

/** Queries cannot name it: they resolve to their own relations. */
function tableOf(key: string): string {
  return nameSql(`step ${key}`);
}

import type { NamedColumn } from '#catalog/feature-configs.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { nameSql } from '../sql/text-sql.ts';
import { computeSteps, type ComputePlace } from './compute-steps.ts';
import { lastStep, type SetStep } from './set-steps.ts';
import { stepFiles } from './step-files.ts';

/** The first rows of a set at a date, by entity. */
export interface PreviewedRows {
  /** Without columns of the entity that are sensitive. */
  readonly columns: readonly NamedColumn[];
  /** Values in the order of the columns; whole numbers above 32 bits and infinite numbers are text. */
  readonly rows: readonly (readonly unknown[])[];
  /** Whether there are more rows. */
  readonly more: boolean;
}

/** Characters of a text that are shown. */
const TEXT_CHARACTERS = 200;

/**
 * Computes the last step from the lake, and keeps nothing of it. Throws the errors of `stepFiles` and `computeSteps`.
 */
export async function previewSteps(
  place: ComputePlace & { readonly objects: ObjectStore },
  steps: readonly SetStep[],
  limit: number,
): Promise<PreviewedRows> {
  const { columns, sensitiveKeys } = lastStep(steps).query;
  const shown = columns.filter(({ name }) => !sensitiveKeys.includes(name));
  return await computeSteps(place, steps, await stepFiles(place, steps), async (session, select) => {
    const list = shown.map(shownSql).join(', ');
    const answer = await session.all(`SELECT ${list} FROM (${select} LIMIT ${limit + 1}) AS first_rows`);
    const rows = answer.getRowsJson();
    return { columns: shown, rows: rows.slice(0, limit), more: rows.length > limit };
  });
}

function shownSql({ name, type }: NamedColumn): string {
  const column = nameSql(name);
  if (type !== 'string') return column;
  const start = `left(${column}, ${TEXT_CHARACTERS - 1}) || '…'`;
  return `CASE WHEN length(${column}) > ${TEXT_CHARACTERS} THEN ${start} ELSE ${column} END AS ${column}`;
}

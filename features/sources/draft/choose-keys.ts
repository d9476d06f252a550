import type { SourceDraft } from '#configs/source-draft.ts';
import type { Sample } from './sample-rows.ts';

type Declared = SourceDraft['columns'][number];

const ID = /(^|_)(id|ids|key|no|nr|num|number|code|uuid|guid)(_|$)|[a-z]I[dD]$/i;
/** Columns that are tried together with others, since every set of columns costs a pass over the sample. */
const MOST_TRIED = 8;

export interface KeyChoice {
  readonly columns: readonly Declared[];
  readonly sample: Sample;
  readonly event: string | null;
  readonly known: string;
}

/**
 * The fewest columns that differ in all sampled rows, ids first. If there are none, those that differ together with the known time,
 * as the keys of a table with corrections do; otherwise a guess, which says so.
 */
export function chooseKeys({ columns, sample, event, known }: KeyChoice): SourceDraft['keys'] {
  const able = columns.filter(({ name, type }) => isKeyType(type) && (name !== known || known === event));
  const ids = able.filter(({ name }) => ID.test(name));
  const dates = able.filter(({ name, type }) => name === event || type === 'date');
  const others = able.filter((one) => !ids.includes(one) && !dates.includes(one));
  const tried = [...ids, ...dates, ...others].slice(0, MOST_TRIED);
  const first = ids.slice(0, 1);
  const guess = (
    first.length > 0 ? [...first, ...able.filter(({ name }) => name === event)] : tried.slice(0, 1)
  ).map(nameOf);
  const guessed = guess.length > 0 ? guess : columns.slice(0, 1).map(nameOf);
  if (sample.rows === 0)
    return { columns: guessed, why: 'There were no rows to look at, so this is a guess by names: check it.' };
  const sets = [
    ...[...ids, ...others.filter(({ type }) => type === 'string'), ...others].map((one) => [one]),
    ...pairs(tried),
    ...triples(tried),
  ].filter((set) => set.some((one) => !dates.includes(one)));
  const over = `over the ${sample.rows} rows sampled`;
  const unique = sets.find((set) => isUnique(sample, set));
  if (unique !== undefined) return { columns: unique.map(nameOf), why: `Unique and never null ${over}.` };
  const time = columns.find(({ name }) => name === known);
  const corrected =
    time === undefined || known === event
      ? undefined
      : sets.find((set) => isUnique(sample, [...set, time], set));
  if (corrected !== undefined) {
    const why = `Unique ${over} together with ${known}: rows with the same keys are then corrections. Check it.`;
    return { columns: corrected.map(nameOf), why };
  }
  const why = `No columns tell the rows apart ${over}, so this is a guess by names: correct it. Rows with the same keys count as corrections of one fact.`;
  return { columns: guessed, why };
}

function isKeyType(type: string): boolean {
  return (
    ['tinyint', 'smallint', 'int', 'bigint', 'string', 'date', 'timestamp', 'timestamp_ntz'].includes(type) ||
    /^decimal\(\d+,0\)$/.test(type)
  );
}

/** Whether the columns differ in all rows, and those of `filled` are never null. */
function isUnique({ rows, values }: Sample, set: readonly Declared[], filled = set): boolean {
  const lists = set.map(({ column }) => values.get(column));
  if (lists.some((list) => list === undefined)) return false;
  if (filled.some(({ column }) => values.get(column)?.includes(null) !== false)) return false;
  const seen = new Set<string>();
  for (let row = 0; row < rows; row += 1) {
    const key = JSON.stringify(lists.map((list) => list?.[row]));
    if (seen.has(key)) return false;
    seen.add(key);
  }
  return true;
}

function pairs<T>(items: readonly T[]): T[][] {
  return items.flatMap((a, index) => items.slice(index + 1).map((b) => [a, b]));
}

function triples<T>(items: readonly T[]): T[][] {
  return items.flatMap((a, index) => pairs(items.slice(index + 1)).map((pair) => [a, ...pair]));
}

function nameOf({ name }: Declared): string {
  return name;
}

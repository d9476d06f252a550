import { type FileType, typeText } from '#configs/types/column-type.ts';
import { parseFileType } from '#configs/types/parse-type.ts';
import type { ReadFile } from '../file-facts.ts';
import { pathColumns } from '../layout.ts';

/** A column of the files of a folder. Names that differ only in case are one column, as for Spark. */
export interface FoundColumn {
  readonly name: string;
  /** In the name of a folder, such as `dt=2024-01-01/`. */
  readonly inPath: boolean;
  /** Spark's name of each type that was found, and the files that hold it. */
  readonly types: ReadonlyMap<string, { readonly type: FileType; readonly files: readonly string[] }>;
  /** Files that lack it. */
  readonly missing: readonly string[];
  /** Whether a file has two columns that only differ in case. */
  readonly twice: boolean;
}

/** The columns in the order of the newest file; those that only older files have come last. */
export function foundColumns(files: readonly ReadFile[]): FoundColumn[] {
  const seen = files.map((file) => ({ key: file.key, columns: columnsOf(file) }));
  const names = new Map<string, string>();
  for (const { columns } of seen.toReversed())
    for (const { name } of columns) if (!names.has(name.toLowerCase())) names.set(name.toLowerCase(), name);
  return [...names].map(([lower, name]) => {
    const held = seen.map(({ key, columns }) => ({
      key,
      columns: columns.filter((column) => column.name.toLowerCase() === lower),
    }));
    const types = Map.groupBy(
      held.flatMap(({ key, columns }) => columns.map(({ type }) => ({ key, type }))),
      ({ type }) => typeText(type),
    );
    return {
      name,
      inPath: held.some(({ columns }) => columns.some(({ inPath }) => inPath)),
      types: new Map(
        [...types].map(([text, of]) => [
          text,
          { type: of[0]?.type ?? { kind: 'void' }, files: of.map(({ key }) => key) },
        ]),
      ),
      missing: held.filter(({ columns }) => columns.length === 0).map(({ key }) => key),
      twice: held.some(({ columns }) => columns.length > 1),
    };
  });
}

interface HeldColumn {
  readonly name: string;
  readonly type: FileType;
  readonly inPath: boolean;
}

function columnsOf({ key, facts }: ReadFile): HeldColumn[] {
  const path = [...pathColumns(key)].map(([name, value]) => ({
    name,
    type: typeOfValue(value),
    inPath: true,
  }));
  // Folders come before columns of the same name in the file.
  const inFile = facts.columns
    .filter(({ name }) => path.every((one) => one.name !== name))
    .map(({ name, type }) => ({ name, type: parseFileType(type), inPath: false }));
  return [...path, ...inFile];
}

/** The values of folder names are text; those of one form are read as what they look like. */
function typeOfValue(value: string): FileType {
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return { kind: 'date' };
  return /^-?\d{1,9}$/.test(value) ? { kind: 'int' } : { kind: 'string' };
}

import type { SourceColumn } from '#configs/source-columns.ts';
import type { FileType } from '#configs/types/column-type.ts';
import { parseFileType } from '#configs/types/parse-type.ts';
import type { ReadFile } from './file-facts.ts';
import { pathColumns } from './layout.ts';

/** Where a file holds a column of its source. Names are compared without case, as Spark compares them. */
export type HeldColumn =
  | { readonly in: 'file'; readonly name: string; readonly type: FileType }
  /** The value of the column stands in the name of a folder. */
  | { readonly in: 'folder'; readonly name: string; readonly value: string }
  /** Several columns may be meant. */
  | { readonly in: 'doubt'; readonly names: readonly string[] };

/** Folders come before columns of the same name in the file. Undefined if the file lacks the column. */
export function heldColumn(
  { key, facts }: ReadFile,
  { column }: Pick<SourceColumn, 'column'>,
): HeldColumn | undefined {
  const folders = [...pathColumns(key)].filter(([name]) => isSame(name, column));
  const found = facts.columns.filter(({ name }) => isSame(name, column));
  const names = [...new Set([...folders.map(([name]) => name), ...found.map(({ name }) => name)])];
  if (names.length > 1 || found.length > 1) return { in: 'doubt', names };
  const [folder] = folders;
  if (folder !== undefined) return { in: 'folder', name: folder[0], value: folder[1] };
  const [only] = found;
  if (only === undefined) return undefined;
  const renamed = renamedTo(facts.columns, column);
  if (renamed.length > 0) return { in: 'doubt', names: [...renamed, only.name] };
  return { in: 'file', name: only.name, type: parseFileType(only.type) };
}

/** DuckDB gives the second of two columns that differ only in case a number, and may so give it the name of another column. */
function renamedTo(columns: readonly { readonly name: string }[], column: string): string[] {
  const base = /^(.+)_\d+$/s.exec(column)?.[1];
  if (base === undefined) return [];
  const alike = columns.filter(({ name }) => isSame(name, base)).map(({ name }) => name);
  return alike.length > 1 ? alike : renamedTo(columns, base);
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

import { digestOf } from '#configs/canonical.ts';
import type { ReadFile } from './file-facts.ts';

/** The same for files that hold the same columns of the same types, in the same order. */
export function layoutOf({ key, facts }: ReadFile): string {
  return digestOf([facts.columns, [...pathColumns(key).keys()]]);
}

/**
 * Columns that the folders of a file give, as in `…/month=2005-09/part.parquet`. They come before columns of the same name in the
 * file.
 */
export function pathColumns(key: string): ReadonlyMap<string, string> {
  const folders = key.split('/').slice(0, -1);
  return new Map(
    folders.flatMap((folder) => {
      const at = folder.indexOf('=');
      return at < 1 ? [] : [[folder.slice(0, at), decoded(folder.slice(at + 1))] as const];
    }),
  );
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

import type { ColumnType } from '#configs/types/declared-type.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { SourceConfig } from '#configs/source.ts';
import { type SourceColumn, sourceColumns } from '#configs/source-columns.ts';
import { typeText } from '#configs/types/column-type.ts';
import { parseType } from '#configs/types/parse-type.ts';
import { heldColumn } from '../sources/file-columns.ts';
import type { ReadFile } from '../sources/file-facts.ts';
import { fitsSource } from './column-types.ts';
import { fitsFolder } from './folder-values.ts';

/** A source and the files of it that are about to be read. */
export interface SourceRead {
  readonly source: SourceConfig;
  readonly files: readonly ReadFile[];
}

/** Declared columns that files lack or hold with a type that does not fit; one for each column and type found. */
export interface ColumnProblem {
  readonly source: string;
  /** Its name in the source. */
  readonly column: string;
  /** Its name in the files. */
  readonly in_files: string;
  readonly declared: ColumnType;
  /** Null if the files lack the column. */
  readonly found: string | null;
  /** URIs of the first of these files. */
  readonly files: readonly string[];
  /** How many they are. */
  readonly count: number;
  /** Columns of the first of these files that the source does not declare, if it lacks the column: it may have been renamed. */
  readonly undeclared: readonly string[];
  /** A file whose column fits, if there is one: the type changed between the two. */
  readonly fits: { readonly file: string; readonly type: string } | null;
}

const NAMED = 20;

/**
 * Throws `SOURCE_COLUMN_MISSING` or `SOURCE_TYPE_DIFFERS` with all problems of all sources, unless every file holds the declared
 * columns. Each file is judged by itself, so the others cannot make it fit. Files may have more columns. `uriOf` gives the URI
 * of a key.
 */
export function assertSourceColumns(reads: readonly SourceRead[], uriOf: (key: string) => string): void {
  const problems = reads.flatMap((read) => problemsOf(read, uriOf));
  const [first] = problems;
  if (first === undefined) return;
  const missing = problems.find(({ found }) => found === null);
  const worst = missing ?? first;
  throw new MillraceError(
    missing === undefined ? 'SOURCE_TYPE_DIFFERS' : 'SOURCE_COLUMN_MISSING',
    `${problems.map(describe).join('; ')}.`,
    {
      ...(worst.files[0] !== undefined && { where: worst.files[0] }),
      details: { source: worst.source, column: worst.column, declared: worst.declared, problems },
    },
  );
}

function problemsOf({ source, files }: SourceRead, uriOf: (key: string) => string): ColumnProblem[] {
  return sourceColumns(source).flatMap((column) => {
    const judged = files.map((file) => ({ file, ...judgement(file, column) }));
    const good = judged.find(({ fits }) => fits);
    const fits = good === undefined ? null : { file: uriOf(good.file.key), type: good.found ?? '' };
    const wrong = Map.groupBy(
      judged.filter((one) => !one.fits),
      ({ found }) => found,
    );
    return [...wrong].map(([found, group]) => ({
      source: source.name,
      column: column.name,
      in_files: column.column,
      declared: column.type,
      found,
      files: group.slice(0, NAMED).map(({ file }) => uriOf(file.key)),
      count: group.length,
      undeclared: found === null ? undeclaredIn(source, group[0]?.file) : [],
      fits,
    }));
  });
}

function undeclaredIn(source: SourceConfig, file: ReadFile | undefined): string[] {
  const declared = new Set(sourceColumns(source).map(({ column }) => column.toLowerCase()));
  const names = file?.facts.columns.map(({ name }) => name) ?? [];
  return names.filter((name) => !declared.has(name.toLowerCase())).slice(0, NAMED);
}

function judgement(
  file: ReadFile,
  column: SourceColumn,
): { readonly found: string | null; readonly fits: boolean } {
  const held = heldColumn(file, column);
  if (held === undefined) return { found: null, fits: false };
  const declared = parseType(column.type);
  switch (held.in) {
    case 'folder':
      return { found: `folder ${held.name}=…`, fits: fitsFolder(held.value, declared) };
    case 'doubt':
      return { found: `several columns of such a name (${held.names.join(', ')})`, fits: false };
    case 'file': {
      // As Spark reads Parquet, except that it refuses 64-bit integers even where each of them is a double.
      const exact = declared.kind === 'double' && file.facts.exact.includes(held.name);
      return { found: typeText(held.type), fits: exact || fitsSource(held.type, declared) };
    }
  }
}

function describe(problem: ColumnProblem): string {
  const { source, column, in_files, declared, found, files, count, undeclared, fits } = problem;
  const which = `${files[0] ?? ''}${count > 1 ? ` and ${count - 1} more files` : ''}`;
  const instead = undeclared.length === 0 ? '' : `; not declared there: ${undeclared.join(', ')}`;
  const named = `Column "${column}" of source "${source}"${in_files === column ? '' : `, "${in_files}" in its files,`}`;
  if (found === null) return `${named} is missing in ${which}${instead}`;
  const other = fits === null ? '' : `, while ${fits.file} holds ${fits.type}`;
  return `${named} is declared as ${declared}; ${which} ${count > 1 ? 'hold' : 'holds'} ${found}${other}`;
}

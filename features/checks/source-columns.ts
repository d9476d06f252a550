import type { ColumnType } from '#configs/names.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { SourceConfig } from '#configs/source.ts';
import type { ReadFile } from '../sources/file-facts.ts';
import { pathColumns } from '../sources/layout.ts';
import { fitsSource } from './column-types.ts';

/** A source and the files of it that are about to be read. */
export interface SourceRead {
  readonly source: SourceConfig;
  readonly files: readonly ReadFile[];
}

/** Declared columns that files lack or hold with a type that does not fit; one for each column and type found. */
export interface ColumnProblem {
  readonly source: string;
  readonly column: string;
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
  return Object.entries(source.columns).flatMap(([column, declared]) => {
    const judged = files.map((file) => ({ file, ...judgement(file, column, declared) }));
    const good = judged.find(({ fits }) => fits);
    const fits = good === undefined ? null : { file: uriOf(good.file.key), type: good.found ?? '' };
    const wrong = Map.groupBy(
      judged.filter((one) => !one.fits),
      ({ found }) => found,
    );
    return [...wrong].map(([found, group]) => ({
      source: source.name,
      column,
      declared,
      found,
      files: group.slice(0, NAMED).map(({ file }) => uriOf(file.key)),
      count: group.length,
      undeclared: found === null ? undeclaredIn(source, group[0]?.file) : [],
      fits,
    }));
  });
}

function undeclaredIn(source: SourceConfig, file: ReadFile | undefined): string[] {
  const names = file?.facts.columns.map(({ name }) => name) ?? [];
  return names.filter((name) => source.columns[name] === undefined).slice(0, NAMED);
}

function judgement(
  { key, facts }: ReadFile,
  column: string,
  declared: ColumnType,
): { readonly found: string | null; readonly fits: boolean } {
  const value = pathColumns(key).get(column);
  if (value !== undefined) return { found: `folder ${column}=…`, fits: PATH_FITS[declared].test(value) };
  const found = facts.columns.find(({ name }) => name === column)?.type;
  if (found === undefined) return { found: null, fits: false };
  // As Spark reads Parquet, except that it refuses 64-bit integers even where each of them is a double.
  const exact = declared === 'double' && facts.exact.includes(column);
  return { found, fits: exact || fitsSource(found, declared) };
}

/** Values of folder names are text. */
const PATH_FITS: Readonly<Record<ColumnType, RegExp>> = {
  boolean: /^(?:true|false)$/i,
  int: /^-?\d{1,9}$/,
  bigint: /^-?\d{1,18}$/,
  double: /^-?\d{1,15}(?:\.\d{1,15})?$/,
  string: /^/,
  date: /^\d{4}-\d{2}-\d{2}$/,
  timestamp: /^\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}:\d{2})?$/,
};

function describe(problem: ColumnProblem): string {
  const { source, column, declared, found, files, count, undeclared, fits } = problem;
  const which = `${files[0] ?? ''}${count > 1 ? ` and ${count - 1} more files` : ''}`;
  const instead = undeclared.length === 0 ? '' : `; not declared there: ${undeclared.join(', ')}`;
  if (found === null) return `Column "${column}" of source "${source}" is missing in ${which}${instead}`;
  const other = fits === null ? '' : `, while ${fits.file} holds ${fits.type}`;
  return `Column "${column}" of source "${source}" is declared as ${declared}; ${which} ${count > 1 ? 'hold' : 'holds'} ${found}${other}`;
}

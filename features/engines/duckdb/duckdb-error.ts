import type { ErrorCode } from '#errors/catalogue.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { UNFIT } from './read-column.ts';
import { pointedAt, refusalText, valueErrorText } from './value-error.ts';

/** Classes of errors that arise while a statement is read and bound, before there are rows; their messages hold only SQL. */
const BINDING = new Set(['binder', 'catalog', 'parser', 'syntax', 'missing extension', 'permission']);

/**
 * Classifies an error of DuckDB: a fault of the query, of the store or of the machine. Values of rows never reach the
 * error: only messages that cannot hold one are kept, and with them their cause.
 */
export function duckDbError(error: unknown): MillraceError {
  const message = error instanceof Error ? error.message : String(error);
  const own = (message.split('\n\nLINE ')[0] ?? message).trim();
  const text = withoutLocalPaths(own);
  // The cause is part of the failure in the history, so it must not bring the path back.
  const options = text === own ? { cause: error } : {};
  if (DAMAGED.test(text)) return damagedFile(text);
  const kind = /^([A-Za-z ]+?) Error:/.exec(text)?.[1] ?? '';
  switch (kind.toLowerCase()) {
    case 'out of memory':
      return outOfMemory(text);
    case 'http':
    case 'io':
      if (text.includes('No space left on device')) return diskFull();
      return /HTTP 404|No such file|No files found/.test(text)
        ? new MillraceError('OBJECT_NOT_FOUND', text, options)
        : new MillraceError('STORE_UNREACHABLE', text, options);
    case '':
      return new MillraceError('ENGINE_FAILED', text, options);
    case 'internal':
    case 'fatal':
      return new MillraceError('ENGINE_FAILED', `DuckDB failed with an error of its own (${kind}).`);
    default:
      return BINDING.has(kind.toLowerCase())
        ? new MillraceError('SQL_FAILED', text, options)
        : valueError(kind, message, text);
  }
}

/** DuckDB's own advice is of settings that the author of a query cannot change. */
function outOfMemory(text: string): MillraceError {
  const message = text.includes('max_temp_directory_size')
    ? 'What the query cannot hold in memory needs more disk than the feature engine may use, or than is free.'
    : 'The query needs more memory than the feature engine may use.';
  return new MillraceError('ENGINE_OUT_OF_MEMORY', message);
}

/** Of the machine that builds. */
export function diskFull(): MillraceError {
  return new MillraceError('ENGINE_DISK_FULL', 'The disk of the machine that runs the query is full.');
}

function valueError(kind: string, message: string, text: string): MillraceError {
  const unreadable = unreadableFile(text);
  if (unreadable !== undefined) return new MillraceError('SQL_FAILED', unreadable);
  const unfit = unfitValue(message);
  if (unfit !== undefined) return unfit;
  const refusal = refusalText(message);
  if (refusal !== undefined)
    return new MillraceError('SQL_FAILED', `The query failed: ${refusal}.`, { details: { refused: true } });
  const what = valueErrorText(kind, message) ?? 'The query failed.';
  const near = pointedAt(message);
  return new MillraceError('SQL_FAILED', what, {
    details: { engine_error: kind, ...(near !== undefined && { near }) },
  });
}

/** What `readColumn` says of a value in a source's file that is none of the declared type; it names no value. */
function unfitValue(message: string): MillraceError | undefined {
  const [, what, file] =
    new RegExp(`^Invalid Input Error: ${UNFIT}([^\\t\\n]+)\\t([^\\n]+)`).exec(message) ?? [];
  if (what === undefined || file === undefined) return undefined;
  return new MillraceError('SOURCE_VALUE_INVALID', `${what} in ${file}.`, { where: file, details: { file } });
}

/** Faults of files begin with the file's name; what follows may quote a value. */
function unreadableFile(text: string): string | undefined {
  const [, file] =
    /^Invalid Input Error: (?:No magic bytes found at end of file|File) '(s3:\/\/[^']+)'/.exec(text) ??
    /^[A-Za-z ]+ Error: In [Pp]arquet reader of file "(s3:\/\/[^"]+)"/.exec(text) ??
    [];
  return file === undefined
    ? undefined
    : `The file ${file} cannot be read as Parquet of the declared columns.`;
}

/** What DuckDB says of damaged Parquet files; not all of these messages name the file. */
const DAMAGED =
  /TProtocolException|^Invalid Input Error: Failed to read file "|No magic bytes found at end of file|decompression failure|too small to be a Parquet file/;

function damagedFile(text: string): MillraceError {
  const file = /^Invalid Input Error: [A-Za-z ]+ (["'])(s3:\/\/[^"']+)\1/.exec(text)?.[2];
  return new MillraceError(
    'SOURCE_FILE_UNREADABLE',
    `${file === undefined ? 'A file of a source' : `The file ${file}`} is not a complete Parquet file.`,
    file === undefined ? {} : { where: file, details: { file } },
  );
}

/** Replaces paths of this machine, which tell a reader nothing; object URIs stay. */
function withoutLocalPaths(text: string): string {
  const named = (path: string): string => {
    const extension = /[^/]+\.duckdb_extension/.exec(path)?.[0];
    return extension === undefined ? "a file in the engine's work folder" : `"${extension}"`;
  };
  return text
    .replaceAll(/(["'])\/[^"'\n]*\1/g, named)
    .replaceAll(/(?<![\w:/.])\/(?:[^\s/"']+\/)+[^\s/"':,;]*/g, named);
}

const FAULTS_OF_SQL: readonly string[] = [
  'SQL_FAILED',
  'SQL_INVALID',
  'SQL_NOT_TRANSLATABLE',
] satisfies ErrorCode[];

/** Adds a place to faults of SQL that the author of the query did not write. Returns any other error unchanged. */
export function sqlFailedAt(where: string, error: unknown): unknown {
  if (!(error instanceof MillraceError && FAULTS_OF_SQL.includes(error.code))) return error;
  const { code, message, details, cause } = error;
  return new MillraceError(code, message, { where, details, cause });
}

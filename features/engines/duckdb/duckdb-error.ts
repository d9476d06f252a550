import { MillraceError } from '#errors/millrace-error.ts';

/** Classifies an error of DuckDB: a fault of the query, of the store or of the machine. */
export function duckDbError(error: unknown): MillraceError {
  const message = error instanceof Error ? error.message : String(error);
  const own = (message.split('\n\nLINE ')[0] ?? message).trim();
  const text = withoutLocalPaths(own);
  // The cause is part of the failure in the history, so it must not bring the path back.
  const options = text === own ? { cause: error } : {};
  const kind = /^([A-Za-z ]+?) Error:/.exec(text)?.[1] ?? '';
  switch (kind) {
    case 'Out of Memory':
      return new MillraceError('ENGINE_OUT_OF_MEMORY', text, options);
    case 'HTTP':
    case 'IO':
      return /HTTP 404|No such file|No files found/.test(text)
        ? new MillraceError('OBJECT_NOT_FOUND', text, options)
        : new MillraceError('STORE_UNREACHABLE', text, options);
    case 'Internal':
    case 'Fatal':
    case '':
      return new MillraceError('ENGINE_FAILED', text, options);
    case 'Conversion':
    case 'Out of Range':
    case 'Invalid Input':
      // These messages quote a value, which may be personal data, so neither the message nor the cause is kept.
      return new MillraceError(
        'SQL_FAILED',
        text.replaceAll(/'[^']*'|"[^"]*"/g, "'…'").replaceAll(/\b(value) [^\s']\S*/g, '$1 …'),
      );
    default:
      return new MillraceError('SQL_FAILED', text, options);
  }
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

/** Adds a place to `SQL_FAILED`, for SQL that the author of the query did not write. Returns any other error unchanged. */
export function sqlFailedAt(where: string, error: unknown): unknown {
  if (!(error instanceof MillraceError && error.code === 'SQL_FAILED')) return error;
  const { code, message, details, cause } = error;
  return new MillraceError(code, message, { where, details, cause });
}

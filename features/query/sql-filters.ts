import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { dateLiteral, sqlLiteral } from './sql-literal.ts';
import { expressionOf, type PlacedPiece } from './template-code.ts';
import { codeOf } from './template-tags.ts';

export interface SqlFilters {
  /** They never throw, since an exception would leave the engine in a broken state. */
  readonly filters: Readonly<Record<string, (...values: readonly unknown[]) => string>>;
  /** The first error of a filter in this rendering. */
  readonly failure: () => MillraceError | undefined;
}

/** Filters that make SQL literals of values: `sql_text` and `sql_date` for templates, `millrace_sql` for insertions. */
export function sqlFilters(set: FeatureSetConfig, dt: string, pieces: readonly PlacedPiece[]): SqlFilters {
  let failure: MillraceError | undefined;
  const guarded = (make: (...values: readonly unknown[]) => string) => {
    return (...values: readonly unknown[]): string => {
      try {
        return make(...values);
      } catch (error) {
        if (!(error instanceof MillraceError)) throw error;
        failure ??= error;
        return '';
      }
    };
  };
  return {
    filters: {
      millrace_sql: guarded((value, text, piece) =>
        typeof value === 'string'
          ? textOrDate(value, set, dt, pieces[Number(piece)])
          : // In brackets, since `x -{{ n }}` would otherwise begin a comment.
            `(${String(text)})`,
      ),
      sql_text: guarded((value) => sqlLiteral(textOf(value, 'sql_text', set))),
      sql_date: guarded((value) => dateLiteral(textOf(value, 'sql_date', set))),
    },
    failure: () => failure,
  };
}

/** The date `ds` and text of params look alike to the engine; they differ in SQL. */
function textOrDate(
  value: string,
  { params }: FeatureSetConfig,
  dt: string,
  piece: PlacedPiece | undefined,
): string {
  if (value !== dt) return sqlLiteral(value);
  if (!Object.values(params).includes(dt)) return dateLiteral(dt);
  const code = codeOf(expressionOf(piece?.source ?? ''));
  const [isDate, isParam] = [/\bds\b/.test(code), /\bparams\b/.test(code)];
  if (isDate !== isParam) return isDate ? dateLiteral(dt) : sqlLiteral(value);
  throw new MillraceError(
    'TEMPLATE_INVALID',
    `The value ${value} is both the partition date and a param, and {{ ${expressionOf(piece?.source ?? '')} }} does not say which; insert it with the filter sql_text or sql_date.`,
    { ...(piece !== undefined && { where: `${piece.place.file}:${piece.place.line}` }) },
  );
}

function textOf(value: unknown, filter: string, set: FeatureSetConfig): string {
  if (typeof value === 'string') return value;
  throw new MillraceError('TEMPLATE_INVALID', `The filter ${filter} takes text, not ${typeof value}.`, {
    where: set.sql,
  });
}

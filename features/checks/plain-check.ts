import type { Check } from '#configs/checks.ts';
import type { NamedColumn } from '#catalog/feature-configs.ts';
import type { ColumnType } from '#configs/types/declared-type.ts';
import { isNumberType } from '#configs/types/kinds.ts';
import { MillraceError } from '#errors/millrace-error.ts';

/** A check without its YAML form, with the type of its column. */
export interface PlainCheck {
  readonly expectation: string;
  readonly severity: 'error' | 'warn';
  readonly kwargs: Readonly<Record<string, unknown>>;
  /** The column and its type; undefined for a check of the whole table. */
  readonly column: NamedColumn | undefined;
}

/** In YAML a check has one key, its expectation. */
export function plainCheck(check: Check, columns: readonly NamedColumn[]): PlainCheck {
  const [[expectation, settings]] = Object.entries(check) as [[string, { severity: 'error' | 'warn' }]];
  const { severity, ...kwargs } = settings;
  const name = 'column' in kwargs && typeof kwargs.column === 'string' ? kwargs.column : undefined;
  if (name === undefined) return { expectation, severity, kwargs, column: undefined };
  const type = columns.find((column) => column.name === name)?.type;
  if (type === undefined)
    throw new TypeError(`The check ${expectation} names the column ${name}, which is unknown.`);
  return { expectation, severity, kwargs, column: { name, type } };
}

/**
 * Engines compare text with numbers each in its own way. The configs are refused before that, so this only guards against
 * others. Throws `SQL_FAILED`.
 */
export function assertOfNumbers({ expectation, column }: PlainCheck): void {
  if (column === undefined || isNumberType(column.type)) return;
  throw new MillraceError(
    'SQL_FAILED',
    `The check ${expectation} needs numbers; column "${column.name}" has type ${column.type}.`,
  );
}

/** How an engine writes names and texts. */
export interface SqlForm {
  readonly name: (name: string) => string;
  readonly text: (text: string) => string;
}

/**
 * The value of a column, or NULL if it is missing: as in training, NaN is a missing number and the empty text a missing
 * text. `CASE` rather than `NULLIF`, since engines differ in whether NaN equals itself.
 */
export function presentValue({ name, type }: NamedColumn, form: SqlForm): string {
  const column = form.name(name);
  const missing = missingIf(column, type);
  return missing === undefined ? column : `CASE WHEN ${missing} THEN NULL ELSE ${column} END`;
}

function missingIf(column: string, type: ColumnType): string | undefined {
  if (type === 'double' || type === 'float') return `isnan(${column})`;
  return type === 'string' ? `${column} = ''` : undefined;
}

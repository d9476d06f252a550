import type { NamedColumn } from '#catalog/feature-configs.ts';
import type { FileType, SqlType } from '#configs/types/column-type.ts';
import { parseFileType, parseType } from '#configs/types/parse-type.ts';
import { fieldNamed } from '../../checks/column-types.ts';
import { nameSql, textSql } from '../../sql/text-sql.ts';
import { duckDbType } from '../../sql/types.ts';
import type { ColumnInFiles, InputTable } from '../engine.ts';

/** Column of `read_parquet` with the file of each row, for messages. No column of a source has this prefix. */
export const FILE = 'millrace_file';

/** Begins the message for a value that does not fit; a tab and the file follow. */
export const UNFIT = 'millrace source: ';

/** An expression for a column of a source, as it is declared, over a file that holds it as `held`. */
export function readColumn(
  { name, type }: NamedColumn,
  held: ColumnInFiles,
  { name: source }: InputTable['from'],
): string {
  const declared = parseType(type);
  const column = nameSql(held.column);
  if (held.type === null) return folderValue(column, declared);
  const unfit = (what: string): string => {
    const text = `${UNFIT}Column "${name}" of source "${source}" is declared as ${type}, and ${what}`;
    return `error(${textSql(text)} || chr(9) || ${nameSql(FILE)})`;
  };
  const form = conversion(parseFileType(held.type), declared, { unfit, depth: 0 });
  return form?.(column) ?? `CAST(${column} AS ${duckDbType(declared)})`;
}

function folderValue(column: string, declared: SqlType): string {
  // Spark and Hive write dates into folders with dashes, others without.
  const text =
    declared.kind === 'date'
      ? `regexp_replace(${column}, '^(\\d{4})(\\d{2})(\\d{2})$', '\\1-\\2-\\3')`
      : column;
  return `CAST(${text} AS ${duckDbType(declared)})`;
}

type Form = (sql: string) => string;

interface Place {
  /** The expression that stops the build; `what` ends a sentence about the column and holds no value. */
  readonly unfit: (what: string) => string;
  readonly depth: number;
}

/** Whole digits that each type of numbers holds in any case. */
const SAFE_DIGITS: Readonly<Record<string, number>> = { int: 9, bigint: 18 };

/** How values are read that a cast would misread; undefined if a cast is right. */
function conversion(found: FileType, declared: SqlType, place: Place): Form | undefined {
  const target = duckDbType(declared);
  if (found.kind === 'void') return () => `CAST(NULL AS ${target})`;
  if (declared.kind === 'string' && found.kind === 'binary')
    return orUnfit((sql) => `TRY(decode(${sql}))`, place.unfit('holds bytes that are not UTF-8 text'));
  if (found.kind === 'decimal' && found.precision > (SAFE_DIGITS[declared.kind] ?? Infinity))
    return orUnfit((sql) => `TRY_CAST(${sql} AS ${target})`, place.unfit('holds a number outside its range'));
  if (declared.kind === 'array' && found.kind === 'array') {
    const name = `v${place.depth}`;
    const element = conversion(found.element, declared.element, deeper(place));
    return element === undefined
      ? undefined
      : (sql) => `list_transform(${sql}, lambda ${name}: ${element(name)})`;
  }
  if (declared.kind === 'map' && found.kind === 'map') return mapConversion(found, declared, place);
  if (declared.kind === 'struct' && found.kind === 'struct') return structConversion(found, declared, place);
  return undefined;
}

/** A value that cannot be converted stops the build; a null stays one. */
function orUnfit(form: Form, unfit: string): Form {
  return (sql) => `coalesce(${form(sql)}, CASE WHEN ${sql} IS NOT NULL THEN ${unfit} END)`;
}

function deeper({ unfit, depth }: Place): Place {
  return { unfit, depth: depth + 1 };
}

function mapConversion(
  found: FileType & { readonly kind: 'map' },
  declared: SqlType & { readonly kind: 'map' },
  place: Place,
): Form | undefined {
  const key = conversion(found.key, declared.key, deeper(place));
  const value = conversion(found.value, declared.value, deeper(place));
  if (key === undefined && value === undefined) return undefined;
  const entry = `v${place.depth}`;
  const inner = `{'key': ${key?.(`${entry}.key`) ?? `${entry}.key`}, 'value': ${value?.(`${entry}.value`) ?? `${entry}.value`}}`;
  return (sql) =>
    `CAST(map_from_entries(list_transform(map_entries(${sql}), lambda ${entry}: ${inner})) AS ${duckDbType(declared)})`;
}

/** Always by name, since a file may have further fields, in another order. */
function structConversion(
  found: FileType & { readonly kind: 'struct' },
  declared: SqlType & { readonly kind: 'struct' },
  place: Place,
): Form {
  const value = `v${place.depth}`;
  const fields = declared.fields.map(({ name, type }) => {
    const held = fieldNamed(found, name);
    if (held === undefined) throw new TypeError(`A struct of a file has no field "${name}".`);
    const sql = `struct_extract(${value}, ${textSql(held.name)})`;
    const form = conversion(held.type, type, deeper(place));
    return `${textSql(name)}: ${form?.(sql) ?? `CAST(${sql} AS ${duckDbType(type)})`}`;
  });
  // A list of one gives the struct a name, and no struct at all stays null.
  return (sql) =>
    `list_transform([${sql}], lambda ${value}: CASE WHEN ${value} IS NOT NULL THEN {${fields.join(', ')}} END)[1]`;
}

import { duckDbType, isNested, sameType, type SqlType } from '../../types.ts';
import { once } from '../once.ts';
import type { Conversion, Form } from './form.ts';
import { nameSql } from '../../text-sql.ts';

type Elements = (from: SqlType, to: SqlType) => NonNullable<Conversion>;

/** Conversions of arrays, maps and structs whose elements can be converted. */
export function nestedConversion(from: SqlType, to: SqlType, elements: Elements): Conversion {
  if (to.kind === 'string') return 'join the elements with array_join(…)';
  if (!isNested(from) || from.kind !== to.kind) return undefined;
  if (from.kind === 'array' && to.kind === 'array') return array(from.element, to.element, elements);
  if (from.kind === 'struct' && to.kind === 'struct') return struct(from, to, elements);
  if (from.kind === 'map' && to.kind === 'map' && sameType(from.key, to.key))
    return mapValues(from.value, to.value, elements);
  return 'convert the keys with transform_keys(…)';
}

function element(from: SqlType, to: SqlType, elements: Elements): NonNullable<Conversion> {
  return sameType(from, to) ? (sql: string) => sql : elements(from, to);
}

function array(from: SqlType, to: SqlType, elements: Elements): NonNullable<Conversion> {
  const form = element(from, to, elements);
  if (typeof form === 'string') return form;
  return (sql, _from, type, attempt) =>
    `CAST(list_transform(${sql}, lambda e: ${form('e', from, to, attempt)}) AS ${duckDbType(type)})`;
}

function mapValues(from: SqlType, to: SqlType, elements: Elements): NonNullable<Conversion> {
  const form = element(from, to, elements);
  if (typeof form === 'string') return form;
  return (sql, _from, type, attempt) =>
    once([sql], ([x = '']) => {
      const values = `list_transform(map_values(${x}), lambda e: ${form('e', from, to, attempt)})`;
      return `CAST(CASE WHEN ${x} IS NOT NULL THEN map(map_keys(${x}), ${values}) END AS ${duckDbType(type)})`;
    });
}

type Struct = SqlType & { readonly kind: 'struct' };

/** Fields are converted by position, as in Spark. */
function struct(from: Struct, to: Struct, elements: Elements): Conversion {
  if (from.fields.length !== to.fields.length) return undefined;
  const forms: Form[] = [];
  for (const [index, field] of to.fields.entries()) {
    const form = element(from.fields[index]?.type ?? field.type, field.type, elements);
    if (typeof form === 'string') return form;
    forms.push(form);
  }
  const name = (index: number, of: Struct): string => nameSql(of.fields[index]?.name ?? '');
  return (sql, _from, type, attempt) =>
    once([sql], ([x = '']) => {
      const fields = to.fields.map((field, index) => {
        const of = from.fields[index]?.type ?? field.type;
        return `${name(index, to)} := ${forms[index]?.(`(${x}).${name(index, from)}`, of, field.type, attempt) ?? ''}`;
      });
      return `CAST(CASE WHEN ${x} IS NOT NULL THEN struct_pack(${fields.join(', ')}) END AS ${duckDbType(type)})`;
    });
}

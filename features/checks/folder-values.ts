import type { SqlType } from '#configs/types/column-type.ts';

const TIME = /^\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}:\d{2})?$/;

/** Texts in the names of folders that are values of each type. */
const FITS: Readonly<Record<string, RegExp>> = {
  boolean: /^(?:true|false)$/i,
  tinyint: /^-?\d{1,2}$/,
  smallint: /^-?\d{1,4}$/,
  int: /^-?\d{1,9}$/,
  bigint: /^-?\d{1,18}$/,
  double: /^-?\d{1,15}(?:\.\d{1,15})?$/,
  string: /^/,
  date: /^\d{4}-?\d{2}-?\d{2}$/,
  timestamp: TIME,
  timestamp_ntz: TIME,
};

/** Whether the text in the name of a folder is a value of a declared type. Dates may stand without dashes, `20240131`. */
export function fitsFolder(value: string, declared: SqlType): boolean {
  if (declared.kind !== 'decimal')
    return FITS[declared.kind]?.test(value) === true && isCalendarDate(value, declared);
  const [, whole, fraction = ''] = /^-?(\d+)(?:\.(\d+))?$/.exec(value) ?? [];
  return (
    whole !== undefined &&
    whole.length <= declared.precision - declared.scale &&
    fraction.length <= declared.scale
  );
}

/** A folder such as `20240231` names no day. */
function isCalendarDate(value: string, { kind }: SqlType): boolean {
  if (kind !== 'date') return true;
  const dashed = value.replace(/^(\d{4})-?(\d{2})-?(\d{2})$/, '$1-$2-$3');
  const date = new Date(`${dashed}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(dashed);
}

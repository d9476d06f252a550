import { z } from 'zod';
import { didYouMean } from '../did-you-mean.ts';
import { type SqlType, typeText } from './column-type.ts';
import { parseType, TypeFault } from './parse-type.ts';

/** The type of a column as documents and manifests hold it: the text that `typeText` writes, such as `decimal(10,2)`. */
export type ColumnType = string;

/** Types without a parameter that a column of a source may have. */
export const PLAIN_TYPES = [
  'boolean',
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'float',
  'double',
  'string',
  'date',
  'timestamp',
  'timestamp_ntz',
] as const;

const NESTED_TYPES = ['decimal(p,s)', 'array<T>', 'map<K,V>', 'struct<a:T,b:U>'];

/** Levels of a nested type, and characters of its text. */
const MAX_LEVELS = 8;
const MAX_LENGTH = 10_000;

interface Refusal {
  readonly message: string;
  readonly expected: string;
  readonly suggestion?: string | undefined;
}

/** The type of a column of a source, in Spark's spelling. Spaces are left out of it. */
export const columnTypeSchema = z
  .string()
  .superRefine((text, context) => {
    const refusal = refusalOf(text);
    if (refusal === undefined) return;
    const { message, ...params } = refusal;
    context.addIssue({ code: 'custom', message, params });
  })
  .overwrite((text) => (refusalOf(text) === undefined ? typeText(parseType(text)) : text))
  .meta({
    anyOf: [
      { enum: PLAIN_TYPES },
      { type: 'string', pattern: '^\\s*(decimal\\s*\\(|array\\s*<|map\\s*<|struct\\s*<)' },
    ],
  });

function refusalOf(text: string): Refusal | undefined {
  if (text.length > MAX_LENGTH) return refusal(`a type of ${text.length} characters is too long`);
  let type: SqlType;
  try {
    type = parseType(text);
  } catch (error) {
    if (!(error instanceof TypeFault)) throw error;
    return unreadable(text, error);
  }
  const fault = faultIn(type, 1);
  if (fault !== undefined) return fault;
  const canonical = typeText(type);
  if (bare(canonical) === bare(text)) return undefined;
  return { message: `${JSON.stringify(text)} is not how the type is written`, expected: canonical };
}

function unreadable(text: string, { message }: TypeFault): Refusal {
  if (!/[(<]/.test(text))
    return { ...refusal(`${JSON.stringify(text)} is not allowed here`), suggestion: meant(text) };
  return {
    message: `${JSON.stringify(text)} is not a type: ${message}`,
    expected: 'a type such as decimal(12,2), in quotes if braces { } stand around it',
  };
}

const OTHER_WORDS: Readonly<Record<string, string>> = { text: 'string', varchar: 'string', bytes: 'string' };

function meant(text: string): string | undefined {
  return OTHER_WORDS[text.toLowerCase()] ?? didYouMean(text, PLAIN_TYPES);
}

function refusal(message: string): Refusal {
  return { message, expected: [...PLAIN_TYPES, ...NESTED_TYPES].join(', ') };
}

/** Types that the language has and that no column of a source may have. */
function faultIn(type: SqlType, level: number): Refusal | undefined {
  if (level > MAX_LEVELS) return refusal(`a type nests more than ${MAX_LEVELS} levels deep`);
  switch (type.kind) {
    case 'decimal':
      return undefined;
    case 'array':
      return faultIn(type.element, level + 1);
    case 'map':
      return mapFault(type, level);
    case 'struct': {
      const names = type.fields.map(({ name }) => name.toLowerCase());
      const twice = type.fields.find(({ name }, index) => names.indexOf(name.toLowerCase()) !== index);
      if (twice !== undefined)
        return refusal(`SQL cannot tell the field ${twice.name} from another of its struct`);
      return type.fields.map((field) => faultIn(field.type, level + 1)).find((found) => found !== undefined);
    }
    case 'binary':
      return {
        message: 'a column of binary has no meaning in a query',
        expected: 'string, which reads bytes as UTF-8 text',
      };
    default:
      return PLAIN_TYPES.some((plain) => plain === type.kind)
        ? undefined
        : refusal(`no column is ${type.kind}`);
  }
}

const NO_KEYS = ['float', 'double', 'array', 'map', 'struct'];

/** Rows are put in an order by all their columns, and maps have none; the platform orders those that are columns by their entries. */
function mapFault(type: SqlType & { readonly kind: 'map' }, level: number): Refusal | undefined {
  if (level > 1) return refusal('a map inside another type has no order');
  if (NO_KEYS.includes(type.key.kind)) return refusal(`the keys of a map cannot be ${type.key.kind}`);
  return faultIn(type.key, level + 1) ?? faultIn(type.value, level + 1);
}

function bare(text: string): string {
  return text.replaceAll(/\s+/g, '');
}

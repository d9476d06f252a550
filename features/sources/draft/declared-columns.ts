import type { SourceDraft } from '#configs/source-draft.ts';
import { typeText } from '#configs/types/column-type.ts';
import { columnTypeSchema, PLAIN_TYPES } from '#configs/types/declared-type.ts';
import { parseType } from '#configs/types/parse-type.ts';
import { fitsSource } from '../../checks/column-types.ts';
import { documentNames } from './column-names.ts';
import type { FoundColumn } from './found-columns.ts';

type Declared = SourceDraft['columns'][number];

export interface DeclaredColumns {
  readonly columns: readonly Declared[];
  readonly leftOut: SourceDraft['left_out'];
}

/**
 * Declares each column with the narrowest type that every file fits, under an alias if its name is not plain. What no type takes,
 * or what some files lack, is left out: every file must hold every declared column.
 */
export function declaredColumns(found: readonly FoundColumn[], files: number): DeclaredColumns {
  const judged = found.map((column) => ({ column, ...judge(column, files) }));
  const kept = judged.filter((one) => one.type !== undefined);
  const names = documentNames(kept.map(({ column }) => column.name));
  return {
    columns: kept.map(({ column, type, why }, index) => {
      const name = names[index] ?? column.name;
      const alias = name === column.name ? undefined : 'The name in the files is not a plain name.';
      return { name, column: column.name, type: type ?? '', why: sentences(alias, why) };
    }),
    leftOut: judged
      .filter((one) => one.type === undefined)
      .map(({ column, why }) => ({ column: column.name, why: why ?? '' })),
  };
}

interface Judgement {
  /** Undefined if it cannot be declared. */
  readonly type: string | undefined;
  readonly why: string | undefined;
}

function judge(column: FoundColumn, files: number): Judgement {
  const { types, missing, twice, inPath } = column;
  if (twice)
    return { type: undefined, why: 'A file holds two columns of this name that differ only in case.' };
  if (missing.length > 0)
    return {
      type: undefined,
      why: `${missing.length} of ${files} files lack it, such as ${missing[0] ?? ''}.`,
    };
  const found = [...types].map(([text, { type, files: of }]) => ({ text, type, count: of.length }));
  const held = found.map(({ text, count }) => `${text} (${count})`).join(', ');
  const fitting = candidates(found.map(({ type }) => typeText(type))).find((declared) =>
    found.every(({ type }) => fitsSource(type, parseType(declared))),
  );
  const several = found.length > 1;
  if (inPath && several)
    return { type: 'string', why: 'It stands in the names of the folders, as values of several forms.' };
  if (fitting === undefined)
    return {
      type: undefined,
      why: `No type of a source takes ${several ? `all of ${held}` : (found[0]?.text ?? '')}.`,
    };
  if (inPath) return { type: fitting, why: 'It stands in the names of the folders.' };
  if (several) return { type: fitting, why: `The files hold ${held}.` };
  const text = found[0]?.text ?? fitting;
  return {
    type: fitting,
    why: text === fitting ? undefined : `The files hold ${text === 'void' ? 'no value' : text}.`,
  };
}

/** Holds every unsigned number of 64 bits. */
const UNSIGNED = 'decimal(20,0)';

/** The types that were found come first, so that nothing is wider than it has to be. */
function candidates(found: readonly string[]): string[] {
  const declarable = found.filter((text) => columnTypeSchema.safeParse(text).success);
  const strings = found.every((text) => text === 'void') ? ['string'] : [];
  return [...strings, ...declarable, ...PLAIN_TYPES, UNSIGNED];
}

function sentences(...parts: readonly (string | undefined)[]): string | null {
  const said = parts.filter((part) => part !== undefined);
  return said.length === 0 ? null : said.join(' ');
}

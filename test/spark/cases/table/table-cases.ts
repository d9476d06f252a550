import type { Entry, Signature } from '#features/sql/table/entry.ts';
import { FUNCTIONS, OPERATORS } from '#features/sql/table/table.ts';
import { columnsOf, TABLES } from '../../data/tables.ts';
import { VALUE_TYPES } from '../../data/values.ts';
import { isAccepted } from '../../translate.ts';
import type { ParityCase } from '../parity-case.ts';
import { argumentLists, fewest, type ArgumentList } from './arguments.ts';
import { callSql, PLAIN, placesOf, type Place } from './expressions.ts';

const EVERYTHING = TABLES.filter(({ name }) => name === 'everything');

/** Cases for each signature of the table of functions and operators, the examples of its entries, and conversions. */
export function tableCases(): readonly ParityCase[] {
  return [
    ...OPERATORS.flatMap((entry) => casesOf(entry, true)),
    ...FUNCTIONS.flatMap((entry) => casesOf(entry, false)),
    ...castCases(),
  ];
}

function casesOf(entry: Entry, isOperator: boolean): readonly ParityCase[] {
  const { name, signatures, examples = [] } = entry;
  return [
    ...placesOf(entry).flatMap((place) => {
      // Types that several signatures accept are compared once.
      const seen = new Set<string>();
      return signatures.flatMap((signature, index) => {
        const calls = callsOf(entry, signature, place, isOperator).filter(({ sql }) => !seen.has(sql));
        for (const { sql } of calls) seen.add(sql);
        const title = `${titleOf(entry, signature)}${index === 0 ? '' : ` ${String(index + 1)}`}${place.suffix}`;
        return [
          ...some(
            title,
            place,
            place.core,
            calls.filter(({ isConverted }) => !isConverted),
          ),
          // The conversions themselves are in the core, so their combination with each function need not be.
          ...some(
            `${title}, converted`,
            place,
            false,
            calls.filter(({ isConverted }) => isConverted),
          ),
        ];
      });
    }),
    ...examples.map((example, index) => ({
      name: `${name}: example ${String(index + 1)}`,
      ...(typeof example === 'string' ? { sql: example } : example),
    })),
  ];
}

function some(name: string, place: Place, core: boolean, calls: readonly Call[]): readonly ParityCase[] {
  if (calls.length === 0) return [];
  const expressions = calls.map(({ sql }) => sql);
  return [{ ...batchCase(name, expressions, place), core }];
}

function titleOf({ name }: Entry, { params, rest }: Signature): string {
  const types = params.map(({ type, constant }) => `${type}${constant === true ? '!' : ''}`);
  return `${name}(${[...types, ...(rest === undefined ? [] : ['…'])].join(', ')})`;
}

interface Call {
  readonly sql: string;
  readonly isConverted: boolean;
}

/** Calls with arguments of the types that the signature accepts. */
function callsOf(entry: Entry, signature: Signature, place: Place, isOperator: boolean): readonly Call[] {
  const sqlOf = ({ args }: ArgumentList): string => place.around(callSql(entry, args, isOperator));
  const lists = argumentLists(entry.name, signature);
  return fewest(lists, (list) => isAccepted(queryOf(place, [sqlOf(list)]), EVERYTHING)).map((list) => ({
    sql: sqlOf(list),
    isConverted: list.isConverted,
  }));
}

/** One query with a column for each expression over `everything`. */
export function batchCase(name: string, expressions: readonly string[], place: Place): ParityCase {
  const query = (some: readonly string[], where: string): string => queryOf(place, some, where);
  return { name, sql: query(expressions, ''), batch: { expressions, rowByRow: place === PLAIN, query } };
}

function queryOf({ keys, groupBy }: Place, expressions: readonly string[], where = ''): string {
  const columns = [
    ...keys.map((key) => `${key} AS ${key}`),
    ...expressions.map((expression, index) => `${expression} AS r${String(index)}`),
  ];
  return `SELECT ${columns.join(', ')} FROM everything${where === '' ? '' : ` WHERE ${where}`}${groupBy}`;
}

/** Cases for each conversion that the language has. */
function castCases(): readonly ParityCase[] {
  return VALUE_TYPES.flatMap((from) => {
    const [column] = columnsOf(from);
    const casts = VALUE_TYPES.filter((to) => to !== from)
      .flatMap((to) => [`CAST(${column} AS ${to})`, `TRY_CAST(${column} AS ${to})`])
      .filter((cast) => isAccepted(queryOf(PLAIN, [cast]), EVERYTHING));
    return casts.length === 0 ? [] : [batchCase(`casts of ${from}`, casts, PLAIN)];
  });
}

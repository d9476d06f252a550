import type { Entry, Signature } from '#features/sql/table/entry.ts';
import { FUNCTIONS, OPERATORS } from '#features/sql/table/table.ts';
import { TABLES } from '../../data/tables.ts';
import { translate } from '../../translate.ts';
import type { ParityCase } from '../parity-case.ts';
import { argumentLists, fewest } from './arguments.ts';
import { callSql, placesOf, type Place } from './expressions.ts';

const EVERYTHING = TABLES.filter(({ name }) => name === 'everything');

/** Cases for each signature of the table of functions and operators, and the examples of its entries. */
export function tableCases(): readonly ParityCase[] {
  return [
    ...OPERATORS.flatMap((entry) => casesOf(entry, true)),
    ...FUNCTIONS.flatMap((entry) => casesOf(entry, false)),
  ];
}

function casesOf(entry: Entry, isOperator: boolean): readonly ParityCase[] {
  const { name, signatures, examples = [] } = entry;
  return [
    ...signatures.flatMap((signature, index) => signatureCases(entry, signature, index, isOperator)),
    ...examples.map((sql, index) => ({ name: `${name}: example ${String(index + 1)}`, sql })),
  ];
}

/** One query for each place, with a column for each combination of argument types. */
function signatureCases(
  entry: Entry,
  signature: Signature,
  index: number,
  isOperator: boolean,
): readonly ParityCase[] {
  const types = signature.params.map(({ type, constant }) => `${type}${constant === true ? '!' : ''}`);
  const title = `${entry.name}(${types.join(', ')}${signature.rest === undefined ? '' : ', …'})`;
  const lists = argumentLists(signature);
  return placesOf(entry).flatMap((place) => {
    const accepted = fewest(lists, (list) => isAccepted(queryOf(place, [call(list)])));
    const expressions = accepted.map(call);
    if (expressions.length === 0) return [];
    return [
      {
        name: `${title}${index === 0 ? '' : ` ${String(index + 1)}`}${place.suffix}`,
        sql: queryOf(place, expressions),
        batch: {
          expressions,
          query: (some: readonly string[], where: string) => queryOf(place, some, where),
        },
      },
    ];

    function call(list: readonly string[]): string {
      return place.around(callSql(entry, list, isOperator));
    }
  });
}

function queryOf({ keys, groupBy }: Place, expressions: readonly string[], where = ''): string {
  const columns = [
    ...keys.map((key) => `${key} AS ${key}`),
    ...expressions.map((expression, index) => `${expression} AS r${String(index)}`),
  ];
  return `SELECT ${columns.join(', ')} FROM everything${where === '' ? '' : ` WHERE ${where}`}${groupBy}`;
}

function isAccepted(sql: string): boolean {
  return !('refused' in translate(sql, EVERYTHING));
}

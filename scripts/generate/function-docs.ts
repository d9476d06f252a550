import type { Entry } from '#features/sql/table/entry.ts';
import { merged } from '#features/sql/table/merged.ts';
import { BY_CHANCE, NOT_REPEATABLE, REFUSED } from '#features/sql/table/refused.ts';
import { FAMILIES, OPERATORS } from '#features/sql/table/table.ts';
import { PATTERNS, readableSignature } from './readable-signature.ts';

/** docs/reference/functions.md: the functions and operators of the feature language, from the table that decides. */
export function functionDocs(): string {
  return [
    '# Functions of feature queries',
    '',
    'Every function and operator that a query may use, with the types of its arguments and its result. They mean what they mean in Spark 4.0.2 with ANSI mode off, in UTC ([features](../features.md#duckdb-and-spark)). Names are compared without case. Arguments of other types are converted as Spark converts them, where the [conversions](types.md#conversions) allow it. Generated from `features/sql/table/`, which the compiler uses.',
    '',
    ...Object.entries(FAMILIES).flatMap(([title, entries]) => [
      `## ${title}`,
      '',
      ...table(['function', 'arguments and result', 'notes'], merged(entries).map(functionRow)),
    ]),
    '## Operators',
    '',
    ...table(['operator', 'arguments and result'], OPERATORS.map(operatorRow)),
    '## Words in this page',
    '',
    ...table(['word', 'stands for'], words()),
    '## Functions of Spark that are refused',
    '',
    'They have not been proven equal on both engines. Any function that is on no list is refused in the same way, with the closest name that is.',
    '',
    ...table(
      ['function', 'instead'],
      Object.entries(REFUSED)
        .toSorted(byFirst)
        .map(([name, instead]) => [code(name), instead]),
    ),
    `These give another result each time, or depend on where they run: ${[...NOT_REPEATABLE].toSorted().map(code).join(', ')}.`,
    '',
    `These take one of several rows by chance, so they need a window with an order: ${[...BY_CHANCE].toSorted().map(code).join(', ')}.`,
    '',
  ].join('\n');
}

function words(): string[][] {
  const meanings = new Map(Object.values(PATTERNS).map(({ word, meaning }) => [word, meaning]));
  return [
    ...[...meanings].toSorted(byFirst),
    ['T, K, V', 'one type wherever the letter occurs; the wider one if the arguments differ'],
    ['constant', 'a literal, whose value is known when the query is compiled'],
    ['the same type', 'the type of the arguments; the wider one if they differ'],
    ['…', 'any number of further arguments like the one before'],
  ];
}

function byFirst([a]: readonly [string, ...unknown[]], [b]: readonly [string, ...unknown[]]): number {
  return a < b ? -1 : 1;
}

function functionRow(entry: Entry): string[] {
  const names = [entry.name, ...(entry.aliases ?? [])].map(code).join(', ');
  return [names, signatures(entry), notes(entry)];
}

function operatorRow(entry: Entry): string[] {
  return [code(entry.name === 'NEGATE' ? '- (of one value)' : entry.name), signatures(entry)];
}

function signatures({ signatures: all }: Entry): string {
  return [...new Set(all.map(readableSignature))].join('<br>');
}

/** What the arguments do not show. */
function notes(entry: Entry): string {
  const { kind, within, needsOrder, noFrame, noOrder, noDistinct, unordered, ofKeys, takesNulls } = entry;
  const isAggregate = kind === 'aggregate';
  return [
    within === true ? 'needs `WITHIN GROUP (ORDER BY …)`' : undefined,
    needsOrder === true ? 'needs `OVER (… ORDER BY …)`' : undefined,
    isAggregate && noOrder === true ? 'its window takes no `ORDER BY`' : undefined,
    noFrame === true ? 'its window takes no frame' : undefined,
    isAggregate && noDistinct === true ? 'takes no `DISTINCT`' : undefined,
    unordered === true ? 'only within a function that does not depend on the order of elements' : undefined,
    ofKeys === true ? 'of the keys of `GROUPING SETS`, `ROLLUP` or `CUBE`' : undefined,
    takesNulls === true ? 'takes `IGNORE NULLS`' : undefined,
  ]
    .filter((note) => note !== undefined)
    .join('; ');
}

function code(text: string): string {
  return `\`${text}\``;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line), ''];
}

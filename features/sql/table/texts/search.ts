import { BOOLEAN } from '../../types.ts';
import { type Entry, signature } from '../entry.ts';
import { once } from '../once.ts';

/** The argument after the number that counts it; NULL beyond the last. */
const ELT: Entry = {
  name: 'elt',
  kind: 'scalar',
  signatures: [
    signature(
      'int, string',
      'string',
      ([n = '', ...texts]) =>
        `[${texts.join(', ')}][${once([n], ([at = '']) => `CASE WHEN ${at} > 0 THEN ${at} END`)}]`,
      { rest: 'string' },
    ),
  ],
  examples: ["SELECT id, elt(n, x, 'b', y) AS a FROM strings"],
};

/** Searches of a text in another. */
export const SEARCHES: readonly Entry[] = [
  ELT,
  {
    name: 'contains',
    kind: 'scalar',
    signatures: [signature('string, string', BOOLEAN, ([a, b]) => `contains(${a}, ${b})`)],
  },
  {
    name: 'startswith',
    kind: 'scalar',
    signatures: [signature('string, string', BOOLEAN, ([a, b]) => `starts_with(${a}, ${b})`)],
  },
  {
    name: 'endswith',
    kind: 'scalar',
    signatures: [signature('string, string', BOOLEAN, ([a, b]) => `ends_with(${a}, ${b})`)],
  },
  {
    name: 'instr',
    kind: 'scalar',
    signatures: [signature('string, string', 'int', ([a, b]) => `CAST(instr(${a}, ${b}) AS INTEGER)`)],
  },
  {
    name: 'locate',
    kind: 'scalar',
    aliases: ['position'],
    signatures: [
      signature('string, string', 'int', ([part, text]) => `CAST(instr(${text}, ${part}) AS INTEGER)`),
      signature('string, string, int', 'int', ([part = '', text = '', start = '']) =>
        locate(part, text, start),
      ),
    ],
    examples: [
      "SELECT id, locate('a', x) AS a, locate('a', x, 2) AS b, locate(y, x, n) AS c, position('b' IN x) AS d, locate('', x, n) AS e FROM strings",
      "SELECT id, position('b', x, 2) AS a FROM strings",
    ],
  },
  {
    name: 'find_in_set',
    kind: 'scalar',
    signatures: [signature('string, string', 'int', ([a = '', b = '']) => findInSet(a, b))],
    examples: [
      "SELECT id, find_in_set(y, 'a,b,,c') AS a, find_in_set('b', x) AS b, find_in_set('', x) AS c FROM strings",
    ],
  },
];

/** An unknown start gives 0, as a start before the first character does. */
function locate(part: string, text: string, start: string): string {
  return once([part, text, start], ([p = '', t = '', s = '']) => {
    const found = `instr(substring(${t}, ${s}), ${p})`;
    return (
      `CAST(CASE WHEN ${s} IS NULL THEN 0 WHEN ${p} IS NULL OR ${t} IS NULL THEN NULL WHEN ${s} < 1 THEN 0 WHEN ${p} = '' THEN 1 ` +
      `WHEN ${found} = 0 THEN 0 ELSE ${found} + ${s} - 1 END AS INTEGER)`
    );
  });
}

/** A text with a comma is in no list. */
function findInSet(item: string, list: string): string {
  return once(
    [item, list],
    ([i = '', l = '']) =>
      `CAST(CASE WHEN contains(${i}, ',') THEN CASE WHEN ${l} IS NOT NULL THEN 0 END ` +
      `WHEN ${i} IS NULL OR ${l} IS NULL THEN NULL ELSE coalesce(list_position(string_split(${l}, ','), ${i}), 0) END AS INTEGER)`,
  );
}

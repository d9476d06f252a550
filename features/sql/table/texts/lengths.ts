import { type Entry, signature } from '../entry.ts';
import { once, stop } from '../once.ts';

/** Lengths, and characters by their numbers. Spark counts code points, as DuckDB does. */
export const LENGTHS: readonly Entry[] = [
  {
    name: 'length',
    kind: 'scalar',
    aliases: ['char_length', 'character_length', 'len'],
    signatures: [
      signature('string', 'int', ([a]) => `CAST(length(${a}) AS INTEGER)`),
      signature('binary', 'int', ([a]) => `CAST(octet_length(${a}) AS INTEGER)`),
    ],
  },
  {
    name: 'octet_length',
    kind: 'scalar',
    signatures: [
      signature('string', 'int', ([a]) => `CAST(strlen(${a}) AS INTEGER)`),
      signature('binary', 'int', ([a]) => `CAST(octet_length(${a}) AS INTEGER)`),
    ],
  },
  {
    name: 'bit_length',
    kind: 'scalar',
    signatures: [
      signature('string', 'int', ([a]) => `CAST(strlen(${a}) * 8 AS INTEGER)`),
      signature('binary', 'int', ([a]) => `CAST(octet_length(${a}) * 8 AS INTEGER)`),
    ],
  },
  {
    name: 'ascii',
    kind: 'scalar',
    signatures: [signature('string', 'int', ([a]) => `CAST(ascii(${a}) AS INTEGER)`)],
  },
  {
    name: 'chr',
    kind: 'scalar',
    aliases: ['char'],
    signatures: [
      // Only the low eight bits count.
      signature('bigint', 'string', ([a = '']) =>
        once([a], ([n = '']) => `CASE WHEN ${n} < 0 THEN '' ELSE chr(CAST(${n} & 255 AS INTEGER)) END`),
      ),
    ],
    examples: ['SELECT id, chr(x) AS a, chr(CAST(y AS BIGINT)) AS b FROM ints'],
  },
  {
    name: 'levenshtein',
    kind: 'scalar',
    signatures: [signature('string, string', 'int', ([a = '', b = '']) => levenshtein(a, b))],
    examples: [
      "SELECT id, levenshtein('größe', left(x, 3)) AS a FROM strings WHERE x RLIKE '^[a-zß-ÿ]+$'",
      "SELECT levenshtein('Müller', 'Mueller') AS a",
    ],
  },
];

/** Characters that stand for others while DuckDB counts bytes. */
const STAND_INS = [
  ...Array.from({ length: 8 }, (_, index) => index + 1),
  ...Array.from({ length: 18 }, (_, index) => index + 14),
];

/** DuckDB compares bytes, so each other character becomes one byte that occurs in neither text. */
function levenshtein(a: string, b: string): string {
  return once([a, b], ([left = '', right = '']) => {
    const both = `${left} || ${right}`;
    const others = `array_to_string(list_distinct(string_split(regexp_replace(${both}, '[\\x00-\\x7f]+', '', 'g'), '')), '')`;
    const standIns = STAND_INS.map((code) => `chr(${code})`).join(' || ');
    const swapped = [left, right].map((text) => `translate(${text}, ${others}, ${standIns})`);
    const free = `length(${others}) <= ${STAND_INS.length} AND NOT regexp_matches(${both}, '[\\x01-\\x08\\x0e-\\x1f]')`;
    return (
      `CAST(CASE WHEN ${both} IS NULL THEN NULL WHEN strlen(${both}) = length(${both}) THEN levenshtein(${left}, ${right}) ` +
      `WHEN ${free} THEN levenshtein(${swapped.join(', ')}) ` +
      `ELSE ${stop('levenshtein of texts with too many characters beyond ASCII')} END AS INTEGER)`
    );
  });
}

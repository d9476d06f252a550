import { textSql } from '../../text-sql.ts';
import { type Entry, signature } from '../entry.ts';
import { once } from '../once.ts';
import {
  CASED,
  CASE_IGNORABLE,
  FORMER_MARK,
  type Letters,
  LOWER_LETTERS,
  TITLE_LETTERS,
  UPPER_LETTERS,
} from './case-letters.ts';

/** True for a text of ASCII characters, whose bytes and characters are equally many. */
function isAscii(value: string): string {
  return `strlen(${value}) = length(${value})`;
}

/** What `letters` make of a character, or NULL. */
function formOf({ letters, forms }: Letters, character: string): string {
  return `string_split(${textSql(forms.join(' '))}, ' ')[instr(${textSql(letters)}, ${character})]`;
}

function byCharacter(value: string, parameters: string, form: string): string {
  return `array_to_string(list_transform(string_split(${value}, ''), lambda ${parameters}: ${form}), '')`;
}

function upperSql(text: string): string {
  return once([text], ([value = '']) => {
    const slow = byCharacter(value, 'c', `coalesce(${formOf(UPPER_LETTERS, 'c')}, upper(c))`);
    return `CASE WHEN ${isAscii(value)} OR NOT regexp_matches(${value}, '[${UPPER_LETTERS.letters}]') THEN upper(${value}) ELSE ${slow} END`;
  });
}

/** Greek writes a sigma that ends a word in another way. */
function lowerOfSigma(value: string): string {
  const plain = `replace(${value}, ${textSql(FORMER_MARK)}, '1')`;
  const before = `regexp_matches(left(${plain}, i - 1), ${textSql(`${CASED}${CASE_IGNORABLE}*\\z`)})`;
  const after = `regexp_matches(substring(${plain}, i + 1), ${textSql(`^${CASE_IGNORABLE}*${CASED}`)})`;
  return `CASE WHEN ${before} AND NOT ${after} THEN 'ς' ELSE 'σ' END`;
}

/** Lower case as in Spark. Uses the text once. */
export function lowerSql(text: string): string {
  return once([text], ([value = '']) => {
    const other = `coalesce(${formOf(LOWER_LETTERS, 'c')}, lower(c))`;
    const slow = byCharacter(value, 'c, i', `CASE c WHEN 'Σ' THEN ${lowerOfSigma(value)} ELSE ${other} END`);
    return `CASE WHEN ${isAscii(value)} OR NOT regexp_matches(${value}, '[Σ${LOWER_LETTERS.letters}]') THEN lower(${value}) ELSE ${slow} END`;
  });
}

/** Words are what stands between blanks. */
function initcapSql(text: string): string {
  const title = `coalesce(${formOf(TITLE_LETTERS, 'left(w, 1)')}, upper(left(w, 1)))`;
  // The dotted capital I becomes two characters.
  const rest = `substring(${lowerSql('w')}, CASE WHEN starts_with(w, 'İ') THEN 3 ELSE 2 END)`;
  const word = `CASE WHEN ${isAscii('w')} THEN upper(left(w, 1)) || lower(substring(w, 2)) ELSE ${title} || ${rest} END`;
  return `array_to_string(list_transform(string_split(${text}, ' '), lambda w: ${word}), ' ')`;
}

export const CASE_OF_LETTERS: readonly Entry[] = [
  {
    name: 'upper',
    kind: 'scalar',
    aliases: ['ucase'],
    signatures: [signature('string', 'string', ([a = '']) => upperSql(a))],
    examples: [
      "SELECT id, upper(x || 'ß') AS a, upper(y || 'ŉ') AS b FROM strings",
      'SELECT upper(x) AS a, count(*) AS n FROM strings GROUP BY upper(x)',
    ],
  },
  {
    name: 'lower',
    kind: 'scalar',
    aliases: ['lcase'],
    signatures: [signature('string', 'string', ([a = '']) => lowerSql(a))],
    examples: [
      "SELECT id, lower(x || 'Σ') AS a, lower('ΑΣ' || y) AS b, lower('İ' || x || 'ΣΣ ' || y) AS c FROM strings",
    ],
  },
  {
    name: 'initcap',
    kind: 'scalar',
    signatures: [signature('string', 'string', ([a = '']) => initcapSql(a))],
    examples: ["SELECT id, initcap(x || ' ' || y) AS a, initcap(lower(x)) AS b FROM strings"],
  },
];

import { type Entry, type Signature, signature } from '../entry.ts';

const BLANK = `' '`;

/** Spark trims only the blank by default, and otherwise every character of a set. */
function trims(duckdb: string, charactersFirst: boolean): readonly Signature[] {
  return [
    signature('string', 'string', ([a]) => `${duckdb}(${a}, ${BLANK})`),
    signature('string, string', 'string', ([a, b]) =>
      charactersFirst ? `${duckdb}(${b}, ${a})` : `${duckdb}(${a}, ${b})`,
    ),
  ];
}

export const TRIMS: readonly Entry[] = [
  {
    name: 'trim',
    kind: 'scalar',
    signatures: trims('trim', true),
    examples: [
      "SELECT id, trim(x) AS a, trim('a' FROM x) AS b, trim(BOTH y FROM x) AS c, trim(LEADING FROM x) AS d FROM strings",
      "SELECT id, trim(LEADING ' a' FROM x) AS a, trim(TRAILING y FROM x) AS b, trim(BOTH FROM x) AS c FROM strings",
    ],
  },
  { name: 'btrim', kind: 'scalar', signatures: trims('trim', false) },
  { name: 'ltrim', kind: 'scalar', signatures: trims('ltrim', true) },
  { name: 'rtrim', kind: 'scalar', signatures: trims('rtrim', true) },
];

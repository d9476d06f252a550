import { type SqlType, STRING } from '../../types.ts';
import { type Entry, type PrintedCall, signature } from '../entry.ts';
import { bound, once } from '../once.ts';

/** Digests and encodings of bytes. */
export const DIGESTS: readonly Entry[] = [
  {
    name: 'unhex',
    kind: 'scalar',
    signatures: [
      // What is not hexadecimal gives NULL; an odd number of digits has a leading zero.
      signature('string', 'binary', ([a = '']) =>
        bound([a], ([x = '']) => `TRY(unhex(CASE WHEN length(${x}) % 2 = 1 THEN '0' || ${x} ELSE ${x} END))`),
      ),
    ],
  },
  {
    name: 'encode',
    kind: 'scalar',
    signatures: [
      signature('string, string!', 'binary', ([a], call) => (isUtf8(call) ? `encode(${a})` : 'NULL'), {
        samples: { 1: ["'utf-8'"] },
      }),
    ],
  },
  {
    name: 'soundex',
    kind: 'scalar',
    signatures: [signature('any', 'string', ([a = '']) => soundex(a), { convert: ([of]) => asText(of) })],
    examples: [
      "SELECT soundex('Ashcroft') AS a, soundex('Tymczak') AS b, soundex('Pfister') AS c, soundex('Honeyman') AS d",
    ],
  },
  { name: 'md5', kind: 'scalar', signatures: ofBytes('md5') },
  { name: 'sha1', kind: 'scalar', aliases: ['sha'], signatures: ofBytes('sha1') },
  {
    name: 'sha2',
    kind: 'scalar',
    signatures: [
      signature(
        'any, int!',
        'string',
        ([a], call) =>
          ['0', '256'].includes(String(call.constants[1]))
            ? `sha256(${a})`
            : call.refuse(`sha2 with ${String(call.constants[1])} bits`, 'use 256 bits'),
        {
          samples: { 1: ['0', '256'] },
          convert: ([of, bits]) => {
            const bytes = asBytes(of);
            return bytes === undefined || bits === undefined ? undefined : [...bytes, bits];
          },
        },
      ),
    ],
  },
  {
    name: 'hex',
    kind: 'scalar',
    signatures: [
      signature('bigint', 'string', ([a]) => `hex(${a})`),
      signature('string', 'string', ([a]) => `hex(${a})`),
      signature('binary', 'string', ([a]) => `hex(${a})`),
    ],
  },
  {
    name: 'base64',
    kind: 'scalar',
    signatures: [
      signature(
        'any',
        'string',
        ([a], { types }) => {
          const bytes = types[0]?.kind === 'string' ? `encode(${a})` : a;
          // Lines of 76 characters, none of them empty.
          return `rtrim(regexp_replace(base64(${bytes}), '(.{76})', '\\1' || chr(13) || chr(10), 'g'), chr(13) || chr(10))`;
        },
        { convert: ([of]) => asBytes(of) },
      ),
    ],
    examples: ['SELECT id, base64(repeat(x, 19)) AS a, base64(repeat(x, 57)) AS b FROM strings'],
  },
];

function ofBytes(duckdb: string) {
  return [signature('any', 'string', ([a]) => `${duckdb}(${a})`, { convert: ([of]) => asBytes(of) })];
}

/** Spark converts no number or date to a text here. */
function asText(of: SqlType | undefined): readonly SqlType[] | undefined {
  return of?.kind === 'string' || of?.kind === 'void' ? [STRING] : undefined;
}

function asBytes(of: SqlType | undefined): readonly SqlType[] | undefined {
  return of?.kind === 'binary' ? [of] : asText(of);
}

function isUtf8(call: PrintedCall): boolean {
  const charset = call.constants[1];
  if (typeof charset === 'string' && charset.toLowerCase() !== 'utf-8')
    call.refuse(`encode with the character set ${charset}`, "use 'utf-8'");
  return charset !== null;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const CODES = '01230127022455012623017202';

/** Vowels and signs part equal codes; H and W (7) do not. A text that begins with another character stays as it is. */
function soundex(text: string): string {
  return once([text], ([x = '']) => {
    const codes = `translate(regexp_replace(${x}, '[^A-Za-z]', '0', 'g'), '${LETTERS}', '${CODES}${CODES}')`;
    const kept = `left(${codes}, 1) || replace(substring(${codes}, 2), '7', '')`;
    const collapsed = ['1', '2', '3', '4', '5', '6'].reduce(
      (all, code) => `regexp_replace(${all}, '${code}+', '${code}', 'g')`,
      kept,
    );
    const found = `rpad(left(replace(substring(${collapsed}, 2), '0', ''), 3), 3, '0')`;
    return `CASE WHEN regexp_matches(${x}, '\\A[A-Za-z]') THEN upper(left(${x}, 1)) || ${found} ELSE ${x} END`;
  });
}
